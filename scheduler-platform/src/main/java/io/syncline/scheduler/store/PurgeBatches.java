package io.syncline.scheduler.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Removes rows bit by bit, from the pool of bulk work, and leaves the others room in between. What is left over is the next
 * tick's.
 */
public final class PurgeBatches {

    /** Rows that one transaction removes at most. */
    public static final int ROWS = 500;

    private static final int MOST_BATCHES = 200;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private PurgeBatches() {}

    /** @param batch removes at most {@link #ROWS} rows in a transaction of its own and says how many; zero: there are no more */
    public static int run(IntSupplier batch) {
        int removed = 0;
        for (int i = 0; i < MOST_BATCHES && !Thread.currentThread().isInterrupted(); i++) {
            int some = ConnectionPool.BULK.call(batch::getAsInt);
            if (some == 0) {
                break;
            }
            removed += some;
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return removed;
    }
}
