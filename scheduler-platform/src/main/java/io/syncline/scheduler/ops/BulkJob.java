package io.syncline.scheduler.ops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One order for many runs.
 *
 * @param state RUNNING, COMPLETED or CANCELLED
 * @param filter as it was asked for, JSON
 * @param details what the action takes besides the reason, JSON
 * @param matched how many runs it is for
 * @param traceparent of the request that asked for it
 */
record BulkJob(
        String jobId,
        String state,
        String action,
        String filter,
        String details,
        String reason,
        String askedBy,
        boolean isPerson,
        int matched,
        @Nullable String traceparent,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String endedBy) {

    static final String RUNNING = "RUNNING";
    static final String COMPLETED = "COMPLETED";
    static final String CANCELLED = "CANCELLED";

    /** What became of one run. */
    static final String PENDING = "PENDING";

    static final String DONE = "DONE";
    static final String SKIPPED = "SKIPPED";
    static final String FAILED = "FAILED";
}
