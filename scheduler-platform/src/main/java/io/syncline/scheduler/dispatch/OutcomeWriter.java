package io.syncline.scheduler.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.run.CallOutcome;
import io.syncline.scheduler.run.CancelOutcome;
import io.syncline.scheduler.run.ClaimedTask;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.PassingFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes outcomes in batches: state, next due time, journal and call rows in one transaction. The queue is bounded by the
 * dispatcher, which claims nothing while this writer {@link #isBehind() is behind}. An outcome is never dropped while this node lives; if
 * the database is away it is written when that is back, and if this node dies its lease ends and the call is repeated.
 */
@Component
class OutcomeWriter {

    /** So many batches may wait to be written before nothing more is claimed. */
    private static final int MOST_BATCHES_WAITING = 10;

    /** While so much waits to be written, outcomes are kept without what was sent and what came. */
    private static final long MOST_CHARACTERS = 16 << 20;

    /** Outcomes under way that make waiting for company worth it. */
    private static final int BUSY = 4;

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);

    private sealed interface Ended {
        CallRow row();
    }

    private record Done(CallOutcome outcome, CallRow row) implements Ended {}

    private record CancelDone(CancelOutcome outcome, CallRow row) implements Ended {}

    private final Runs runs;
    private final Calls calls;
    private final TransactionTemplate transactions;
    private final DispatchProperties properties;
    private final Counter stale;
    private final BlockingQueue<Ended> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger unwritten = new AtomicInteger();
    private final AtomicLong unwrittenCharacters = new AtomicLong();
    private final Object written = new Object();

    /** What was taken off the queue: one batch, or the members of one that could not be written together. */
    private final Queue<List<Ended>> batches = new ArrayDeque<>();

    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /** Calls whose outcome is still to come or to be written, by task run: the leases that this node renews. */
    private final Map<String, ClaimedTask> inHand = new ConcurrentHashMap<>();

    OutcomeWriter(
            Runs runs,
            Calls calls,
            PlatformTransactionManager transactions,
            DispatchProperties properties,
            MeterRegistry meters) {
        this.runs = runs;
        this.calls = calls;
        this.transactions = new TransactionTemplate(transactions);
        this.properties = properties;
        this.stale = Counter.builder("syncline.stale.outcomes")
                .description("Outcomes rejected because the claim no longer stood")
                .register(meters);
        Gauge.builder("syncline.outcomes.unwritten", unwritten, AtomicInteger::get)
                .description("Outcomes of calls of this node that are not in the database yet")
                .register(meters);
    }

    /** A call is about to be made; its lease is this node's until its outcome is written. */
    void expect(ClaimedTask claim) {
        inHand.put(claim.taskRunId(), claim);
    }

    /** There will be no outcome: the lease ends, and the call is made again. */
    void giveUp(ClaimedTask claim) {
        inHand.computeIfPresent(claim.taskRunId(), (taskRunId, known) -> known.fence() == claim.fence() ? null : known);
    }

    Collection<ClaimedTask> inHand() {
        return List.copyOf(inHand.values());
    }

    /** Whether so much waits to be written that nothing more should be claimed. */
    boolean isBehind() {
        return unwritten.get() >= MOST_BATCHES_WAITING * properties.batch();
    }

    void add(CallOutcome outcome, CallRow row) {
        unwritten.incrementAndGet();
        queue.add(new Done(outcome, held(row)));
    }

    void add(CancelOutcome outcome, CallRow row) {
        unwritten.incrementAndGet();
        queue.add(new CancelDone(outcome, held(row)));
    }

    private CallRow held(CallRow row) {
        if (unwrittenCharacters.addAndGet(row.transcriptLength()) <= MOST_CHARACTERS) {
            return row;
        }
        unwrittenCharacters.addAndGet(-row.transcriptLength());
        return row.withoutTranscript();
    }

    /**
     * Writes what there is, waiting up to {@code patience} for the first; {@code underWay} calls may soon add more. To be
     * called by one thread.
     *
     * @return how long to wait before the next call, because the database is away; what it did not take is written then
     */
    Duration writeNext(long patienceMillis, int underWay) throws InterruptedException {
        if (batches.isEmpty()) {
            take(patienceMillis, underWay);
        }
        while (!batches.isEmpty()) {
            var batch = batches.element();
            try {
                ConnectionPool.DISPATCH.run(() -> writeOnce(batch));
                pauseMillis = FIRST_PAUSE_MILLIS;
                dealtWith(batch);
            } catch (RuntimeException e) {
                if (PassingFailure.is(e)) {
                    return pause(e);
                }
                if (batch.size() > 1) {
                    // One bad row must not hold up the others.
                    LOG.warn("a batch of {} outcomes could not be written, writing them one by one", batch.size(), e);
                    batches.remove();
                    batch.forEach(one -> batches.add(List.of(one)));
                } else {
                    LOG.error(
                            "{} cannot be written; the call will be repeated when its lease ends",
                            named(batch.get(0)),
                            e);
                    dealtWith(batch);
                }
            } catch (Error e) {
                dealtWith(batch);
                throw e;
            }
        }
        return Duration.ZERO;
    }

    private void take(long patienceMillis, int underWay) throws InterruptedException {
        var first = queue.poll(patienceMillis, TimeUnit.MILLISECONDS);
        if (first == null) {
            return;
        }
        if (underWay > BUSY && queue.size() < underWay) {
            LockSupport.parkNanos(properties.linger().toNanos());
        }
        var batch = new ArrayList<Ended>();
        batch.add(first);
        queue.drainTo(batch, properties.batch() - 1);
        batches.add(batch);
    }

    private Duration pause(RuntimeException failure) {
        var pause = Duration.ofMillis(pauseMillis);
        LOG.warn("outcomes cannot be written now, trying again in {} ms: {}", pauseMillis, failure.getMessage());
        pauseMillis = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        return pause;
    }

    /** Of the first batch in line. */
    private void dealtWith(List<Ended> batch) {
        batches.remove();
        for (Ended one : batch) {
            unwrittenCharacters.addAndGet(-one.row().transcriptLength());
            if (one instanceof Done done) {
                giveUp(done.outcome().claim());
            }
        }
        synchronized (written) {
            unwritten.addAndGet(-batch.size());
            written.notifyAll();
        }
    }

    /** Without what the downstream or the sender said: that is data. */
    private static String named(Ended one) {
        var row = one.row();
        return "the outcome " + row.outcome() + " of task run " + row.taskRunId() + " of run " + row.runId()
                + ", attempt " + row.attempt() + " round " + row.round() + ",";
    }

    private void writeOnce(List<Ended> batch) {
        transactions.executeWithoutResult(status -> {
            var done = batch.stream()
                    .filter(Done.class::isInstance)
                    .map(Done.class::cast)
                    .toList();
            var cancels = batch.stream()
                    .filter(CancelDone.class::isInstance)
                    .map(CancelDone.class::cast)
                    .toList();
            var rows = new ArrayList<CallRow>();
            if (!done.isEmpty()) {
                var applied = runs.record(done.stream().map(Done::outcome).toList());
                for (int i = 0; i < done.size(); i++) {
                    rows.add(done.get(i).row().withApplied(applied.get(i)));
                    if (!applied.get(i)) {
                        stale.increment();
                    }
                }
            }
            if (!cancels.isEmpty()) {
                runs.recordCancels(cancels.stream().map(CancelDone::outcome).toList());
                cancels.forEach(cancel -> rows.add(cancel.row()));
            }
            calls.append(rows);
        });
    }

    /** Waits until everything added so far is written; false when that took too long. */
    boolean awaitWritten(long millis) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (written) {
            while (unwritten.get() > 0) {
                var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                written.wait(left);
            }
        }
        return true;
    }
}
