package io.syncline.consumer.users;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks for generations to fill or delete, and for gaps that only a rebuild closes. */
class RebuildWorker implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RebuildWorker.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

    private final Object wakeUp = new Object();
    private final BooleanSupplier work;
    private final Runnable look;
    private final Duration poll;
    private volatile boolean running;
    private @Nullable Thread thread;

    /**
     * @param work does a step; false when there is none
     * @param look done before each pause's end
     */
    RebuildWorker(BooleanSupplier work, Runnable look, Duration poll) {
        this.work = work;
        this.look = look;
        this.poll = poll;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        var started = new Thread(this::loop, "view-rebuild");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void loop() {
        while (running) {
            boolean worked = false;
            try {
                look.run();
                worked = work.getAsBoolean();
            } catch (RuntimeException e) {
                LOG.warn("could not look for a rebuild; the next look is in {}", poll, e);
            }
            if (!worked) {
                pause();
            }
        }
    }

    private void pause() {
        synchronized (wakeUp) {
            try {
                if (running) {
                    wakeUp.wait(Math.max(1, poll.toMillis()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running = false;
            }
        }
    }

    @Override
    public void stop() {
        Thread stopped;
        synchronized (this) {
            running = false;
            stopped = thread;
            thread = null;
        }
        synchronized (wakeUp) {
            wakeUp.notifyAll();
        }
        if (stopped != null) {
            try {
                stopped.join(STOP_WITHIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
