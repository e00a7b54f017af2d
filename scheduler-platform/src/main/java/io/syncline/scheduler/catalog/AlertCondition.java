package io.syncline.scheduler.catalog;

import java.util.Arrays;

/** What an alert rule may wait for. */
public enum AlertCondition {
    /** A task run ended FAILED, for whatever cause; the next ones name one cause. */
    FAILED,
    REFUSED,
    TIMED_OUT,
    REPORTED_FAILED,
    RECONCILIATION_MISMATCH,
    RECONCILIATION_MISSING,
    OVERDUE,
    SILENT,
    /** A run waits longer than its group's {@code startBy}. */
    START_LATE,
    /** An attempt got neither a 202 nor a report within {@code answerWithin}. */
    NO_ANSWER,
    /** Three answers in a row could not be read. */
    UNREADABLE_REPLY,
    /** A terminal report says something else than the state that was reached. */
    CONFLICT,
    /** A downstream did not confirm a cancel. */
    UNCONFIRMED,
    REJECTED_TRIGGER,
    /** No trigger came by the group's {@code expectBy}. */
    EXPECTED_TRIGGER_MISSING,
    /** No success for longer than the group's {@code freshness}. */
    FRESHNESS,
    NODE_LOST,
    QUEUE_BACKLOG,
    DEAD_LETTER,
    CREDENTIAL_EXPIRING;

    /** Whether a task run ended FAILED by it. */
    public boolean isFailure() {
        return switch (this) {
            case FAILED, REFUSED, TIMED_OUT, REPORTED_FAILED, RECONCILIATION_MISMATCH, RECONCILIATION_MISSING -> true;
            case OVERDUE,
                    SILENT,
                    START_LATE,
                    NO_ANSWER,
                    UNREADABLE_REPLY,
                    CONFLICT,
                    UNCONFIRMED,
                    REJECTED_TRIGGER,
                    EXPECTED_TRIGGER_MISSING,
                    FRESHNESS,
                    NODE_LOST,
                    QUEUE_BACKLOG,
                    DEAD_LETTER,
                    CREDENTIAL_EXPIRING -> false;
        };
    }

    static boolean known(String text) {
        return Arrays.stream(values()).anyMatch(condition -> condition.name().equals(text));
    }
}
