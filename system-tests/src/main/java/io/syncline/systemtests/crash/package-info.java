/**
 * Crash points: an agent ends a service's JVM at once before or after a named method, between any two of its side effects. The
 * services know nothing of it, and run without it wherever nobody asks for a crash.
 */
@NullMarked
package io.syncline.systemtests.crash;

import org.jspecify.annotations.NullMarked;
