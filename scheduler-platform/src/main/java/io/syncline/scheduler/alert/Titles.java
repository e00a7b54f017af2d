package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import org.jspecify.annotations.Nullable;

/** An incident in one line, such as "12 task runs of 3 groups failed: REFUSED 403 at data-consumer". */
final class Titles {

    private Titles() {}

    static String of(Incident incident, @Nullable String subject) {
        int count = incident.memberCount();
        int groups = incident.groupCount();
        return count + " " + noun(subject, count) + (groups > 1 ? " of " + groups + " groups" : "") + " "
                + phrase(incident.condition(), count > 1) + ": " + incident.cause();
    }

    private static String noun(@Nullable String subject, int count) {
        var kind =
                subject == null || subject.indexOf(':') < 0 ? "task-run" : subject.substring(0, subject.indexOf(':'));
        var one = switch (kind) {
            case "task-run" -> "task run";
            case "trigger" -> "message";
            case "outbox" -> "queue";
            default -> kind;
        };
        return count == 1 ? one : one + "s";
    }

    private static String phrase(AlertCondition condition, boolean several) {
        return switch (condition) {
            case FAILED, REFUSED, TIMED_OUT, REPORTED_FAILED -> "failed";
            case RECONCILIATION_MISMATCH -> "did not balance";
            case RECONCILIATION_MISSING -> "ended without a reconciliation";
            case OVERDUE -> "overdue";
            case SILENT -> "silent";
            case START_LATE -> "started late";
            case NO_ANSWER -> "without an answer";
            case UNREADABLE_REPLY -> "answered what cannot be read";
            case CONFLICT -> several ? "contradict their reports" : "contradicts its report";
            case UNCONFIRMED -> "not confirmed as cancelled";
            case REJECTED_TRIGGER -> "rejected";
            case EXPECTED_TRIGGER_MISSING -> "without the expected message";
            case FRESHNESS -> "without a success for too long";
            case NODE_LOST -> "lost";
            case QUEUE_BACKLOG -> several ? "have work that waits too long" : "has work that waits too long";
            case DEAD_LETTER -> several ? "have dead letters" : "has dead letters";
            case CREDENTIAL_EXPIRING -> several ? "end soon" : "ends soon";
        };
    }

    static String severity(AlertCondition condition) {
        return switch (condition) {
            case FAILED,
                    REFUSED,
                    TIMED_OUT,
                    REPORTED_FAILED,
                    RECONCILIATION_MISMATCH,
                    RECONCILIATION_MISSING,
                    CONFLICT,
                    NODE_LOST,
                    QUEUE_BACKLOG,
                    DEAD_LETTER -> "critical";
            case OVERDUE,
                    SILENT,
                    START_LATE,
                    NO_ANSWER,
                    UNREADABLE_REPLY,
                    UNCONFIRMED,
                    REJECTED_TRIGGER,
                    EXPECTED_TRIGGER_MISSING,
                    FRESHNESS,
                    CREDENTIAL_EXPIRING -> "warning";
        };
    }
}
