package io.syncline.scheduler.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: what many threads bring is written by few, many to a commit when there are many, at once when there is one
 * (DeWitt et al., Implementation Techniques for Main Memory Database Systems, SIGMOD 1984).
 *
 * @param <T> what is written
 */
public final class GroupCommit<T> {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** So many that will probably come make waiting for them worth it. */
    private static final int COMPANY = 2;

    private static final long STOP_WITHIN_MILLIS = 5000;

    private final String name;
    private final Bounds bounds;
    private final Consumer<List<T>> writer;
    private final BlockingQueue<T> queue;

    /** Held by the one writer that takes a batch: two would share out between them what one could write. */
    private final ReentrantLock gathering = new ReentrantLock();

    private final ArrivalRate arrivals = new ArrivalRate(System::nanoTime);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    /**
     * @param writers threads that write; each has one transaction at a time
     * @param batch written together at most
     * @param linger how long a writer waits for more when two or more may be expected by then; 0: not at all
     * @param waiting brought and not taken by a writer yet, at most
     */
    public record Bounds(int writers, int batch, Duration linger, int waiting) {}

    /**
     * @param name of the threads
     * @param writer answers whoever brought each of them, also when it fails; what it throws is logged
     */
    public GroupCommit(String name, Bounds bounds, Consumer<List<T>> writer) {
        this.name = name;
        this.bounds = bounds;
        this.writer = writer;
        this.queue = new ArrayBlockingQueue<>(bounds.waiting());
    }

    /** Whether it was taken; not when too many wait or this has ended. */
    public boolean offer(T one) {
        return running && queue.offer(one);
    }

    /** Whether no writer had taken it yet; it is not written then. */
    public boolean withdraw(T one) {
        return queue.remove(one);
    }

    /** Brought and not taken by a writer yet. */
    public int waiting() {
        return queue.size();
    }

    public void start() {
        running = true;
        for (int i = 1; i <= bounds.writers(); i++) {
            var thread = new Thread(this::writeAll, bounds.writers() == 1 ? name : name + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    public boolean isRunning() {
        return running;
    }

    /** Takes no more, and returns when what waits is written, or after 5 s. */
    public void stop() {
        running = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_WITHIN_MILLIS);
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
    }

    private void writeAll() {
        while (running || !queue.isEmpty()) {
            try {
                writeNext();
            } catch (InterruptedException e) {
                LOG.debug("{} interrupted, {} left", name, queue.size());
            } catch (RuntimeException | Error e) {
                // Errors too: without this thread nothing would ever be written.
                LOG.error("{} were not stored; their senders are told to come back", name, e);
            }
        }
    }

    private void writeNext() throws InterruptedException {
        var batch = gather();
        if (!batch.isEmpty()) {
            writer.accept(batch);
        }
    }

    private List<T> gather() throws InterruptedException {
        gathering.lockInterruptibly();
        try {
            var first = queue.poll(100, TimeUnit.MILLISECONDS);
            if (first == null) {
                return List.of();
            }
            var others = bounds.batch() - 1;
            if (queue.size() < others && arrivals.expectedWithin(bounds.linger()) >= COMPANY) {
                LockSupport.parkNanos(bounds.linger().toNanos());
            }
            var batch = new ArrayList<T>();
            batch.add(first);
            queue.drainTo(batch, others);
            arrivals.came(batch.size());
            return batch;
        } finally {
            gathering.unlock();
        }
    }
}
