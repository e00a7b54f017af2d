package io.syncline.scheduler.run;

/** Why a task run ended as it did; shown to operators. */
public enum Cause {
    /** The downstream answered with a status that no repetition can change, or refused the token twice. */
    REFUSED,
    /** The task's time-out passed. */
    TIMED_OUT,
    /** The downstream reported FAILED and no attempt is left, or it said that none would help. */
    REPORTED_FAILED,
    /** The downstream reported COMPLETED, but its numbers do not balance. */
    RECONCILIATION_MISMATCH,
    /** The downstream reported COMPLETED without the reconciliation that the task requires. */
    RECONCILIATION_MISSING,
    /** A task before the barrier failed. */
    PREDECESSOR_FAILED,
    /** An operator did it. */
    OPERATOR
}
