package io.syncline.scheduler.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows by which the nodes know of each other. */
interface NodeRows {

    /** Puts this process's row in place, taking the node id over from an earlier process. */
    void register(String nodeId, String incarnation, @Nullable String version);

    /**
     * Checks in; false when the row is gone or belongs to another process.
     *
     * @param clockSkewMs how far the node's clock is ahead of the database's; null: not measured yet
     */
    boolean checkIn(String nodeId, String incarnation, @Nullable View applied, @Nullable Long clockSkewMs);

    void stop(String nodeId, String incarnation);

    Reading read();

    /** The database's time. */
    Instant now();

    /** All rows, and the database's time at the reading. */
    record Reading(Instant at, List<Row> rows) {}

    record Row(
            String nodeId,
            String incarnation,
            Instant startedAt,
            Instant checkedInAt,
            @Nullable Instant stoppedAt,
            @Nullable String version,
            int appliedCount,
            @Nullable String appliedView,
            @Nullable Long clockSkewMs) {}
}
