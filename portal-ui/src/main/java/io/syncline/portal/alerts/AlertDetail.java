package io.syncline.portal.alerts;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import org.jspecify.annotations.Nullable;

/** The rows of an alert's own page. */
final class AlertDetail {

    private AlertDetail() {}

    /** @param cured null: it stands */
    record Member(
            String subject,
            @Nullable String group,
            @Nullable String system,
            @Nullable String runId,
            String detail,
            Moment since,
            @Nullable Moment cured) {}

    record Delivery(
            StateMark mark,
            String channel,
            String what,
            int tries,
            Moment created,
            @Nullable Moment sent,
            @Nullable String lastCause) {}

    record Event(
            Moment at,
            String what,
            @Nullable String actor,
            @Nullable String detail) {}

    static Member member(AlertView.Member member, Moments moments) {
        return new Member(
                member.subject(),
                member.group(),
                member.system(),
                member.runId(),
                member.detail(),
                moments.of(member.since()),
                moments.orNull(member.curedAt()));
    }

    static Delivery delivery(AlertView.Delivery delivery, Moments moments) {
        return new Delivery(
                AlertMarks.ofDelivery(delivery.state()),
                delivery.channel(),
                kind(delivery.kind()),
                delivery.deliveries(),
                moments.of(delivery.createdAt()),
                moments.orNull(delivery.sentAt()),
                delivery.lastCause());
    }

    static Event event(AlertView.Event event, Moments moments) {
        return new Event(moments.of(event.at()), happened(event.kind()), event.actor(), event.detail());
    }

    /** What a message tells. */
    static String kind(String kind) {
        return switch (kind) {
            case "TRIGGER" -> "first message";
            case "UPDATE" -> "more has joined";
            case "ESCALATE" -> "escalation";
            case "ACKNOWLEDGE" -> "acknowledged";
            case "RESOLVE" -> "it is over";
            default -> kind;
        };
    }

    private static String happened(String kind) {
        return switch (kind) {
            case "OPENED" -> "opened";
            case "ACKNOWLEDGED" -> "acknowledged";
            case "RESENT" -> "messages sent once more";
            case "DISCARDED" -> "messages discarded that could not be sent";
            case "CLOSED" -> "closed: nothing of it stands";
            case "EXPIRED" -> "closed: no signal for too long";
            default -> kind;
        };
    }
}
