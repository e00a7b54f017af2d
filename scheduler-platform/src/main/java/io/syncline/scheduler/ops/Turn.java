package io.syncline.scheduler.ops;

import org.jspecify.annotations.Nullable;

/**
 * What decides when a queued run starts.
 *
 * @param keyed whether its message named a partitionkey
 * @param gated whether it needs a place among the active runs of its group
 * @param holder the run that holds its ordering key, if any
 * @param isCancelPending whether the downstream has not yet confirmed that it stopped the holder's work
 */
record Turn(boolean keyed, boolean gated, @Nullable String holder, boolean isCancelPending) {}
