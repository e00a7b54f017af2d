package io.syncline.scheduler.ops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A task run as stored, as far as views and the sentence of what it waits for need it. */
record TaskRunRow(
        String taskRunId,
        String runId,
        String group,
        int groupVersion,
        String task,
        int taskNo,
        String system,
        String state,
        int attempt,
        int round,
        @Nullable String cause,
        @Nullable String message,
        boolean manual,
        String cancel,
        @Nullable Instant dueAt,
        @Nullable Instant leaseUntil,
        @Nullable String leaseNode,
        @Nullable Instant deadlineAt,
        @Nullable Instant overdueSince,
        @Nullable Instant conflictSince,
        @Nullable Instant silentSince,
        int failedCalls,
        @Nullable Instant acceptedAt,
        @Nullable Instant reportedAt,
        @Nullable String progress,
        @Nullable String files,
        @Nullable String reconciliation,
        @Nullable String result,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    boolean isOpen() {
        return switch (state) {
            case "WAITING", "DUE", "CALLING", "RUNNING" -> true;
            case "COMPLETED", "FAILED", "CANCELLED", "SKIPPED" -> false;
            default -> throw new IllegalStateException("unknown state " + state + " of task run " + taskRunId);
        };
    }
}
