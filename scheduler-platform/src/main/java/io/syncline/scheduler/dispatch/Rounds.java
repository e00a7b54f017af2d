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
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.LogContext;
import io.syncline.scheduler.security.LogPace;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.scheduler.store.SteadyClock;
import io.syncline.tracing.Spans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one round does: it claims due task runs, per system and never more than its free slots, commits, and only then sends;
 * what an answer means is handed to the writer of outcomes. Starts no thread of its own but for mappings; rounds are made by
 * one thread, answers come on any.
 */
final class Rounds {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final int CANCEL_BATCH = 50;

    /** Lines a second about calls that failed. */
    private static final int FAILURE_LINES = 5;

    /** A node that was frozen after its claim must not call for one that has taken over. */
    private static final Duration SEND_WITHIN = Runs.LEASE.minusSeconds(2);

    /** Work that comes again at an interval comes in lumps, with nothing due in between. */
    private static final Duration SOON = Duration.ofSeconds(2);

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
    private final Random random;
    private final MappingThreads mappings = new MappingThreads();
    private final LogPace failures;
    private final AtomicInteger underWay = new AtomicInteger();

    /** Systems with work that was announced or found, until a claim leaves free slots over: there may be more. */
    private final Set<String> hungry = ConcurrentHashMap.newKeySet();

    private volatile boolean claiming;
    private long foundNanos;

    /**
     * @param nanos the time that passes for this node, also while it is frozen
     * @param random gives each system its turn; seeded in tests
     */
    Rounds(
            Runs runs,
            Downstreams downstreams,
            SyncCall syncCall,
            OutcomeWriter outcomes,
            SteadyClock clock,
            DispatchProperties properties,
            Spans spans,
            LongSupplier nanos,
            Random random) {
        this.runs = runs;
        this.downstreams = downstreams;
        this.syncCall = syncCall;
        this.outcomes = outcomes;
        this.clock = clock;
        this.properties = properties;
        this.spans = spans;
        this.nanos = nanos;
        this.random = random;
        this.failures = new LogPace(FAILURE_LINES, nanos);
        this.foundNanos = nanos.getAsLong() - SOON.toNanos();
    }

    void begin() {
        claiming = true;
    }

    /** Nothing is claimed any more; what is under way goes on. */
    void end() {
        claiming = false;
    }

    boolean mayClaim() {
        return claiming;
    }

    /** Whether it is known that there is more to claim. */
    boolean isHungry() {
        return !hungry.isEmpty();
    }

    /**
     * Whether work that nobody had announced was found and claimed a short while ago, so that more may become due any moment.
     * To be asked by the thread that makes the rounds.
     */
    boolean mayFindSoon() {
        return nanos.getAsLong() - foundNanos < SOON.toNanos();
    }

    /** Calls whose answers are still to come. */
    int underWay() {
        return underWay.get();
    }

    /** Claims, commits, and only then sends; returns how many calls were made. */
    int make(WakeUp.Call woken) {
        // Kept until their turn has come, also when this round fails half-way.
        hungry.addAll(woken.systems());
        boolean found = false;
        if (woken.poll()) {
            var due = runs.dueSystems(downstreams.withFreeSlots());
            found = !due.isEmpty();
            hungry.addAll(due);
        }
        var systems = new ArrayList<>(hungry);
        // In any order, so that where the node's slots are scarce none is always served first.
        Collections.shuffle(systems, random);
        int claimed = 0;
        for (String system : systems) {
            if (claiming && !outcomes.isBehind()) {
                claimed += claimAndCallAlone(system);
            }
        }
        if (found && claimed > 0) {
            foundNanos = nanos.getAsLong();
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
}
