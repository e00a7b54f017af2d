package io.syncline.scheduler.callback;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.contracts.CallbackAnswer;
import io.syncline.contracts.CallbackAnswer.Reason;
import io.syncline.scheduler.run.IncomingReport;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TaskRunHead;
import io.syncline.scheduler.run.TaskRunState;
import io.syncline.scheduler.run.Verdict;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.LogContext;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.PassingFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Judges callbacks and keeps them, a batch in one transaction, and answers after its commit. Refusals come in the contract's
 * order: unknown task run, foreign or mismatched token, unreadable body, an attempt that has not begun; then the report is
 * judged.
 */
final class CallbackWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackWriter.class);

    private final Runs runs;
    private final Callbacks callbacks;
    private final DatabaseClock clock;
    private final TransactionTemplate transactions;
    private final MeterRegistry meters;

    CallbackWriter(
            Runs runs,
            Callbacks callbacks,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            MeterRegistry meters) {
        this.runs = runs;
        this.callbacks = callbacks;
        this.clock = clock;
        this.transactions = new TransactionTemplate(transactions);
        this.meters = meters;
    }

    /**
     * Never throws what concerns one batch: each reply says what became of its callback. The reports on one run may come to several
     * nodes at once. Whose run is in another's hands is left for a second transaction: a batch that waited for them would hold up
     * the runs that it has locked itself, and the nodes would write one after the other.
     */
    void write(List<ReceivedCallback> batch) {
        var left = writeAtHand(batch, batch.size() == 1);
        if (!left.isEmpty()) {
            writeAtHand(left, true);
        }
    }

    /**
     * @param waits for whoever has a run in hand
     * @return what others have in hand, which has no reply yet
     */
    private List<ReceivedCallback> writeAtHand(List<ReceivedCallback> batch, boolean waits) {
        var left = new ArrayList<ReceivedCallback>();
        try {
            var replies = transactions.execute(status -> judge(batch, waits));
            for (int i = 0; i < batch.size(); i++) {
                var reply = replies.get(i);
                if (reply == null) {
                    left.add(batch.get(i));
                } else {
                    batch.get(i).reply().complete(reply);
                }
            }
        } catch (RuntimeException e) {
            if (batch.size() > 1 && PassingFailure.isAway(e)) {
                // One by one, each would wait for the database again while its sender has gone.
                LOG.warn("{} callbacks could not be stored: {}", batch.size(), e.getMessage());
                batch.forEach(one -> one.reply().completeExceptionally(e));
            } else if (batch.size() > 1) {
                LOG.warn("a batch of {} callbacks could not be stored, storing them one by one", batch.size(), e);
                batch.forEach(one -> write(List.of(one)));
            } else {
                LogContext.of()
                        .taskRun(batch.get(0).taskRunId())
                        .trace(batch.get(0).traceparent())
                        .during(() -> LOG.warn("a callback could not be stored; its sender is told to come back", e));
                batch.get(0).reply().completeExceptionally(e);
            }
        }
        return left;
    }

    /** The replies in the order of the callbacks; null for what is left. */
    private List<@Nullable CallbackReply> judge(List<ReceivedCallback> batch, boolean waits) {
        var heads = runs.heads(
                batch.stream().map(ReceivedCallback::taskRunId).distinct().toList());
        var left = waits ? Set.<String>of() : runs.heldByOthers(ofTerminalReports(batch, heads));
        var replies = new @Nullable CallbackReply[batch.size()];
        var reports = new LinkedHashMap<Integer, IncomingReport>();
        for (int i = 0; i < batch.size(); i++) {
            var received = batch.get(i);
            var problem = refusal(received, heads.get(received.taskRunId()));
            if (problem != null) {
                replies[i] = new CallbackReply.Refused(problem);
            } else if (received.reading().report() != null && !left.contains(received.taskRunId())) {
                reports.put(
                        i,
                        new IncomingReport(
                                received.taskRunId(), received.reading().report()));
            }
        }
        if (!reports.isEmpty()) {
            var now = clock.now();
            var incoming = List.copyOf(reports.values());
            var verdicts = runs.report(incoming, heads, callbacks);
            keep(batch, reports, verdicts, heads, now);
            int number = 0;
            for (int place : reports.keySet()) {
                replies[place] = new CallbackReply.Answered(answer(verdicts.get(number++)));
            }
        }
        return Arrays.asList(replies);
    }

    /** They alone may end a run, and so need its ordering key. */
    private static Set<TaskRunHead> ofTerminalReports(List<ReceivedCallback> batch, Map<String, TaskRunHead> heads) {
        var ending = new HashSet<TaskRunHead>();
        for (ReceivedCallback received : batch) {
            var report = received.reading().report();
            var head = heads.get(received.taskRunId());
            if (report != null && report.status().isTerminal() && head != null) {
                ending.add(head);
            }
        }
        return ending;
    }

    private void keep(
            List<ReceivedCallback> batch,
            Map<Integer, IncomingReport> reports,
            List<Verdict> verdicts,
            Map<String, TaskRunHead> heads,
            Instant now) {
        var rows = new ArrayList<Callbacks.Row>();
        int number = 0;
        for (var entry : reports.entrySet()) {
            var verdict = verdicts.get(number++);
            var report = entry.getValue();
            var head = heads.get(report.taskRunId());
            Counter.builder("syncline.callbacks")
                    .description("Status reports that were stored, by whether they changed anything")
                    .tag("system", head == null ? "unknown" : head.system())
                    .tag("status", report.report().status().name())
                    .tag("applied", String.valueOf(verdict.applied()))
                    .register(meters)
                    .increment();
            tellOf(batch.get(entry.getKey()), report, verdict, head);
            if (verdict.reason() != Reason.DUPLICATE && head != null) {
                rows.add(new Callbacks.Row(
                        report, head.runId(), verdict, batch.get(entry.getKey()).body(), now));
            }
        }
        callbacks.keep(rows);
    }

    private static void tellOf(
            ReceivedCallback received, IncomingReport report, Verdict verdict, @Nullable TaskRunHead head) {
        if (!LOG.isDebugEnabled()) {
            return;
        }
        LogContext.of()
                .run(head == null ? null : head.runId())
                .taskRun(report.taskRunId())
                .attempt(report.attempt())
                .system(head == null ? null : head.system())
                .trace(received.traceparent())
                .during(() -> LOG.debug(
                        "callback {}: {}, task run {}",
                        report.report().status(),
                        verdict.applied() ? "applied" : verdict.reason(),
                        verdict.state()));
    }

    private static CallbackAnswer answer(Verdict verdict) {
        return new CallbackAnswer(
                verdict.applied(), verdict.reason(), verdict.state().name(), verdict.firstApplied());
    }

    /** The first refusal in the contract's order; null when the report may be judged. */
    private static @Nullable ProblemException refusal(ReceivedCallback received, @Nullable TaskRunHead head) {
        if (received.caller().person() != null) {
            return forbidden("Status reports come from downstream systems; people take the operators' actions.");
        }
        if (head == null) {
            return ProblemException.of(404, "unknown-task-run", "There is no such task run")
                    .detail("No task run has the id in the address.");
        }
        var reading = received.reading();
        var caller = received.caller();
        if (!mayReport(caller, head)) {
            return forbidden("The token is good for another task run, or its client's system does not own the task.");
        }
        var grant = caller.grant();
        var attempt = attemptOf(reading);
        if (grant != null && attempt != null && attempt != grant.attempt()) {
            return forbidden("The token is good for attempt " + grant.attempt() + ", the body speaks of attempt "
                    + attempt + ".");
        }
        if (!reading.isReadable()) {
            return ProblemException.of(400, "malformed-body", "The body cannot be read")
                    .detail("Send a JSON object in UTF-8.");
        }
        if (reading.report() == null) {
            var problem = ProblemException.of(422, "invalid-report", "The status report is not valid")
                    .detail("Correct the members that are named.");
            reading.faults().forEach(fault -> problem.error(fault.pointer(), fault.detail(), fault.code()));
            return problem;
        }
        var begun = head.state() == TaskRunState.WAITING ? head.attempt() - 1 : head.attempt();
        if (attempt != null && attempt > begun) {
            return ProblemException.of(422, "invalid-report", "The status report is not valid")
                    .detail("Report on an attempt that the platform has begun.")
                    .error("/attempt", "attempt " + attempt + " has not begun", "out-of-range");
        }
        return null;
    }

    /** Of a body with faults as well: a token for another attempt is refused before the body is. */
    private static @Nullable Long attemptOf(ReportReader.Reading reading) {
        var body = reading.body();
        var attempt = body == null ? null : body.get("attempt");
        return attempt != null && attempt.isIntegralNumber() && attempt.canConvertToLong() ? attempt.longValue() : null;
    }

    private static boolean mayReport(Caller caller, TaskRunHead head) {
        var grant = caller.grant();
        if (grant != null) {
            return grant.taskRunId().equals(head.taskRunId());
        }
        return caller.has(Scope.CALLBACKS_WRITE) && head.system().equals(caller.system());
    }

    private static ProblemException forbidden(String detail) {
        return ProblemException.of(403, "forbidden", "Forbidden").detail(detail);
    }
}
