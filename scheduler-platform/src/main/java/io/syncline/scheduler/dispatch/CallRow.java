package io.syncline.scheduler.dispatch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call as operators see it.
 *
 * @param kind SYNC or CANCEL
 * @param calledAt in database time
 * @param status of the answer; null when none came
 * @param applied whether the outcome counted: its claim still stood
 */
record CallRow(
        String callId,
        String taskRunId,
        String runId,
        String kind,
        int attempt,
        int round,
        long fence,
        Instant calledAt,
        long durationMs,
        @Nullable String instance,
        @Nullable Integer status,
        String outcome,
        @Nullable String detail,
        boolean applied) {

    CallRow withApplied(boolean counted) {
        return new CallRow(
                callId,
                taskRunId,
                runId,
                kind,
                attempt,
                round,
                fence,
                calledAt,
                durationMs,
                instance,
                status,
                outcome,
                detail,
                counted);
    }
}
