package io.syncline.scheduler.quartz;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.store.SteadyClock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks after the clock each 30 s on every node, from a thread of its own, since a clock that stands still fires nothing:
 * sets free triggers that stay acquired or blocked although no node works on them, and those in ERROR.
 */
@Component
class Watchdog implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int EACH_SECONDS = 30;

    private final ClockRows rows;
    private final SteadyClock clock;
    private final MeterRegistry meters;
    private final Suspects suspects = new Suspects();
    private @Nullable ScheduledExecutorService thread;

    Watchdog(ClockRows rows, SteadyClock clock, MeterRegistry meters) {
        this.rows = rows;
        this.clock = clock;
        this.meters = meters;
        List.of("ACQUIRED", "BLOCKED", "ERROR").forEach(this::freed);
    }

    private Counter freed(String state) {
        return Counter.builder("syncline.scheduler.triggers.freed")
                .description("Stuck triggers that the watchdog set free")
                .tag("state", state)
                .register(meters);
    }

    /** One look; what it set free is logged and counted. */
    synchronized void look() {
        var convicted = suspects.convicted(rows.stuck(), clock.now());
        if (convicted.isEmpty()) {
            return;
        }
        for (var freed : rows.setFree(convicted)) {
            LOG.warn("Trigger {}.{} was stuck in {} and is set free", freed.group(), freed.name(), freed.state());
            freed(freed.state()).increment();
        }
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            // The thread must live on: the database may be away for a while.
            LOG.warn("The watchdog could not look after the clock: {}", e.toString());
        }
    }

    @Override
    public synchronized void start() {
        var executor = Executors.newSingleThreadScheduledExecutor(work -> {
            var watching = new Thread(work, "clock-watchdog");
            watching.setDaemon(true);
            return watching;
        });
        executor.scheduleWithFixedDelay(this::lookSafely, EACH_SECONDS, EACH_SECONDS, TimeUnit.SECONDS);
        thread = executor;
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            // No interrupt: H2 closes its file at one.
            thread.shutdown();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
