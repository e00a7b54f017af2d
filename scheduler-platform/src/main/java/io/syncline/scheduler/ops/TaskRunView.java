package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One task run as operators see it.
 *
 * @param waitsFor one sentence while it is open, null after its end
 * @param calls the newest ones, oldest first
 * @param earlierCalls whether older calls were left out
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record TaskRunView(
        String taskRunId,
        String runId,
        String task,
        String system,
        String state,
        int attempt,
        int round,
        @Nullable String cause,
        @Nullable String message,
        boolean manual,
        List<FlagView> flags,
        String cancel,
        @Nullable Instant dueAt,
        @Nullable Instant deadline,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String waitsFor,
        @Nullable JsonNode progress,
        @Nullable JsonNode result,
        @Nullable JsonNode files,
        @Nullable JsonNode reconciliation,
        List<String> allowedActions,
        List<CallView> calls,
        boolean earlierCalls,
        List<CallbackView> callbacks) {

    /** @param kind what was asked for: the work itself, or its cancelling */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CallView(
            String callId,
            String kind,
            int attempt,
            int round,
            Instant at,
            long durationMs,
            @Nullable String instance,
            @Nullable Integer status,
            String outcome,
            @Nullable String detail) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CallbackView(
            String callbackId,
            int attempt,
            @Nullable Long sequence,
            String status,
            boolean applied,
            @Nullable String reason,
            Instant receivedAt) {}
}
