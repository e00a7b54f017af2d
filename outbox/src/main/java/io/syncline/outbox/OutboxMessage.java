package io.syncline.outbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to be delivered after the commit.
 *
 * @param kind which {@link Delivery} takes it; at most 100 characters
 * @param orderingKey messages of one key are delivered in the order of their commits, one at a time; null: no order.
 *     At most 255 characters
 * @param target where to, in the delivery's own words, such as a URL; at most 2000 characters
 * @param headers of the delivery; names without a colon, values of one line
 * @param payload the body
 */
public record OutboxMessage(
        String kind,
        @Nullable String orderingKey,
        @Nullable String target,
        Map<String, String> headers,
        String payload) {

    public OutboxMessage {
        if (kind.isBlank() || kind.length() > 100) {
            throw new IllegalArgumentException("a kind has 1 to 100 characters: " + kind);
        }
        if (orderingKey != null && (orderingKey.isEmpty() || orderingKey.length() > 255)) {
            throw new IllegalArgumentException("an ordering key has 1 to 255 characters: " + orderingKey);
        }
        if (target != null && (target.isEmpty() || target.length() > 2000)) {
            throw new IllegalArgumentException("a target has 1 to 2000 characters: " + target);
        }
        headers = Map.copyOf(headers);
        HeaderLines.check(headers);
    }
}
