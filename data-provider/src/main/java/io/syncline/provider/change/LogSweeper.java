package io.syncline.provider.change;

import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.work.FailureEpisode;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes the beginning of each log once it is older than it is kept, a small batch a transaction; what a known reader has
 * not read is kept longer. Has the meters read what they tell, too.
 */
@Component
class LogSweeper implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LogSweeper.class);

    private final JdbcChangeFeeds feeds;
    private final JdbcLoggedChanges logged;
    private final Unread unread;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final ChangeMeters meters;
    private final ChangeProperties properties;
    private ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(LogSweeper::worker);
    private volatile boolean running;

    LogSweeper(
            JdbcChangeFeeds feeds,
            JdbcLoggedChanges logged,
            Unread unread,
            DatabaseClock clock,
            TransactionTemplate transaction,
            ChangeMeters meters,
            ChangeProperties properties) {
        this.feeds = feeds;
        this.logged = logged;
        this.unread = unread;
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
        clockwork.scheduleWithFixedDelay(guarded("deleted", this::sweep), interval, interval, TimeUnit.MILLISECONDS);
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
        var failures = new FailureEpisode(LOG, "Changes could not be " + what);
        return () -> {
            try {
                work.run();
                failures.succeeded();
            } catch (RuntimeException failure) {
                // A clockwork that ends on an error would end for good.
                failures.failed(failure);
            }
        };
    }

    private void sweep() {
        var now = clock.moment();
        sweep(now.minus(properties.keep()), now.minus(properties.keepUnread()));
    }

    /** Deletes what was numbered before the one time, and of what is not read by all that from before the other. */
    void sweep(Instant before, Instant unreadBefore) {
        for (var feed : feeds.all()) {
            while (Boolean.TRUE.equals(
                    transaction.execute(status -> sweepBatch(feed.dataset(), before, unreadBefore)))) {
                // The next batch.
            }
        }
    }

    /** @return whether there may be more */
    private boolean sweepBatch(String dataset, Instant before, Instant unreadBefore) {
        var feed = feeds.get(dataset);
        var end = lastToGo(feed, before, unreadBefore);
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

    private OptionalLong lastToGo(Feed feed, Instant before, Instant unreadBefore) {
        var old = logged.lastBefore(feed.dataset(), feed.first(), properties.sweepBatch(), before);
        var read = unread.readByAll(feed.dataset());
        if (old.isEmpty() || read.isEmpty() || read.getAsLong() >= old.getAsLong()) {
            return old;
        }
        if (read.getAsLong() >= feed.first()) {
            return read;
        }
        return logged.lastBefore(feed.dataset(), feed.first(), properties.sweepBatch(), unreadBefore);
    }
}
