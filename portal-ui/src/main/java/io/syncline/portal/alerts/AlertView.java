package io.syncline.portal.alerts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert as the platform answers it.
 *
 * @param count all that has joined it
 * @param standing what of it has not passed
 * @param members null in lists, as deliveries and history
 */
record AlertView(
        String alertId,
        String state,
        String condition,
        String title,
        @Nullable String system,
        String cause,
        List<String> labels,
        int count,
        int standing,
        int groupCount,
        List<String> groups,
        List<String> channels,
        Instant openedAt,
        Instant lastSignalAt,
        @Nullable Acknowledgement acknowledged,
        @Nullable Instant closedAt,
        @Nullable Instant silencedUntil,
        List<String> allowedActions,
        @Nullable List<Member> members,
        @Nullable List<Delivery> deliveries,
        @Nullable List<Event> history) {

    boolean isFiring() {
        return !state.equals("CLOSED");
    }

    record Acknowledgement(Instant at, String by, String reason) {}

    record Member(
            String subject,
            @Nullable String group,
            @Nullable String system,
            @Nullable String runId,
            @Nullable String taskRunId,
            String detail,
            Instant since,
            @Nullable Instant curedAt) {}

    record Delivery(
            String messageId,
            String channel,
            String kind,
            String state,
            int deliveries,
            Instant createdAt,
            @Nullable Instant sentAt,
            @Nullable String lastCause) {}

    record Event(
            Instant at,
            String kind,
            @Nullable String actor,
            @Nullable String detail) {}

    /** A page of them. */
    record Part(List<AlertView> items, @Nullable String nextCursor) {}
}
