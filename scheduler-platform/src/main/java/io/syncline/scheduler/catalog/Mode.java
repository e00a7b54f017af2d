package io.syncline.scheduler.catalog;

/** How a task stands to its neighbours in the document. */
public enum Mode {
    /** Starts when all tasks before it have completed; all after it wait for it. */
    SYNC,
    /** Runs beside its ASYNC neighbours. */
    ASYNC
}
