package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.JdbcBulkJobs.Item;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.Standing;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.tracing.TraceContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Works off bulk jobs, one at a time on each node and each on one node at a time. A run, its audit entry and the note that it
 * was done are one transaction, so that a job whose node died goes on where it stopped, and nothing is done twice.
 */
@Component
class BulkWorker implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(BulkWorker.class);

    /** Renewed before every batch; longer than a batch takes. */
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final int BATCH = 20;
    private static final int MOST_TRIES = 3;
    private static final long LOOK_EVERY_MILLIS = 2000;
    private static final String PLATFORM = "syncline";

    private final JdbcBulkJobs jobs;
    private final BulkItems items;
    private final Standing standing;
    private final DatabaseClock clock;
    private final Nodes nodes;
    private final JsonMapper json;
    private final TransactionTemplate transaction;
    private final Semaphore wakeUp = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread worker;

    BulkWorker(
            JdbcBulkJobs jobs,
            BulkItems items,
            Standing standing,
            DatabaseClock clock,
            Nodes nodes,
            JsonMapper json,
            PlatformTransactionManager transactions) {
        this.jobs = jobs;
        this.items = items;
        this.standing = standing;
        this.clock = clock;
        this.nodes = nodes;
        this.json = json;
        this.transaction = new TransactionTemplate(transactions);
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    public void on(BulkJobs.Ordered ordered) {
        wakeUp.release();
    }

    @Override
    public void start() {
        running = true;
        var thread = new Thread(this::work, "bulk");
        thread.setDaemon(true);
        worker = thread;
        thread.start();
    }

    private void work() {
        while (running) {
            try {
                if (!ConnectionPool.BULK.call(this::workOnce)) {
                    wakeUp.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                    wakeUp.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.warn("A bulk job could not go on; it is taken up again", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes a job that nobody works on, as far as it goes; false when there is none. */
    boolean workOnce() {
        var taken = inTransaction(() -> {
            var now = clock.now();
            return jobs.take(nodes.self(), now, now.plus(LEASE));
        });
        taken.ifPresent(this::workOff);
        return taken.isPresent();
    }

    private void workOff(BulkJob job) {
        var order = BulkOrder.of(job.action(), json.readValue(job.details(), BulkOrder.Details.class));
        while (running) {
            // Whoever asked may have lost what it took to ask.
            var labels = standing.labels(job.askedBy(), job.isPerson(), Scope.RUNS_OPERATE);
            if (labels.isEmpty()) {
                inTransaction(() -> jobs.end(job.jobId(), BulkJob.CANCELLED, PLATFORM, clock.now()));
                LOG.warn("Bulk job {} ends: {} may no longer operate runs", job.jobId(), job.askedBy());
                return;
            }
            var batch = inTransaction(
                    () -> jobs.renew(job.jobId(), nodes.self(), clock.now().plus(LEASE))
                            ? Optional.of(jobs.next(job.jobId(), BATCH))
                            : Optional.<List<Item>>empty());
            if (batch.isEmpty()) {
                return;
            }
            if (batch.get().isEmpty()) {
                inTransaction(() -> jobs.end(job.jobId(), BulkJob.COMPLETED, null, clock.now()));
                return;
            }
            for (Item item : batch.get()) {
                TraceContext.call(job.traceparent(), () -> {
                    workOff(job, order, item, labels.get());
                    return null;
                });
            }
        }
        inTransaction(() -> {
            jobs.release(job.jobId(), nodes.self());
            return true;
        });
    }

    private void workOff(BulkJob job, BulkOrder order, Item item, Labels labels) {
        for (int attempt = 1; ; attempt++) {
            try {
                inTransaction(() -> {
                    if (jobs.begin(item)) {
                        var operator = new Operator(job.askedBy(), job.reason());
                        var outcome = items.attempt(order, job.jobId(), item.runId(), operator, labels, false);
                        if (outcome.reason() != null) {
                            jobs.refuse(
                                    item,
                                    outcome.outcome(),
                                    outcome.reason(),
                                    outcome.detail() == null ? outcome.reason() : outcome.detail());
                        }
                    }
                    return true;
                });
                return;
            } catch (QueueFullException e) {
                inTransaction(() -> {
                    jobs.refusePending(
                            item,
                            BulkJob.SKIPPED,
                            "queue-full",
                            Objects.requireNonNull(RunActions.queueFull(e).detail()));
                    return true;
                });
                return;
            } catch (RuntimeException e) {
                var passes = PassingFailure.is(e);
                if (passes && attempt < MOST_TRIES) {
                    continue;
                }
                LOG.warn("Run {} of bulk job {} could not be worked off", item.runId(), job.jobId(), e);
                inTransaction(() -> {
                    jobs.refusePending(
                            item,
                            BulkJob.FAILED,
                            passes ? "unavailable" : "internal-error",
                            passes
                                    ? "The database did not take it in " + MOST_TRIES + " tries; order it again."
                                    : "The platform failed at it; its log says more.");
                    return true;
                });
                return;
            }
        }
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    @Override
    public void stop() {
        running = false;
        wakeUp.release();
        var thread = worker;
        if (thread != null) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(5));
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
