package io.syncline.provider.change;

import io.syncline.provider.store.DatabaseClock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes the beginning of each log once it is older than it is kept, a small batch a transaction; and has the meters
 * read what they tell.
 */
@Component
class LogSweeper implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LogSweeper.class);

    private final JdbcChangeFeeds feeds;
    private final JdbcLoggedChanges logged;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final ChangeMeters meters;
    private final ChangeProperties properties;
    private ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(LogSweeper::worker);
    private volatile boolean running;

    LogSweeper(
            JdbcChangeFeeds feeds,
            JdbcLoggedChanges logged,
            DatabaseClock clock,
            TransactionTemplate transaction,
            ChangeMeters meters,
            ChangeProperties properties) {
        this.feeds = feeds;
        this.logged = logged;
        this.clock = clock;
        this.transaction = transaction;
        this.meters = meters;
        this.properties = properties;
    }

    private static Thread worker(Runnable work) {
        var thread = new Thread(work, "change-sweeper");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        if (clockwork.isShutdown()) {
            clockwork = Executors.newSingleThreadScheduledExecutor(LogSweeper::worker);
        }
        running = true;
        long interval = properties.sweepInterval().toMillis();
        long refresh = properties.meterRefresh().toMillis();
        clockwork.scheduleWithFixedDelay(
                guarded("deleted", () -> sweep(clock.moment().minus(properties.keep()))),
                interval,
                interval,
                TimeUnit.MILLISECONDS);
        clockwork.scheduleWithFixedDelay(guarded("counted", meters::refresh), 0, refresh, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void stop() {
        running = false;
        clockwork.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private static Runnable guarded(String what, Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                // The next turn tries again; a clockwork that ends on an error would end for good.
                LOG.warn("Changes could not be {}, it is tried again", what, failure);
            }
        };
    }

    /** Deletes what was numbered before that time. */
    void sweep(Instant before) {
        for (var feed : feeds.all()) {
            while (Boolean.TRUE.equals(transaction.execute(status -> sweepBatch(feed.dataset(), before)))) {
                // The next batch.
            }
        }
    }

    /** @return whether there may be more */
    private boolean sweepBatch(String dataset, Instant before) {
        var feed = feeds.get(dataset);
        var end = logged.lastBefore(dataset, feed.first(), properties.sweepBatch(), before);
        if (end.isEmpty()) {
            return false;
        }
        long first = end.getAsLong() + 1;
        // Whoever moves the beginning deletes what was before it; another instance finds the next batch.
        if (feeds.beginAt(dataset, feed.first(), first)) {
            logged.deleteBefore(dataset, first);
        }
        return first - feed.first() >= properties.sweepBatch();
    }
}
