package io.syncline.scheduler.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of an incident over one channel.
 *
 * @param state PENDING, SENT or DEAD, which is given up
 * @param lastCause why the last delivery did not work; null: it did, or there was none
 */
public record ChannelDelivery(
        String messageId,
        String alertId,
        String condition,
        String cause,
        String kind,
        String state,
        int deliveries,
        Instant createdAt,
        @Nullable Instant sentAt,
        @Nullable String lastCause) {}
