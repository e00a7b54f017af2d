package io.syncline.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what the outbox holds. Any number of relays, in any number of processes, share one outbox.
 *
 * <p>It promises: every committed message is delivered or becomes a dead letter; messages of one key are delivered one at
 * a time, in order; a message may be delivered more than once, when its relay died or outlived its lease. It looks for
 * messages right after a commit of its own process and else each poll; it never has more than its concurrency in flight.
 */
public final class OutboxRelay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
    private static final long IDLE_SECONDS = 30;

    private final MessageClaims outbox;
    private final Map<String, Delivery> deliveries = new TreeMap<>();
    private final RelaySettings settings;
    private final DoubleSupplier jitter;
    private final Semaphore free;
    private final Semaphore wake = new Semaphore(0);
    private final Runnable listener = this::wake;
    private @Nullable ExecutorService workers;
    private @Nullable Thread claimer;
    private volatile boolean stopping;

    public OutboxRelay(JdbcOutbox outbox, Collection<? extends Delivery> deliveries, RelaySettings settings) {
        this(outbox, deliveries, settings, () -> ThreadLocalRandom.current().nextDouble(0.8, 1.2));
    }

    /** @param jitter what each back-off is multiplied by, drawn for it: from 0.8 to 1.2 */
    OutboxRelay(
            MessageClaims outbox,
            Collection<? extends Delivery> deliveries,
            RelaySettings settings,
            DoubleSupplier jitter) {
        this.outbox = outbox;
        this.settings = settings;
        this.jitter = jitter;
        this.free = new Semaphore(settings.concurrency());
        for (var delivery : deliveries) {
            if (this.deliveries.put(delivery.kind(), delivery) != null) {
                throw new IllegalArgumentException("two deliveries of the kind " + delivery.kind());
            }
        }
    }

    public synchronized void start() {
        if (claimer != null || deliveries.isEmpty()) {
            return;
        }
        stopping = false;
        var number = new AtomicInteger();
        var pool = new ThreadPoolExecutor(
                settings.concurrency(),
                settings.concurrency(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> {
                    var thread = new Thread(work, "outbox-delivery-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        // Most of the time there is nothing to deliver.
        pool.allowCoreThreadTimeOut(true);
        workers = pool;
        outbox.onCommit(listener);
        claimer = new Thread(() -> claimUntilStopped(pool), "outbox-relay");
        claimer.setDaemon(true);
        claimer.start();
    }

    public synchronized boolean isRunning() {
        return claimer != null;
    }

    /** Takes nothing new, waits for the deliveries in flight, and leaves the rest to other relays or the next start. */
    @Override
    public synchronized void close() {
        var thread = claimer;
        var pool = workers;
        if (thread == null || pool == null) {
            return;
        }
        stopping = true;
        outbox.forget(listener);
        wake();
        try {
            thread.join(settings.stopWithin().toMillis());
            pool.shutdown();
            if (!pool.awaitTermination(settings.stopWithin().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Deliveries still in flight after {}: their leases will run out", settings.stopWithin());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pool.shutdownNow();
            claimer = null;
            workers = null;
        }
    }

    /** Looks for due messages now. */
    public void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    private void claimUntilStopped(ExecutorService pool) {
        var nextPurge = System.nanoTime() + PURGE_EVERY.toNanos();
        while (!stopping) {
            try {
                int begun = claimAndDeliver(pool);
                if (System.nanoTime() - nextPurge > 0) {
                    nextPurge = System.nanoTime() + PURGE_EVERY.toNanos();
                    outbox.purge(settings.keepDelivered(), settings.keepDead());
                }
                if (begun == 0) {
                    pause();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (stopping) {
                    return;
                }
                LOG.warn("The outbox could not be read; the next look follows in {}", settings.poll(), e);
                pauseAfterFailure();
            }
        }
    }

    /** Claims as much as there is room for and has it delivered; returns how many deliveries have begun. */
    int claimAndDeliver(Executor pool) {
        int room = free.drainPermits();
        if (room == 0) {
            return 0;
        }
        int begun = 0;
        try {
            for (var claim : outbox.claim(deliveries.keySet(), room, settings.lease())) {
                if (stopping) {
                    outbox.giveBack(claim);
                } else {
                    pool.execute(() -> deliverAndFree(claim));
                    begun++;
                }
            }
            return begun;
        } finally {
            free.release(room - begun);
        }
    }

    /** Deliveries that may begin now. */
    int freePlaces() {
        return free.availablePermits();
    }

    private void pause() throws InterruptedException {
        if (wake.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void pauseAfterFailure() {
        try {
            TimeUnit.MILLISECONDS.sleep(settings.poll().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }

    private void deliverAndFree(Claim claim) {
        try {
            record(claim, deliver(claim.entry()));
        } catch (RuntimeException e) {
            LOG.warn(
                    "The outcome of message {} could not be stored; its lease will run out",
                    claim.entry().id(),
                    e);
        } finally {
            free.release();
            wake();
        }
    }

    private DeliveryResult deliver(OutboxEntry entry) {
        var delivery = delivery(entry);
        try {
            return delivery.deliver(entry);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DeliveryResult.retry("interrupted");
        } catch (Exception e) {
            LOG.debug("Delivery of message {} failed", entry.id(), e);
            return DeliveryResult.retry(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    private void record(Claim claim, DeliveryResult result) {
        boolean recorded;
        if (result instanceof DeliveryResult.Delivered) {
            recorded = outbox.delivered(claim);
        } else if (result instanceof DeliveryResult.Dead dead) {
            recorded = bury(claim, dead.cause());
        } else if (result instanceof DeliveryResult.Retry retry) {
            recorded = retryOrBury(claim, retry);
        } else if (result instanceof DeliveryResult.Later later) {
            recorded = outbox.giveBack(claim, later.after());
        } else {
            throw new IllegalStateException("an unknown result of a delivery: " + result);
        }
        if (!recorded) {
            LOG.warn(
                    "The lease of message {} of kind {} had passed to another relay before its delivery ended",
                    claim.entry().id(),
                    claim.entry().message().kind());
        }
    }

    private boolean retryOrBury(Claim claim, DeliveryResult.Retry retry) {
        var entry = claim.entry();
        var rules = delivery(entry).retryRules();
        if (entry.deliveries() >= rules.maxDeliveries()) {
            return bury(claim, "given up after " + entry.deliveries() + " deliveries: " + retry.cause());
        }
        if (entry.createdAt().plus(rules.maxAge()).isBefore(claim.claimedAt())) {
            return bury(claim, "given up after " + rules.maxAge() + ": " + retry.cause());
        }
        var delay = delay(rules, entry.deliveries(), jitter.getAsDouble(), retry.after());
        return outbox.retry(claim, delay, retry.cause());
    }

    private boolean bury(Claim claim, String cause) {
        LOG.warn(
                "Message {} of kind {} is a dead letter: {}",
                claim.entry().id(),
                claim.entry().message().kind(),
                cause);
        return outbox.dead(claim, cause);
    }

    private Delivery delivery(OutboxEntry entry) {
        var delivery = deliveries.get(entry.message().kind());
        if (delivery == null) {
            throw new IllegalStateException(
                    "no delivery of the kind " + entry.message().kind());
        }
        return delivery;
    }

    /** The pause after the n-th failed delivery, lengthened to what the receiver asked for within our own limit. */
    static Duration delay(RetryRules rules, int deliveries, double jitter, @Nullable Duration asked) {
        var longest = rules.maxBackoff();
        var delay = Duration.ofMillis(Math.max(1, (long) own(rules, deliveries, jitter)));
        if (asked == null || asked.compareTo(delay) <= 0) {
            return delay;
        }
        return asked.compareTo(longest) < 0 ? asked : delay.compareTo(longest) > 0 ? delay : longest;
    }

    private static double own(RetryRules rules, int deliveries, double jitter) {
        if (!rules.schedule().isEmpty()) {
            int place = Math.min(deliveries, rules.schedule().size()) - 1;
            return rules.schedule().get(place).toMillis() * jitter;
        }
        double millis = rules.backoff().toMillis() * Math.pow(2, Math.min(deliveries - 1, 40)) * jitter;
        return Math.min(millis, rules.maxBackoff().toMillis());
    }
}
