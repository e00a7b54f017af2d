/** Load on the platform, counted where it arrives and in the database. It judges nothing: tests and benchmarks do. */
@NullMarked
package io.syncline.systemtests.load;

import org.jspecify.annotations.NullMarked;
