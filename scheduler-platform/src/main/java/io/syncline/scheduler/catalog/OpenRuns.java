package io.syncline.scheduler.catalog;

/** Whether a group still has runs that have not ended; implemented by the room that owns runs. */
public interface OpenRuns {
    boolean any(String groupKey);
}
