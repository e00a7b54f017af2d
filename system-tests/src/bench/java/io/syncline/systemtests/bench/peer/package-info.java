/** Other schedulers doing the work of the drain benchmark, each in a JVM of its own that stays for all rounds. */
@org.jspecify.annotations.NullMarked
package io.syncline.systemtests.bench.peer;
