package io.syncline.scheduler.trigger;

import org.jspecify.annotations.Nullable;

/**
 * Who sends a message.
 *
 * @param system the system of the client, if it belongs to one
 * @param transport REST, WEBHOOK, SCHEDULE or OPERATOR
 */
public record Sender(
        String client,
        @Nullable String system,
        String transport,
        @Nullable String traceparent) {}
