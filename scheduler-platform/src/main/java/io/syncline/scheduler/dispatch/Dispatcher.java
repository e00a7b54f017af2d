package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.catalog.MappingFailedException;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.run.CallOutcome;
import io.syncline.scheduler.run.CallResult;
import io.syncline.scheduler.run.CancelCall;
import io.syncline.scheduler.run.CancelOutcome;
import io.syncline.scheduler.run.CancelState;
import io.syncline.scheduler.run.ClaimedTask;
import io.syncline.scheduler.run.DueWork;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.LogContext;
import io.syncline.scheduler.security.LogPace;
import io.syncline.scheduler.security.Spans;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
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
 * One thread makes rounds: a round claims due task runs, per system and never more than its free slots, commits, and only
 * then sends. A commit on this node wakes it at once; work that another node made due, or that time made due, is found by
 * the poll. Other threads write the outcomes, renew the leases and sweep, so that a slow round never lets a lease run out.
 */
@Component
class Dispatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final long FAILED_ROUND_PAUSE_MILLIS = 1000;
    private static final int CANCEL_BATCH = 50;

    /** Lines a second about calls that failed. */
    private static final int FAILURE_LINES = 5;

    /** A node that was frozen after its claim must not call for one that has taken over. */
    private static final Duration SEND_WITHIN = Runs.LEASE.minusSeconds(2);

    private static final Duration NOTHING_FREE_PAUSE = Duration.ofMillis(50);
    private static final long LAST_PATIENCE_MILLIS = 3000;
    private static final int BELOW_THE_CLOCK = SmartLifecycle.DEFAULT_PHASE - 512;
    private static final int BAD_REQUEST = 400;
    private static final String SYNC = "SYNC";
    private static final String CANCEL = "CANCEL";

    private final Runs runs;
    private final Downstreams downstreams;
    private final SyncCall syncCall;
    private final OutcomeWriter outcomes;
    private final SteadyClock clock;
    private final DispatchProperties properties;
    private final Spans spans;
    private final LongSupplier nanos;
    private final WakeUp wakeUp;
    private final MappingThreads mappings = new MappingThreads();
    private final LogPace failures;
    private final AtomicInteger underWay = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    /** Systems with work that was announced or found, until a claim leaves free slots over: there may be more. */
    private final Set<String> hungry = ConcurrentHashMap.newKeySet();

    private volatile boolean claiming;
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
            Spans spans) {
        this(runs, downstreams, syncCall, outcomes, clock, properties, spans, System::nanoTime);
    }

    Dispatcher(
            Runs runs,
            Downstreams downstreams,
            SyncCall syncCall,
            OutcomeWriter outcomes,
            SteadyClock clock,
            DispatchProperties properties,
            Spans spans,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.spans = spans;
        this.runs = runs;
        this.downstreams = downstreams;
        this.syncCall = syncCall;
        this.outcomes = outcomes;
        this.clock = clock;
        this.properties = properties;
        this.wakeUp = new WakeUp(properties.poll());
        this.failures = new LogPace(FAILURE_LINES, nanos);
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(DueWork work) {
        wakeUp.after(work.systems());
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
        claiming = false;
        wakeUp.now(Set.of());
    }

    @Override
    public void start() {
        running = true;
        ended = new CountDownLatch(1);
        if (!properties.enabled()) {
            return;
        }
        claiming = true;
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
        while (claiming) {
            try {
                var woken = wakeUp.await(patience(claimed));
                claimed = 0;
                claimed = ConnectionPool.DISPATCH.call(() -> round(woken));
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
        if (hungry.isEmpty()) {
            return properties.poll();
        }
        return claimedLast > 0 ? properties.linger() : NOTHING_FREE_PAUSE;
    }

    private int round(WakeUp.Call woken) {
        // Kept until their turn has come, also when this round fails half-way.
        hungry.addAll(woken.systems());
        if (woken.poll()) {
            hungry.addAll(runs.dueSystems(downstreams.withFreeSlots()));
        }
        var systems = new ArrayList<>(hungry);
        // In any order, so that where the node's slots are scarce none is always served first.
        Collections.shuffle(systems);
        int claimed = 0;
        for (String system : systems) {
            if (claiming && !outcomes.isBehind()) {
                claimed += claimAndCallAlone(system);
            }
        }
        if (woken.poll() && claiming) {
            cancelCalls();
        }
        return claimed;
    }

    /** One system whose work cannot be claimed does not hold up the others; it is found again by the poll. */
    private int claimAndCallAlone(String system) {
        try {
            return claimAndCall(system);
        } catch (RuntimeException e) {
            if (PassingFailure.is(e)) {
                // That concerns all systems: each would wait for the database in turn.
                throw e;
            }
            LOG.error("work of system {} could not be claimed", system, e);
            hungry.remove(system);
            return 0;
        }
    }

    private int claimAndCall(String system) {
        int free = downstreams.reserve(system, properties.batch());
        if (free == 0) {
            hungry.add(system);
            return 0;
        }
        int claimed = 0;
        try {
            long claimedAt = nanos.getAsLong();
            for (ClaimedTask claim : runs.claim(system, free)) {
                if (nanos.getAsLong() - claimedAt > SEND_WITHIN.toNanos()) {
                    LOG.warn("run {} is not called: its lease is about to end, if it has not yet", claim.runId());
                } else {
                    claimed++;
                    call(claim);
                }
            }
        } finally {
            downstreams.release(system, free - claimed);
        }
        if (claimed == free) {
            hungry.add(system);
        } else {
            hungry.remove(system);
        }
        return claimed;
    }

    private static LogContext about(ClaimedTask claim, Spans.Span span) {
        return LogContext.of()
                .run(claim.runId())
                .taskRun(claim.taskRunId())
                .task(claim.task().key())
                .attempt(claim.attempt())
                .group(claim.group())
                .system(claim.task().system())
                .trace(span.traceparent());
    }

    private static LogContext about(CancelCall cancel, Spans.Span span) {
        return LogContext.of()
                .run(cancel.runId())
                .taskRun(cancel.taskRunId())
                .task(cancel.task().key())
                .attempt(cancel.attempt())
                .group(cancel.group())
                .system(cancel.task().system())
                .trace(span.traceparent());
    }

    private void call(ClaimedTask claim) {
        var span = spans.begin(Spans.Kind.CLIENT, "call " + claim.task().system(), claim.traceparent());
        if (span.told()) {
            span.with("syncline.run", claim.runId())
                    .with("syncline.task", claim.task().key())
                    .with("syncline.task_run", claim.taskRunId())
                    .with("syncline.group", claim.group())
                    .with("syncline.system", claim.task().system())
                    .with("syncline.attempt", (long) claim.attempt())
                    .with("syncline.round", (long) claim.round());
        }
        about(claim, span).during(() -> callWithin(claim, span));
    }

    private void callWithin(ClaimedTask claim, Spans.Span span) {
        if (claim.takenOver()) {
            LOG.info(
                    "took over {} of run {}: attempt {} round {}, its lease had run out",
                    claim.task().key(),
                    claim.runId(),
                    claim.attempt(),
                    claim.round());
        }
        outcomes.expect(claim);
        underWay.incrementAndGet();
        var sentAt = clock.now();
        send(claim, span.traceparent()).whenComplete((reply, failure) -> {
            if (claim.task().reply() == null) {
                judge(claim, span, sentAt, reply, failure);
            } else {
                mappings.execute(() -> judge(claim, span, sentAt, reply, failure));
            }
        });
    }

    private void judge(
            ClaimedTask claim, Spans.Span span, Instant sentAt, @Nullable Reply reply, @Nullable Throwable failure) {
        about(claim, span).during(() -> judgeWithin(claim, span, sentAt, reply == null ? failed(failure) : reply));
    }

    private void judgeWithin(ClaimedTask claim, Spans.Span span, Instant sentAt, Reply reply) {
        try {
            end(span, reply);
            answered(claim, sentAt, reply);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "the answer for {} of run {} could not be judged",
                    claim.task().key(),
                    claim.runId(),
                    e);
            outcomes.giveUp(claim);
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Never throws: a claim without an outcome would only be found again when its lease ends. */
    private CompletableFuture<Reply> send(ClaimedTask claim, String traceparent) {
        if (claim.task().request() != null) {
            return mappings.evaluate(() -> syncCall.of(claim, traceparent))
                    .handle((call, failure) -> call == null ? unsent(claim, failure) : call(claim, call, traceparent))
                    .thenCompose(reply -> reply);
        }
        return call(claim, null, traceparent);
    }

    private CompletableFuture<Reply> unsent(ClaimedTask claim, Throwable failure) {
        downstreams.release(claim.task().system(), 1);
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        var reason = cause instanceof MappingFailedException mapping
                ? "the call was not made, its request mapping failed: " + mapping.getMessage()
                : "the call was not made: " + cause;
        return CompletableFuture.completedFuture(new Reply.NoAnswer(reason, null, Duration.ZERO));
    }

    private CompletableFuture<Reply> call(ClaimedTask claim, @Nullable OutboundCall made, String traceparent) {
        try {
            return downstreams.call(made == null ? syncCall.of(claim, traceparent) : made);
        } catch (RuntimeException | Error e) {
            LOG.error("the call of {} of run {} could not be made", claim.task().key(), claim.runId(), e);
            downstreams.release(claim.task().system(), 1);
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Reply> send(CancelCall cancel, String traceparent) {
        try {
            return downstreams.call(syncCall.of(cancel, traceparent));
        } catch (RuntimeException | Error e) {
            LOG.error("the cancel call of run {} could not be made", cancel.runId(), e);
            downstreams.release(cancel.task().system(), 1);
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Reply failed(@Nullable Throwable failure) {
        return new Reply.NoAnswer("the call failed inside the platform: " + failure, null, Duration.ZERO);
    }

    private void answered(ClaimedTask claim, Instant sentAt, Reply reply) {
        var result = AnswerReader.read(reply, claim.taskRunId(), claim.task().reply(), sentAt.plus(reply.took()));
        if (result instanceof CallResult.Unauthorized) {
            downstreams.refreshCredential(claim.task().system(), claim.task().auth());
        }
        var row = new CallRow(
                Ids.next(),
                claim.taskRunId(),
                claim.runId(),
                SYNC,
                claim.attempt(),
                claim.round(),
                claim.fence(),
                sentAt,
                reply.took().toMillis(),
                reply.instance(),
                status(reply),
                outcomeOf(result),
                result.detail(),
                true,
                transcript(reply));
        tellOf(claim, row);
        outcomes.add(new CallOutcome(claim, result), row);
    }

    /** A failing downstream is told of, but not in as many lines as it is called. */
    private void tellOf(ClaimedTask claim, CallRow row) {
        var went = row.outcome().equals("ACCEPTED") || row.outcome().equals("REPORT");
        if (went) {
            LOG.debug(
                    "round {} of {}: {} {} after {} ms",
                    claim.round(),
                    claim.task().key(),
                    row.outcome(),
                    row.status(),
                    row.durationMs());
        } else if (failures.mayWrite()) {
            LOG.info(
                    "call of {} at system {} failed in round {}: {}{} ({} such lines left out before)",
                    claim.task().key(),
                    claim.task().system(),
                    claim.round(),
                    row.outcome(),
                    row.status() == null ? ", " + row.detail() : ", answered " + row.status(),
                    failures.leftOut());
        }
    }

    /** An outcome is worth more than the tale of it. */
    private static @Nullable String transcript(Reply reply) {
        try {
            return reply.transcript();
        } catch (RuntimeException e) {
            LOG.error("what was sent and what came cannot be told", e);
            return null;
        }
    }

    private static @Nullable Integer status(Reply reply) {
        return reply instanceof Reply.Answer answer ? answer.status() : null;
    }

    static String outcomeOf(CallResult result) {
        if (result instanceof CallResult.Accepted) {
            return "ACCEPTED";
        }
        if (result instanceof CallResult.Reported) {
            return "REPORT";
        }
        if (result instanceof CallResult.Unreadable) {
            return "UNREADABLE_REPLY";
        }
        if (result instanceof CallResult.RetryableStatus) {
            return "RETRYABLE_STATUS";
        }
        if (result instanceof CallResult.Unauthorized) {
            return "UNAUTHORIZED";
        }
        return result instanceof CallResult.Refused ? "REFUSED" : "UNKNOWN";
    }

    private void cancelCalls() {
        for (CancelCall cancel : runs.claimCancels(CANCEL_BATCH)) {
            var system = cancel.task().system();
            var sentAt = clock.now();
            if (downstreams.reserve(system, 1) == 0) {
                cancelled(cancel, sentAt, new Reply.NoAnswer("no free slot for the cancel call", null, Duration.ZERO));
                continue;
            }
            underWay.incrementAndGet();
            var span = spans.begin(Spans.Kind.CLIENT, "cancel " + system, cancel.traceparent())
                    .with("syncline.run", cancel.runId())
                    .with("syncline.task_run", cancel.taskRunId())
                    .with("syncline.system", system);
            about(cancel, span).during(() -> cancelCall(cancel, sentAt, span));
        }
    }

    private void cancelCall(CancelCall cancel, Instant sentAt, Spans.Span span) {
        send(cancel, span.traceparent())
                .whenComplete((reply, failure) -> about(cancel, span).during(() -> {
                    try {
                        var known = reply == null ? failed(failure) : reply;
                        end(span, known);
                        cancelled(cancel, sentAt, known);
                    } finally {
                        underWay.decrementAndGet();
                    }
                }));
    }

    private static void end(Spans.Span span, Reply reply) {
        if (reply instanceof Reply.Answer answer) {
            span.with("http.response.status_code", (long) answer.status())
                    .with("url.full", answer.instance())
                    .end(answer.status() >= BAD_REQUEST ? "answered " + answer.status() : null);
        } else if (reply instanceof Reply.NoAnswer none) {
            span.with("url.full", none.instance()).end(none.cause());
        }
    }

    private void cancelled(CancelCall cancel, Instant sentAt, Reply reply) {
        var status = status(reply);
        if (status != null && status == 401) {
            downstreams.refreshCredential(cancel.task().system(), cancel.task().auth());
        }
        var state = cancelState(status);
        var detail = reply instanceof Reply.NoAnswer none ? none.cause() : "answered " + status;
        var row = new CallRow(
                Ids.next(),
                cancel.taskRunId(),
                cancel.runId(),
                CANCEL,
                cancel.attempt(),
                cancel.failedCalls() + 1,
                cancel.fence(),
                sentAt,
                reply.took().toMillis(),
                reply.instance(),
                status,
                state == CancelState.PENDING ? "UNKNOWN" : state.name(),
                detail,
                true,
                transcript(reply));
        var retryAfter = reply instanceof Reply.Answer answer
                ? AnswerReader.retryAfter(answer, sentAt.plus(reply.took()))
                : null;
        outcomes.add(new CancelOutcome(cancel, state, retryAfter), row);
    }

    private static CancelState cancelState(@Nullable Integer status) {
        if (status == null) {
            return CancelState.PENDING;
        }
        if ((status >= 200 && status < 300) || status == 404 || status == 410) {
            return CancelState.CONFIRMED;
        }
        var repeated =
                status < 400 || status >= 500 || status == 401 || status == 408 || status == 425 || status == 429;
        return repeated ? CancelState.PENDING : CancelState.REFUSED;
    }

    private void writeOutcomes() {
        while (running) {
            try {
                outcomes.writeNext(100, underWay.get());
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
        var end = System.nanoTime() + properties.drain().toNanos();
        try {
            if (!threads.isEmpty()) {
                // The last round may still be about to send what it has claimed.
                threads.get(0).join(Math.max(1, millisUntil(end)));
            }
            while (underWay.get() > 0 && System.nanoTime() < end && pause(20)) {
                LOG.debug("waiting for {} calls", underWay.get());
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
