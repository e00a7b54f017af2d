package io.syncline.provider.work;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that takes turns until it is stopped: each after the rest that the one before asked for.
 *
 * <p>It promises: turns never overlap, not even those of a stop and a new start; a wake in the middle of a turn is not
 * lost, one more turn follows at once; a turn that fails is followed by another one after the pause for that, which no
 * wake shortens; a stop ends every rest and pause at once and lets the turn come to its end. It never interrupts a turn:
 * H2 closes its file when an interrupt hits it while it reads.
 */
public final class PollLoop {

    /** One look for work. */
    @FunctionalInterface
    public interface Turn {

        /** @return how long to rest unless woken; zero: the next turn follows at once */
        Duration take();

        /** After the last turn before a stop, on the same thread. */
        default void end() {}
    }

    private final String name;
    private final Turn turn;
    private final Duration afterFailure;
    private final Duration stopWithin;
    private final FailureEpisode failures;
    private final Semaphore woken = new Semaphore(0);
    private final ReentrantLock turns = new ReentrantLock();
    private volatile @Nullable Stint stint;

    /**
     * @param name of the thread
     * @param failures hears of each turn how it went
     * @param afterFailure from a turn that failed to the next one
     * @param stopWithin how long a stop waits for the end of a turn
     */
    public PollLoop(String name, Turn turn, FailureEpisode failures, Duration afterFailure, Duration stopWithin) {
        this.name = name;
        this.turn = turn;
        this.failures = failures;
        this.afterFailure = afterFailure;
        this.stopWithin = stopWithin;
    }

    /** Ends the rest; without one, the next is left out. */
    public void wake() {
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }

    public synchronized void start() {
        if (!isRunning()) {
            var begun = new Stint();
            stint = begun;
            begun.thread.start();
        }
    }

    /** Waits for the turn that is taken, but no longer than was said; what it does after that is its last act. */
    public synchronized void stop() {
        var last = stint;
        if (last == null) {
            return;
        }
        last.end.countDown();
        wake();
        try {
            last.thread.join(stopWithin.toMillis());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether further turns are to be taken; a turn may ask in order to come to an early end. */
    public boolean isRunning() {
        var present = stint;
        return present != null && !present.isOver();
    }

    /** From a start to its stop. */
    private final class Stint {

        private final CountDownLatch end = new CountDownLatch(1);
        private final Thread thread = new Thread(this::run, name);

        Stint() {
            thread.setDaemon(true);
        }

        boolean isOver() {
            return end.getCount() == 0;
        }

        private void run() {
            turns.lock();
            try {
                while (!isOver()) {
                    takeTurn();
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                end.countDown();
            } finally {
                turn.end();
                turns.unlock();
            }
        }

        private void takeTurn() throws InterruptedException {
            woken.drainPermits();
            try {
                var rest = turn.take();
                failures.succeeded();
                // A stop says so before it wakes: either it is seen here, or its wake is still there.
                if (!isOver()) {
                    boolean early = woken.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS);
                }
            } catch (RuntimeException | Error failure) {
                // An error as well: a thread that has ended would be missed by nobody.
                failures.failed(failure);
                boolean stopped = end.await(afterFailure.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
    }
}
