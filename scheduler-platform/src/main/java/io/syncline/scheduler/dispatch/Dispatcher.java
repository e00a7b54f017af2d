package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.run.DueWork;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.scheduler.store.SteadyClock;
import io.syncline.tracing.Spans;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The threads of dispatch. One makes {@link Rounds}: a commit on this node wakes it at once; work that another node made due,
 * or that time made due, is found by the poll. Other threads write the outcomes, renew the leases and sweep, so that a slow
 * round never lets a lease run out.
 */
@Component
class Dispatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final long FAILED_ROUND_PAUSE_MILLIS = 1000;

    /** Where time makes work due, as it does for what is called again at its interval, more will soon be due. */
    private static final Duration FOUND_PAUSE = Duration.ofMillis(100);

    private static final Duration NOTHING_FREE_PAUSE = Duration.ofMillis(50);
    private static final long LAST_PATIENCE_MILLIS = 3000;
    private static final int BELOW_THE_CLOCK = SmartLifecycle.DEFAULT_PHASE - 512;

    private final Runs runs;
    private final Downstreams downstreams;
    private final Neighbours neighbours;
    private final Rounds rounds;
    private final OutcomeWriter outcomes;
    private final DispatchProperties properties;
    private final WakeUp wakeUp;
    private final List<Thread> threads = new ArrayList<>();

    private volatile boolean running;
    private volatile CountDownLatch ended = new CountDownLatch(1);

    @Autowired
    Dispatcher(
            Runs runs,
            Downstreams downstreams,
            SyncCall syncCall,
            OutcomeWriter outcomes,
            SteadyClock clock,
            DispatchProperties properties,
            Neighbours neighbours,
            Spans spans) {
        this(runs, downstreams, syncCall, outcomes, clock, properties, neighbours, spans, System::nanoTime);
    }

    Dispatcher(
            Runs runs,
            Downstreams downstreams,
            SyncCall syncCall,
            OutcomeWriter outcomes,
            SteadyClock clock,
            DispatchProperties properties,
            Neighbours neighbours,
            Spans spans,
            LongSupplier nanos) {
        this.runs = runs;
        this.downstreams = downstreams;
        this.neighbours = neighbours;
        this.outcomes = outcomes;
        this.properties = properties;
        this.wakeUp = new WakeUp(properties.poll());
        this.rounds =
                new Rounds(runs, downstreams, syncCall, outcomes, clock, properties, spans, nanos, new SecureRandom());
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(DueWork work) {
        wakeUp.after(work.systems());
        var beyondUs = work.systems().entrySet().stream()
                .filter(entry -> entry.getValue().isZero())
                .map(Map.Entry::getKey)
                .filter(system -> !properties.enabled() || !downstreams.hasFreeSlot(system))
                .collect(Collectors.toUnmodifiableSet());
        neighbours.tell(beyondUs);
    }

    /**
     * Begins no call any more as soon as the node refuses requests: what stops before this, such as a message on its way to a
     * slow channel, may take its time.
     */
    @EventListener
    void on(ContextClosedEvent closed) {
        beginNoMore();
    }

    private void beginNoMore() {
        rounds.end();
        wakeUp.now(Set.of());
    }

    @Override
    public void start() {
        running = true;
        ended = new CountDownLatch(1);
        neighbours.start(properties.enabled() ? wakeUp::now : null);
        if (!properties.enabled()) {
            return;
        }
        rounds.begin();
        thread("dispatch-rounds", this::makeRounds);
        thread("dispatch-outcomes", this::writeOutcomes);
        thread("dispatch-leases", this::renewLeases);
        thread("dispatch-sweeps", this::sweep);
    }

    private void thread(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void makeRounds() {
        int claimed = 0;
        while (rounds.mayClaim()) {
            try {
                var woken = wakeUp.await(patience(claimed));
                claimed = 0;
                claimed = ConnectionPool.DISPATCH.call(() -> rounds.make(woken));
                if (rounds.mayFindSoon()) {
                    wakeUp.pollWithin(FOUND_PAUSE);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                // Errors too: a node that lives without this thread would keep its share and call nobody.
                tellOfFailedRound(e);
                if (!pause(FAILED_ROUND_PAUSE_MILLIS)) {
                    return;
                }
            }
        }
    }

    /** A database that is away is no fault of ours: one line a second says enough. */
    private static void tellOfFailedRound(Throwable failure) {
        if (failure instanceof RuntimeException passing && PassingFailure.is(passing)) {
            LOG.warn(
                    "nothing can be claimed now, the next round is in {} ms: {}",
                    FAILED_ROUND_PAUSE_MILLIS,
                    failure.getMessage());
        } else {
            LOG.warn("a round failed, the next one is in {} ms", FAILED_ROUND_PAUSE_MILLIS, failure);
        }
    }

    /** Where slots come free one by one, a short wait makes one claim of many. */
    private Duration patience(int claimedLast) {
        if (!rounds.isHungry()) {
            return properties.poll();
        }
        return claimedLast > 0 ? properties.linger() : NOTHING_FREE_PAUSE;
    }

    private void writeOutcomes() {
        while (running) {
            try {
                var wait = outcomes.writeNext(100, rounds.underWay());
                if (!wait.isZero()) {
                    pause(wait.toMillis());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("outcomes were lost; their calls are repeated when their leases end", e);
            }
        }
    }

    private void renewLeases() {
        while (running && pause(properties.renewal().toMillis())) {
            try {
                ConnectionPool.DISPATCH.call(() -> runs.renewLeases(outcomes.inHand()));
                ConnectionPool.DISPATCH.call(runs::hastenLost);
            } catch (RuntimeException | Error e) {
                LOG.warn(
                        "the leases of {} calls were not renewed, tried again in {}; after {} other nodes repeat them: {}",
                        outcomes.inHand().size(),
                        properties.renewal(),
                        Runs.LEASE,
                        e.toString());
            }
        }
    }

    /** The cluster's clock sweeps too, and more often; this finds what is left when the clock is stuck. */
    private void sweep() {
        while (running && pause(properties.sweep().toMillis())) {
            try {
                var swept = ConnectionPool.DISPATCH.call(runs::sweep);
                if (!swept.isEmpty()) {
                    LOG.info("swept: {}", swept);
                }
            } catch (RuntimeException | Error e) {
                LOG.warn("a sweep failed, the next one is in {}: {}", properties.sweep(), e.toString());
            }
        }
    }

    /** Whether it lasted; the end of all work cuts it short. */
    private boolean pause(long millis) {
        try {
            return !ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /**
     * Claims nothing more, then waits for the calls under way and their outcomes. Threads end by themselves; an interrupt,
     * at which H2 would close its file, is the last resort.
     */
    @Override
    public void stop() {
        beginNoMore();
        neighbours.stop();
        var end = System.nanoTime() + properties.drain().toNanos();
        try {
            if (!threads.isEmpty()) {
                // The last round may still be about to send what it has claimed.
                threads.get(0).join(Math.max(1, millisUntil(end)));
            }
            while (rounds.underWay() > 0 && System.nanoTime() < end && pause(20)) {
                LOG.debug("waiting for {} calls", rounds.underWay());
            }
            outcomes.awaitWritten(Math.max(1000, millisUntil(end)));
            running = false;
            ended.countDown();
            var last = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_PATIENCE_MILLIS);
            for (Thread thread : threads) {
                thread.join(Math.max(1, millisUntil(last)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
        ended.countDown();
        threads.forEach(Thread::interrupt);
        threads.clear();
    }

    private static long millisUntil(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
    }

    /** Starts before the cluster's clock and stops after it, and both before the web server, which takes callbacks. */
    @Override
    public int getPhase() {
        return BELOW_THE_CLOCK;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
