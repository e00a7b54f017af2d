package io.syncline.scheduler.alert;

import io.syncline.scheduler.store.ConnectionPool;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Lets this node look for signals every second; which node makes incidents of them is decided by a lock. */
class AlertTicker implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AlertTicker.class);
    private static final int MOST_BATCHES = 50;

    private final Incidents incidents;
    private final Duration tick;
    private @Nullable CountDownLatch stopped;
    private @Nullable Thread thread;

    AlertTicker(Incidents incidents, Duration tick) {
        this.incidents = incidents;
        this.tick = tick;
    }

    @Override
    public synchronized void start() {
        var stop = new CountDownLatch(1);
        stopped = stop;
        var ticking = new Thread(() -> tickUntil(stop), "alert-ticker");
        ticking.setDaemon(true);
        thread = ticking;
        ticking.start();
    }

    private void tickUntil(CountDownLatch stop) {
        try {
            while (!stop.await(tick.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            ConnectionPool.BULK.run(() -> {
                for (int batch = 0; batch < MOST_BATCHES && incidents.take(); batch++) {
                    // the next piece
                }
            });
        } catch (RuntimeException e) {
            LOG.warn("No incidents could be made of signals now; tried again in {}", tick, e);
        }
    }

    /** Never by interrupt: H2 closes its file when one hits it while it reads. */
    @Override
    public void stop() {
        var stop = stopped;
        var ticking = thread;
        stopped = null;
        thread = null;
        if (stop != null && ticking != null) {
            stop.countDown();
            try {
                ticking.join(Duration.ofSeconds(10).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return stopped != null;
    }
}
