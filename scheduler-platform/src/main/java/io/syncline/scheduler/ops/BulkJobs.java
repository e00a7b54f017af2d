package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.BulkItems.Outcome;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.tracing.TraceContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Orders for many runs at once: taken here, worked off by {@link BulkWorker} on any node. */
@Component
class BulkJobs implements Expiring {

    /** More runs than this are not taken in one job. */
    static final int MOST_RUNS = 10_000;

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int SAMPLE = 10;
    private static final int REFUSALS = 20;
    private static final int MOST_PURGES = 20;

    private final JdbcBulkJobs jobs;
    private final JdbcRunViews runs;
    private final BulkItems items;
    private final Audit audit;
    private final DatabaseClock clock;
    private final ApplicationEventPublisher events;
    private final JsonMapper json;
    private final TransactionTemplate transaction;

    BulkJobs(
            JdbcBulkJobs jobs,
            JdbcRunViews runs,
            BulkItems items,
            Audit audit,
            DatabaseClock clock,
            ApplicationEventPublisher events,
            JsonMapper json,
            PlatformTransactionManager transactions) {
        this.jobs = jobs;
        this.runs = runs;
        this.items = items;
        this.audit = audit;
        this.clock = clock;
        this.events = events;
        this.json = json;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Published in the transaction that makes a job. */
    record Ordered(String jobId) {}

    /** @param sample what would become of the first runs */
    record DryRun(boolean dryRun, int matched, List<Outcome> sample) {}

    /**
     * @param matched how many runs the caller means; null: however many there are
     * @throws ProblemException 422 when there are too many runs, 409 when there are more or fewer than are meant
     */
    BulkView create(
            BulkOrder order,
            RunFilter filter,
            JsonNode asked,
            @Nullable Integer matched,
            String reason,
            Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var found = found(filter, caller);
            if (matched != null && matched != found.size()) {
                throw ProblemException.of(409, "selection-changed", "Other runs match by now")
                        .detail("The filter holds for " + found.size() + " runs by now, not for " + matched
                                + ". Nothing was ordered; look at them and send the order again.")
                        .member("matched", found.size());
            }
            var now = clock.now();
            var job = new BulkJob(
                    Ids.next(),
                    found.isEmpty() ? BulkJob.COMPLETED : BulkJob.RUNNING,
                    order.wire(),
                    json.writeValueAsString(asked),
                    json.writeValueAsString(order.details()),
                    reason,
                    caller.subject(),
                    caller.person() != null,
                    found.size(),
                    TraceContext.current().orElse(null),
                    now,
                    found.isEmpty() ? now : null,
                    null);
            jobs.insert(job, found);
            audit.record(
                    caller.subject(),
                    "bulk",
                    "bulk",
                    job.jobId(),
                    reason,
                    Map.of("action", order.wire(), "filter", asked, "matched", found.size()));
            events.publishEvent(new Ordered(job.jobId()));
            return view(job);
        }));
    }

    DryRun dryRun(BulkOrder order, RunFilter filter, String reason, Caller caller) {
        var found = Objects.requireNonNull(transaction.execute(status -> found(filter, caller)));
        var operator = new Operator(caller.subject(), reason);
        // Each alone, as they will be worked off: the locks of one run are given back before those of the next are
        // taken.
        var sample = found.stream()
                .limit(SAMPLE)
                .map(run -> Objects.requireNonNull(transaction.execute(status -> {
                    status.setRollbackOnly();
                    return foreseen(order, run, operator, caller);
                })))
                .toList();
        return new DryRun(true, found.size(), sample);
    }

    private Outcome foreseen(BulkOrder order, String runId, Operator operator, Caller caller) {
        try {
            return items.attempt(order, null, runId, operator, caller.labels(), true);
        } catch (QueueFullException e) {
            // All is rolled back anyway.
            return new Outcome(
                    runId,
                    BulkJob.SKIPPED,
                    "queue-full",
                    RunActions.queueFull(e).detail(),
                    List.of());
        }
    }

    private List<String> found(RunFilter filter, Caller caller) {
        var found = runs.ids(filter, MOST_RUNS + 1, caller.labels());
        if (found.size() > MOST_RUNS) {
            throw ProblemException.of(422, "too-many-runs", "Too many runs")
                    .detail("The filter holds for more than " + MOST_RUNS
                            + " runs, which is the most that one job takes. Narrow it, by group, state or time.")
                    .error("/filter", "holds for more than " + MOST_RUNS + " runs", "too-many-runs");
        }
        return found;
    }

    /** @throws ProblemException 404 when there is none, or it is somebody else's and the caller does not reach all labels */
    BulkView find(String jobId, Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> view(reached(jobId, caller))));
    }

    private BulkJob reached(String jobId, Caller caller) {
        return jobs.find(jobId)
                .filter(job -> caller.labels().all() || isAskedBy(job, caller))
                .orElseThrow(() -> unknown(jobId));
    }

    /** A person and a client may bear one name. */
    private static boolean isAskedBy(BulkJob job, Caller caller) {
        return job.askedBy().equals(caller.subject()) && job.isPerson() == (caller.person() != null);
    }

    PageView<BulkView> page(@Nullable String cursor, int limit, Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var askedBy = caller.labels().all() ? null : caller.subject();
            var found = jobs.page(askedBy, caller.person() != null, ListCursor.read("bulk", cursor), limit + 1);
            var page = found.stream().limit(limit).map(this::view).toList();
            return new PageView<>(
                    page,
                    found.size() <= limit
                            ? null
                            : ListCursor.write("bulk", page.get(limit - 1).bulkId()));
        }));
    }

    /** Nothing more is done; what was done stays. */
    BulkView cancel(String jobId, String reason, Caller caller, boolean dryRun) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var job = reached(jobId, caller);
            if (!jobs.end(jobId, BulkJob.CANCELLED, caller.subject(), clock.now())) {
                var state = reached(jobId, caller).state();
                throw ProblemException.of(409, "illegal-action", "The action is not legal now")
                        .detail("The job is " + state + "; nothing of it is left to do.")
                        .member("currentState", state)
                        .member("allowedActions", List.of());
            }
            var after = view(reached(jobId, caller));
            if (dryRun) {
                status.setRollbackOnly();
            } else {
                audit.record(
                        caller.subject(),
                        "cancel",
                        "bulk",
                        jobId,
                        reason,
                        Map.of("from", job.state(), "to", after.state(), "counts", after.counts()));
            }
            return after;
        }));
    }

    private BulkView view(BulkJob job) {
        return new BulkView(
                job.jobId(),
                job.state(),
                job.action(),
                json.readTree(job.filter()),
                job.reason(),
                job.askedBy(),
                job.createdAt(),
                job.endedAt(),
                job.endedBy(),
                jobs.counts(job),
                jobs.refusals(job.jobId(), REFUSALS));
    }

    static ProblemException unknown(String jobId) {
        return ProblemException.of(404, "not-found", "Not found").detail("There is no bulk job " + jobId + ".");
    }

    @Override
    public void purge() {
        for (int batch = 0; batch < MOST_PURGES; batch++) {
            Integer removed =
                    transaction.execute(status -> jobs.purge(clock.now().minus(KEPT)));
            if (removed == null || removed == 0) {
                return;
            }
        }
    }
}
