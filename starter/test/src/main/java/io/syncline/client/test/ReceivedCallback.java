package io.syncline.client.test;

import io.syncline.contracts.StatusReport;
import org.jspecify.annotations.Nullable;

/**
 * A callback as the fake platform received it.
 *
 * @param token the bearer token that came with it
 * @param body the very text, to compare repetitions
 * @param traceparent that came with it
 * @param tracestate that came with it
 * @param answered the status that it was answered with; 0 when the answer was lost
 */
public record ReceivedCallback(
        String taskRunId,
        String token,
        String body,
        StatusReport report,
        @Nullable String traceparent,
        @Nullable String tracestate,
        int answered) {}
