package io.syncline.consumer.users;

import io.syncline.consumer.changes.FeedProgress;
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

    private final FeedProgress progress;
    private volatile @Nullable Instant asOf;
    private volatile @Nullable String header;
    private volatile boolean running;
    private @Nullable ScheduledExecutorService timer;

    ViewClock(FeedProgress progress) {
        this.progress = progress;
    }

    /** All that was committed before it is in the view; null while that is not known. */
    @Nullable
    Instant asOf() {
        return asOf;
    }

    /** The same as text of a header. */
    @Nullable
    String header() {
        return header;
    }

    void look() {
        try {
            var found = progress.asOf().orElse(null);
            asOf = found;
            header = found == null ? null : found.truncatedTo(ChronoUnit.MILLIS).toString();
        } catch (RuntimeException e) {
            LOG.warn("how fresh the view is could not be looked up", e);
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
        var unused = scheduled.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        timer = scheduled;
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (timer != null) {
            timer.shutdown();
            timer = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
