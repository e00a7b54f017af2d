package io.syncline.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored message.
 *
 * @param sequence its place within its ordering key
 * @param deliveries how often its delivery was begun, the present one included
 * @param lastCause why the last delivery failed
 */
public record OutboxEntry(
        String id,
        OutboxMessage message,
        long sequence,
        State state,
        int deliveries,
        Instant createdAt,
        @Nullable String lastCause) {

    /** PENDING becomes DELIVERED or DEAD; a replay makes it PENDING again. */
    public enum State {
        PENDING,
        DELIVERED,
        DEAD
    }
}
