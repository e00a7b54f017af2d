/**
 * Starts the services as their own JVMs and ends them: from the executable jars, with a log each.
 * It does not know what the services do.
 */
@NullMarked
package io.syncline.systemtests.process;

import org.jspecify.annotations.NullMarked;
