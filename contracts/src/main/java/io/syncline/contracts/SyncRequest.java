package io.syncline.contracts;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a sync call, platform to downstream. The {@code Idempotency-Key} header alone identifies the work; all
 * rounds of one attempt repeat it.
 *
 * @param attempt one try of the work as the downstream knows it, from 1
 * @param round the number of the call within the task run, from 1; it only rises
 * @param deadline when the task run ends FAILED by time-out
 */
public record SyncRequest(
        String runId,
        String taskRunId,
        int attempt,
        int round,
        String group,
        String task,
        @Nullable String businessKey,
        Map<String, @Nullable Object> parameters,
        Trigger trigger,
        Callback callback,
        Instant deadline) {

    /** The trigger message that caused the run, as the upstream sent it. */
    public record Trigger(
            String source,
            String id,
            String type,
            @Nullable String time,
            @Nullable Object data) {}

    /**
     * Where and with what the downstream reports.
     *
     * @param token opaque; good for this task run and attempt alone, until {@code expiresAt}
     */
    public record Callback(String url, String token, Instant expiresAt) {}
}
