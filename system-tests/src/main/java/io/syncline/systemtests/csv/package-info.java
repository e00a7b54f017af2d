/**
 * A CSV reader of its own, so that what the services loaded can be checked against the source file.
 * It shares no code with the services.
 */
@NullMarked
package io.syncline.systemtests.csv;

import org.jspecify.annotations.NullMarked;
