package io.syncline.scheduler.catalog;

import java.util.Map;

/** Whether a group still has runs that have not ended; implemented by the room that owns runs. */
public interface OpenRuns {
    boolean any(String groupKey);

    /** How many runs of the group have not ended, by the version that they have pinned. */
    default Map<Integer, Long> byVersion(String groupKey) {
        return Map.of();
    }
}
