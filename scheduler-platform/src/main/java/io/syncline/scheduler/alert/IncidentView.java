package io.syncline.scheduler.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incident as people see it; a list item is the same without members, deliveries and history.
 *
 * @param count all that has joined it
 * @param standing what of it has not passed
 * @param silencedUntil nobody is told anything new before
 * @param allowedActions what the code that carries the actions out would do now
 * @param members the oldest, 200 at most
 */
public record IncidentView(
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
        @Nullable List<MemberView> members,
        @Nullable List<Delivery> deliveries,
        @Nullable List<Event> history) {

    /** For somebody who may only look. */
    public IncidentView withoutActions() {
        return new IncidentView(
                alertId,
                state,
                condition,
                title,
                system,
                cause,
                labels,
                count,
                standing,
                groupCount,
                groups,
                channels,
                openedAt,
                lastSignalAt,
                acknowledged,
                closedAt,
                silencedUntil,
                List.of(),
                members,
                deliveries,
                history);
    }

    public record Acknowledgement(Instant at, String by, String reason) {}

    public record MemberView(
            String subject,
            @Nullable String group,
            @Nullable String system,
            @Nullable String runId,
            @Nullable String taskRunId,
            String detail,
            Instant since,
            @Nullable Instant curedAt) {}

    /** @param state PENDING, SENT or DEAD, which is given up */
    public record Delivery(
            String messageId,
            String channel,
            String kind,
            String state,
            int deliveries,
            Instant createdAt,
            @Nullable Instant sentAt,
            @Nullable String lastCause) {}

    public record Event(
            Instant at,
            String kind,
            @Nullable String actor,
            @Nullable String detail) {}
}
