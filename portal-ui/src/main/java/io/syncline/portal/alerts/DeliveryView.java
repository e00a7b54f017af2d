package io.syncline.portal.alerts;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of an alert on its way over a channel, as the platform answers it.
 *
 * @param nextAt null: it waits for another of its channel, or is not tried any more
 */
record DeliveryView(
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

    private static final String RESEND = "resend";
    private static final String DISCARD = "discard";

    /** A page of them. */
    record Part(List<DeliveryView> items, @Nullable String nextCursor) {}

    boolean allows(String action) {
        return allowedActions.contains(action);
    }

    /** One line of a question about it. */
    String line() {
        return "%s: %s over %s, of the alert \"%s\"".formatted(condition, AlertDetail.kind(kind), channel, cause);
    }

    /** As the pages show it. */
    record Row(
            String messageId,
            String alertId,
            StateMark mark,
            String condition,
            String cause,
            String channel,
            String what,
            int tries,
            Moment created,
            @Nullable Moment sent,
            @Nullable Moment next,
            @Nullable Moment givenUp,
            boolean waitsForAnother,
            @Nullable String lastCause,
            boolean canResend,
            boolean canDiscard) {}

    Row row(Moments moments) {
        return new Row(
                messageId,
                alertId,
                AlertMarks.ofDelivery(state),
                condition,
                cause,
                channel,
                AlertDetail.kind(kind),
                deliveries,
                moments.of(createdAt),
                moments.orNull(sentAt),
                moments.orNull(nextAt),
                moments.orNull(givenUpAt),
                state.equals(DeliveryFilter.WAITING) && nextAt == null,
                lastCause,
                allows(RESEND),
                allows(DISCARD));
    }
}
