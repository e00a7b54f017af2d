package io.syncline.scheduler.catalog;

import java.util.Arrays;

/** What an alert rule may wait for. */
enum AlertCondition {
    FAILED,
    OVERDUE,
    REFUSED,
    TIMED_OUT,
    REPORTED_FAILED,
    RECONCILIATION_MISMATCH,
    RECONCILIATION_MISSING,
    START_LATE,
    NO_ANSWER,
    SILENT,
    CONFLICT,
    UNREADABLE_REPLY,
    UNCONFIRMED,
    NOT_TRIGGERED,
    STALE;

    static boolean known(String text) {
        return Arrays.stream(values()).anyMatch(condition -> condition.name().equals(text));
    }
}
