package io.syncline.client;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trigger message for the platform, sent as a CloudEvent.
 *
 * @param source who sends, such as {@code /billing}; with {@code id} it identifies the message
 * @param id the same id for the same fact: sent twice, it starts nothing twice
 * @param subject the business key unless the platform's rule names another
 * @param partitionKey messages with one key are delivered and run in order
 */
public record TriggerEvent(
        String source,
        String id,
        String type,
        @Nullable String subject,
        @Nullable Instant time,
        @Nullable String partitionKey,
        Map<String, @Nullable Object> data) {

    public TriggerEvent {
        requireText("source", source);
        requireText("id", id);
        requireText("type", type);
    }

    private static void requireText(String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a trigger event needs its " + name);
        }
    }
}
