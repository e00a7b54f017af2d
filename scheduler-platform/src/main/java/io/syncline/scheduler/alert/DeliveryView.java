package io.syncline.scheduler.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of an alert on its way over a channel.
 *
 * @param state PENDING, SENT or DEAD, which is given up
 * @param cause of the alert
 * @param deliveries how often it was tried
 * @param nextAt when it is tried next; null: it waits for another of its channel, or is not tried any more
 * @param lastCause why the last delivery did not work; null: it did, or there was none
 * @param allowedActions what the code that carries the actions out would do now
 */
public record DeliveryView(
        String messageId,
        String alertId,
        String condition,
        String cause,
        String channel,
        String kind,
        String state,
        int deliveries,
        Instant createdAt,
        @Nullable Instant sentAt,
        @Nullable Instant nextAt,
        @Nullable Instant givenUpAt,
        @Nullable String lastCause,
        List<String> allowedActions) {

    /** For somebody who may only look. */
    public DeliveryView withoutActions() {
        return allowing(List.of());
    }

    DeliveryView allowing(List<String> actions) {
        return new DeliveryView(
                messageId,
                alertId,
                condition,
                cause,
                channel,
                kind,
                state,
                deliveries,
                createdAt,
                sentAt,
                nextAt,
                givenUpAt,
                lastCause,
                actions);
    }
}
