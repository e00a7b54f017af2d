package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.RunsMoved;
import io.syncline.scheduler.run.StartedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Senders that wait for the end of their runs. A waiter is a few fields: it holds neither a thread nor a connection. Runs that
 * end on this node wake it after their commit; one thread looks for those that other nodes ended, in one statement for all
 * waiters, and answers.
 */
@Component
class Waiters implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);

    /** Ends that may be heard between the commit of a message and the moment at which its sender begins to wait. */
    private static final int MOST_REMEMBERED = 5000;

    private final Runs runs;
    private final JdbcTriggerMessages messages;
    private final TriggerProperties properties;
    private final Semaphore places;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final Set<String> lastEnded = new LinkedHashSet<>();
    private boolean woken;
    private long polledNanos = System.nanoTime();
    private volatile boolean running;
    private @Nullable Thread reader;

    Waiters(Runs runs, JdbcTriggerMessages messages, TriggerProperties properties, MeterRegistry meters) {
        this.runs = runs;
        this.messages = messages;
        this.properties = properties;
        this.places = new Semaphore(properties.maxWaiters());
        meters.gauge("syncline_trigger_waiters", places, free -> properties.maxWaiters() - free.availablePermits());
    }

    /** Takes a place before the message is stored; false: none is free. */
    boolean reserve() {
        return places.tryAcquire();
    }

    /** Gives back the place of a sender that does not wait after all. */
    void release() {
        places.release();
    }

    /** Waits in a place that was reserved; it is free again when the answer is there, or was cancelled. */
    Waiter await(String triggerId, Collection<StartedRun> started, Duration atMost) {
        var waiter = new Waiter(triggerId, started, System.nanoTime() + atMost.toNanos());
        waiter.answer.whenComplete((answer, failure) -> {
            places.release();
            forget(waiter);
        });
        lock.lock();
        try {
            if (running) {
                waiting.add(waiter);
                waiter.ended(lastEnded);
                woken = woken || waiter.isWoken();
                called.signal();
                return waiter;
            }
        } finally {
            lock.unlock();
        }
        waiter.giveUp();
        return waiter;
    }

    private void forget(Waiter waiter) {
        lock.lock();
        try {
            waiting.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(RunsMoved moved) {
        var ended = moved.ended();
        if (ended.isEmpty() || nobodyReserved()) {
            return;
        }
        lock.lock();
        try {
            lastEnded.addAll(ended);
            for (var oldest = lastEnded.iterator(); lastEnded.size() > MOST_REMEMBERED; ) {
                oldest.next();
                oldest.remove();
            }
            for (Waiter waiter : waiting) {
                waiter.ended(ended);
                woken = woken || waiter.isWoken();
            }
            if (woken) {
                called.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean nobodyReserved() {
        return places.availablePermits() == properties.maxWaiters();
    }

    private void readAll() {
        while (running) {
            try {
                var isPoll = awaitCall();
                look(isPoll);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                // Errors too: without this thread nobody would be answered before the time is over.
                LOG.warn("the runs that senders wait for could not be read, they are read again: {}", e.toString());
            }
        }
    }

    /** Waits until a waiter was woken, the time of one is over or it is time to look; whether it is that. */
    private boolean awaitCall() throws InterruptedException {
        lock.lock();
        try {
            while (running && waiting.isEmpty()) {
                if (nobodyReserved()) {
                    lastEnded.clear();
                }
                called.await(1, TimeUnit.SECONDS);
            }
            long now = System.nanoTime();
            long left = polledNanos + properties.waitPoll().toNanos() - now;
            for (Waiter waiter : waiting) {
                left = Math.min(left, waiter.endNanos - now);
            }
            while (running && !woken && left > 0) {
                left = called.awaitNanos(left);
            }
            woken = false;
            now = System.nanoTime();
            var isPoll = now - polledNanos >= properties.waitPoll().toNanos();
            if (isPoll) {
                polledNanos = now;
            }
            return isPoll;
        } finally {
            lock.unlock();
        }
    }

    private void look(boolean isPoll) {
        try {
            if (isPoll) {
                hearOthers();
            }
            read();
        } finally {
            giveUpThoseInTime();
        }
    }

    /** What ended on other nodes, or unheard. */
    private void hearOthers() {
        var open = new HashSet<String>();
        locked(() -> waiting.forEach(waiter -> open.addAll(waiter.open())));
        var ended = runs.ended(open);
        locked(() -> waiting.forEach(waiter -> waiter.ended(ended)));
    }

    private void read() {
        var toRead = new ArrayList<Waiter>();
        locked(() -> waiting.stream().filter(Waiter::isToBeRead).forEach(toRead::add));
        if (toRead.isEmpty()) {
            return;
        }
        var ids = toRead.stream().map(waiter -> waiter.triggerId).distinct().toList();
        // Asked before their runs are read: what is verified after this has its runs when it is read again.
        var verifying = messages.verifying(toRead.stream()
                .filter(waiter -> waiter.open().isEmpty())
                .map(waiter -> waiter.triggerId)
                .distinct()
                .toList());
        var outcomes = runs.outcomes(ids);
        var ended = new ArrayList<Waiter>();
        locked(() -> toRead.stream()
                .filter(waiter -> !verifying.contains(waiter.triggerId))
                .filter(waiter -> waiter.seesAllEnded(outcomes.getOrDefault(waiter.triggerId, List.of())))
                .forEach(ended::add));
        // Outside of the lock: what follows an answer is not this class's.
        ended.forEach(
                waiter -> waiter.answer.complete(Optional.of(outcomes.getOrDefault(waiter.triggerId, List.of()))));
    }

    private void giveUpThoseInTime() {
        var over = new ArrayList<Waiter>();
        long now = System.nanoTime();
        locked(() ->
                waiting.stream().filter(waiter -> waiter.endNanos - now <= 0).forEach(over::add));
        over.forEach(Waiter::giveUp);
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        running = true;
        var thread = new Thread(this::readAll, "trigger-waiters");
        thread.setDaemon(true);
        reader = thread;
        thread.start();
    }

    /** Before the web server waits for its requests to end: senders are told at once that their runs go on. */
    @Override
    public void stop() {
        var all = new ArrayList<Waiter>();
        locked(() -> {
            // Under the lock: who comes after this is not among those who wait.
            running = false;
            all.addAll(waiting);
            called.signalAll();
        });
        all.forEach(Waiter::giveUp);
        var thread = reader;
        reader = null;
        if (thread != null) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(3));
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
