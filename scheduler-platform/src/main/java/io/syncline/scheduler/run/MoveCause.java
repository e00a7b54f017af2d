package io.syncline.scheduler.run;

/** What makes a run or a task run change its state. */
public enum MoveCause {
    TRIGGERED,
    PROMOTED,
    BARRIER_OPEN,
    CLAIMED,
    ACCEPTED,
    REPORTED,
    ATTEMPT_FAILED,
    CALL_FAILED,
    REFUSED,
    TIMED_OUT,
    RECONCILIATION_MISMATCH,
    RECONCILIATION_MISSING,
    PREDECESSOR_FAILED,
    TASKS_ENDED,
    RELEASED_BY_NOBODY,
    MERGED,
    KEY_TAKEN,
    CANCEL,
    RERUN_FAILED,
    RETRY,
    SKIP,
    MARK_DONE,
    ACCEPT_LATE
}
