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
 * @param transcript what was sent and what came, as JSON without secrets; null when nothing was sent
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
        boolean applied,
        @Nullable String transcript) {

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
                counted,
                transcript);
    }

    CallRow withoutTranscript() {
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
                applied,
                null);
    }

    int transcriptLength() {
        return transcript == null ? 0 : transcript.length();
    }
}
