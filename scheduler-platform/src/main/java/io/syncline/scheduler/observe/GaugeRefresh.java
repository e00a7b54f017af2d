package io.syncline.scheduler.observe;

import io.syncline.scheduler.store.ConnectionPool;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Reads the gauges at a steady pace, on a thread and from a pool where nothing waits for it; a scrape reads memory alone. */
@Component
class GaugeRefresh implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(GaugeRefresh.class);

    private final ClusterGauges gauges;
    private final MetricsProperties properties;
    private @Nullable ScheduledExecutorService thread;
    private boolean failing;

    GaugeRefresh(ClusterGauges gauges, MetricsProperties properties) {
        this.gauges = gauges;
        this.properties = properties;
    }

    private void refresh() {
        try {
            ConnectionPool.BULK.run(gauges::refresh);
            if (failing) {
                LOG.info("The gauges of the cluster are read again");
            }
            failing = false;
        } catch (RuntimeException | Error e) {
            // Once, not each time: where the database is away, others say so.
            if (!failing) {
                LOG.warn(
                        "The gauges of the cluster cannot be read and show what was; read again each {}: {}",
                        properties.refresh(),
                        e.toString());
            }
            failing = true;
        }
    }

    @Override
    public synchronized void start() {
        var executor = Executors.newSingleThreadScheduledExecutor(work -> {
            var reading = new Thread(work, "gauges");
            reading.setDaemon(true);
            return reading;
        });
        executor.scheduleWithFixedDelay(this::refresh, 0, properties.refresh().toMillis(), TimeUnit.MILLISECONDS);
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
