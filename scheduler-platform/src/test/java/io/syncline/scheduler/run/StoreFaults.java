package io.syncline.scheduler.run;

import java.time.Instant;

/** What a simulated store does to its node, asked each time that it might. */
public interface StoreFaults {

    /** A mistake in the store itself, to see that the checker finds it. */
    enum Plant {
        /** Whoever claimed a task run before may write its outcome. */
        IGNORES_THE_FENCE,
        /** Rows are read without a lock, so they may be old, and are written whatever their version is by then. */
        IGNORES_THE_VERSION,
        /** A report finds a completed task run still running. */
        REOPENS_WHAT_COMPLETED,
        /** A claim goes by the clock of its node. */
        NODE_CLOCK_IN_LEASE,
        /** The end of a run does not look for the next one, and neither does the sweep. */
        LOSES_THE_PROMOTION,
        /** A merged run does not say into which. */
        MERGES_WITHOUT_LINKING,
        /** An end is not journaled. */
        FORGETS_THE_JOURNAL,
        /** Places of a group that limits its active runs are not counted. */
        COUNTS_NO_PLACES,
        /** The newest of those that wait for a key is the next. */
        TAKES_THE_NEWEST
    }

    boolean has(Plant plant);

    /** A read without locks shows what it showed before. */
    boolean staleRead();

    /** Somebody else has locked some of the rows that are asked for. */
    boolean rowsLocked();

    /** The wall clock of the node, right or wrong. */
    Instant nodeClock();
}
