package io.syncline.consumer.users;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.consumer.changes.FeedProgress;
import io.syncline.consumer.store.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * How fresh the view is, looked up from time to time, so that no request has to. What it says was true when it was looked
 * up, and the view only gets fresher.
 */
class ViewClock implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ViewClock.class);
    private static final long EVERY_MILLIS = 500;

    private final Transactions transactions;
    private final FeedProgress progress;
    private final Freshness freshness;
    private final Duration measureEvery;
    private volatile Look last = new Look(null, null, 0, 0, System.nanoTime());
    private volatile boolean running;
    private @Nullable ScheduledExecutorService timer;

    /**
     * @param asOf all that was committed before it is in the view
     * @param header the same as text
     * @param ageMillis of the view at the look
     */
    private record Look(@Nullable Instant asOf, @Nullable String header, long ageMillis, long parked, long atNanos) {}

    ViewClock(
            Transactions transactions,
            FeedProgress progress,
            Freshness freshness,
            Duration measureEvery,
            MeterRegistry meters) {
        this.transactions = transactions;
        this.progress = progress;
        this.freshness = freshness;
        this.measureEvery = measureEvery;
        var unusedLag = Gauge.builder("syncline.view.lag", this, ViewClock::lagSeconds)
                .baseUnit("seconds")
                .description("age of the view: all that was committed before is in it")
                .strongReference(true)
                .register(meters);
        var unusedParked = Gauge.builder("syncline.view.parked.changes", this, clock -> clock.last.parked())
                .description("changes that could not be applied, and numbers that never came")
                .strongReference(true)
                .register(meters);
    }

    /** For the header of answers; null while it is not known. */
    @Nullable
    String header() {
        return last.header();
    }

    /** NaN while it is not known. */
    private double lagSeconds() {
        var look = last;
        return look.asOf() == null ? Double.NaN : look.ageMillis() / 1e3 + (System.nanoTime() - look.atNanos()) / 1e9;
    }

    void look() {
        try {
            last = transactions.call(now -> {
                var asOf = progress.asOf().orElse(null);
                return new Look(
                        asOf,
                        asOf == null
                                ? null
                                : asOf.truncatedTo(ChronoUnit.MILLIS).toString(),
                        asOf == null
                                ? 0
                                : Math.max(0, Duration.between(asOf, now).toMillis()),
                        progress.parked(),
                        System.nanoTime());
            });
        } catch (RuntimeException e) {
            LOG.warn("how fresh the view is could not be looked up", e);
        }
    }

    private void note() {
        try {
            freshness.note();
        } catch (RuntimeException e) {
            LOG.warn("how long changes took could not be noted; they are with the next note", e);
        }
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        var scheduled = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "view-clock");
            thread.setDaemon(true);
            return thread;
        });
        var unusedLook = scheduled.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        long every = measureEvery.toMillis();
        var unusedNote = scheduled.scheduleWithFixedDelay(this::note, every, every, TimeUnit.MILLISECONDS);
        timer = scheduled;
    }

    @Override
    public synchronized void stop() {
        if (!running) {
            return;
        }
        running = false;
        if (timer != null) {
            timer.shutdown();
            timer = null;
        }
        note();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
