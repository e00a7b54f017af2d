package io.syncline.scheduler.trigger;

import org.jspecify.annotations.Nullable;

/**
 * Who sends a message.
 *
 * @param system the system of the client, if it belongs to one
 * @param transport REST, WEBHOOK, KAFKA, SCHEDULE or OPERATOR
 * @param place of the record that holds it, as topic, partition and offset; null without Kafka
 */
public record Sender(
        String client,
        @Nullable String system,
        String transport,
        @Nullable String traceparent,
        @Nullable String place) {

    public Sender(String client, @Nullable String system, String transport, @Nullable String traceparent) {
        this(client, system, transport, traceparent, null);
    }
}
