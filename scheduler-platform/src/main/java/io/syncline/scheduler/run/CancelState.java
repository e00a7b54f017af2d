package io.syncline.scheduler.run;

/** What became of the cancel call to the downstream. */
public enum CancelState {
    /** Not sent: nothing was cancelled, the downstream was never called, or it offers no cancel path. */
    NONE,
    PENDING,
    CONFIRMED,
    REFUSED,
    /** No clear answer within a minute. */
    UNCONFIRMED
}
