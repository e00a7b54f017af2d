/** The project's benchmarks: the platform beside its peers, in one run on one machine. Only ratios carry over. */
@NullMarked
package io.syncline.systemtests.bench;

import org.jspecify.annotations.NullMarked;
