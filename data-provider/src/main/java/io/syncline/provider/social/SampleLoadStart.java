package io.syncline.provider.social;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Begins the load of published data with the service, where a folder is configured; the service serves meanwhile. */
@Component
class SampleLoadStart implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SampleLoadStart.class);

    private final SampleLoad load;
    private final SampleProperties properties;
    private volatile boolean running;
    private @Nullable Thread thread;

    SampleLoadStart(SampleLoad load, SampleProperties properties) {
        this.load = load;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        running = true;
        if (properties.folder() != null) {
            var begun = new Thread(this::run, "sample-load");
            begun.setDaemon(true);
            begun.start();
            thread = begun;
        }
    }

    private void run() {
        var folder = properties.folder();
        if (folder == null) {
            return;
        }
        try {
            LOG.info("Loading published data");
            var counts = load.run(folder, () -> running);
            LOG.info("Published data are {}: {} rows were new", running ? "loaded" : "loaded in part", counts);
        } catch (RuntimeException failure) {
            LOG.error("The published data could not be loaded; what was loaded stays", failure);
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        try {
            if (thread != null) {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
