package io.syncline.scheduler.catalog;

import java.time.Instant;

/** What a pause and its end do to waiting runs; implemented by the room that owns runs, in the caller's transaction. */
public interface HeldRuns {

    /** The pause row stands already: runs that are queued now are held. Rooms that look at the pause itself need nothing here. */
    default void hold(String group, Instant pausedSince) {}

    /** The pause row is gone already: releases or skips the held runs of the group. */
    void release(String group, HeldMode mode, Instant pausedSince);
}
