/**
 * The change log: what happened to the rows of a dataset, recorded in the writer's own transaction, numbered after its
 * commit, and read in the order of its numbers. It writes no table of a dataset.
 */
@NullMarked
package io.syncline.provider.change;

import org.jspecify.annotations.NullMarked;
