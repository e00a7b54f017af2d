package io.syncline.scheduler.run;

import io.syncline.contracts.CallbackAnswer.Reason;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.TaskDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One task of one run: it moves itself, by the table in {@link TaskRunState}, and keeps the moves for the journal. The
 * fields are open to the stores of this room alone. Every method takes the time of the transaction.
 */
final class TaskRun {

    /** A cancel call is repeated for this long, counted from the operator's action. */
    static final Duration CANCEL_WINDOW = Duration.ofSeconds(60);

    static final int MAX_MESSAGE = 2000;

    static final String OVERDUE = "has not ended within overdueAfter";
    static final String SILENT = "has not been reported on for longer than silentAfter";
    static final String NO_ANSWER = "was neither accepted nor reported on within answerWithin";

    /** From the second 401 in a row on, a new token does not help. */
    private static final int UNAUTHORIZED_LIMIT = 2;

    private static final int UNREADABLE_LIMIT = 3;

    private static final List<AlertCondition> FAILURES = List.of(
            AlertCondition.REFUSED,
            AlertCondition.TIMED_OUT,
            AlertCondition.REPORTED_FAILED,
            AlertCondition.RECONCILIATION_MISMATCH,
            AlertCondition.RECONCILIATION_MISSING);

    final String taskRunId;
    final String runId;
    final String group;
    final int groupVersion;
    final String orderingKey;
    final int taskNo;
    final TaskDefinition task;
    final Instant createdAt;

    TaskRunState state = TaskRunState.WAITING;
    int attempt = 1;
    int round;
    long fence;
    int version;

    @Nullable
    Cause cause;

    @Nullable
    String message;

    @Nullable
    Instant dueAt;

    @Nullable
    Instant leaseUntil;

    @Nullable
    String leaseNode;

    @Nullable
    Instant firstDueAt;

    @Nullable
    Instant deadlineAt;

    @Nullable
    Instant overdueAt;

    @Nullable
    Instant timeoutAt;

    /** When the downstream, unless it reports before, has been silent for too long. */
    @Nullable
    Instant silentAt;

    /** When the attempt, unless it is accepted or reported on before, has gone without an answer for too long. */
    @Nullable
    Instant answerAt;

    @Nullable
    Instant noAnswerSince;

    @Nullable
    Instant overdueSince;

    @Nullable
    Instant silentSince;

    @Nullable
    Instant conflictSince;

    int attemptRound;
    int failedCalls;
    int unreadableCalls;
    int unauthorizedCalls;
    int failedReports;

    @Nullable
    Long lastSequence;

    @Nullable
    Instant acceptedAt;

    @Nullable
    Instant reportedAt;

    StatusReport.@Nullable Progress progress;

    @Nullable
    List<FileReport> files;

    @Nullable
    Reconciliation reconciliation;

    @Nullable
    Map<String, @Nullable Object> result;

    boolean manual;
    CancelState cancelState = CancelState.NONE;

    @Nullable
    Instant cancelDueAt;

    @Nullable
    Instant cancelUntil;

    @Nullable
    String cancelReason;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    boolean changed;
    final List<Move> moves = new ArrayList<>();

    /** What people may have to know, to be told in the transaction that saves it. */
    final List<AlertSignal> raised = new ArrayList<>(0);

    final List<AlertCondition> cured = new ArrayList<>(0);

    TaskRun(
            String taskRunId,
            String runId,
            String group,
            int groupVersion,
            String orderingKey,
            int taskNo,
            TaskDefinition task,
            Instant createdAt) {
        this.taskRunId = taskRunId;
        this.runId = runId;
        this.group = group;
        this.groupVersion = groupVersion;
        this.orderingKey = orderingKey;
        this.taskNo = taskNo;
        this.task = task;
        this.createdAt = createdAt;
    }

    boolean isOpen() {
        return !state.isEnded();
    }

    boolean wasEverCalled() {
        return round > 0;
    }

    /** Puts it into the working queue; its clocks start with the first time since it was made or reopened. */
    void becomeDue(MoveCause why, Instant now) {
        queueNow(now);
        move(TaskRunState.DUE, why, null, null);
    }

    private void queueNow(Instant now) {
        if (firstDueAt == null) {
            firstDueAt = now;
            deadlineAt = now.plus(task.timeout());
            timeoutAt = deadlineAt;
            overdueAt = now.plus(task.overdueAfter());
        }
        dueAt = now;
        awaitAnswer();
    }

    private void awaitAnswer() {
        if (dueAt != null && acceptedAt == null && !task.answerWithin().isZero()) {
            answerAt = dueAt.plus(task.answerWithin());
        }
    }

    /** What a claim does to it; the database does the same in its own words. */
    void claimed(String node, Instant leaseEnd, Instant now) {
        if (state == TaskRunState.DUE) {
            move(TaskRunState.CALLING, MoveCause.CLAIMED, null, null);
        }
        fence++;
        round++;
        attemptRound++;
        leaseNode = node;
        leaseUntil = leaseEnd;
        dueAt = leaseEnd;
        if (startedAt == null) {
            startedAt = now;
        }
        changed = true;
    }

    /**
     * Judges the outcome of a call.
     *
     * @return whether the call's claim still stood; if not, nothing was changed
     */
    boolean answered(CallOutcome outcome, RandomGenerator random, Instant now) {
        if (fence != outcome.claim().fence() || (state != TaskRunState.CALLING && state != TaskRunState.RUNNING)) {
            return false;
        }
        releaseLease();
        var result = outcome.result();
        if (result instanceof CallResult.Accepted) {
            accepted(now);
        } else if (result instanceof CallResult.Reported reported) {
            reportedInAnswer(reported.report(), random, now);
        } else if (result instanceof CallResult.Unreadable unreadable) {
            unreadable(now);
            callFailed(unreadable.detail(), null, random, now);
        } else if (result instanceof CallResult.RetryableStatus status) {
            callFailed(status.detail(), status.retryAfter(), random, now);
        } else if (result instanceof CallResult.Unknown unknown) {
            callFailed(unknown.detail(), null, random, now);
        } else if (result instanceof CallResult.Unauthorized) {
            unauthorized(now);
        } else if (result instanceof CallResult.Refused refused) {
            end(TaskRunState.FAILED, Cause.REFUSED, MoveCause.REFUSED, refused.detail(), now);
        }
        return true;
    }

    private void unreadable(Instant now) {
        unreadableCalls++;
        if (unreadableCalls == UNREADABLE_LIMIT) {
            raise(
                    AlertCondition.UNREADABLE_REPLY,
                    null,
                    "got " + UNREADABLE_LIMIT + " answers in a row that nobody can read",
                    now);
        }
    }

    private void readable() {
        if (unreadableCalls >= UNREADABLE_LIMIT) {
            cured.add(AlertCondition.UNREADABLE_REPLY);
        }
        unreadableCalls = 0;
    }

    private void accepted(Instant now) {
        failedCalls = 0;
        readable();
        unauthorizedCalls = 0;
        if (acceptedAt == null) {
            firstAnswer(now);
            heard(now);
        }
        dueAt = now.plus(task.interval());
        if (state == TaskRunState.CALLING) {
            move(TaskRunState.RUNNING, MoveCause.ACCEPTED, null, null);
        }
    }

    private void reportedInAnswer(StatusReport report, RandomGenerator random, Instant now) {
        var reportAttempt = report.attempt() == null ? attempt : report.attempt();
        if (reportAttempt > attempt) {
            unreadable(now);
            callFailed("the report is for attempt " + reportAttempt + ", which has not begun", null, random, now);
            return;
        }
        // The call itself went well, whatever becomes of the report.
        failedCalls = 0;
        readable();
        unauthorizedCalls = 0;
        dueAt = now.plus(task.interval());
        report(report, reportAttempt, random, now);
        if (state == TaskRunState.CALLING) {
            accepted(now);
        }
    }

    private void callFailed(String detail, @Nullable Duration retryAfter, RandomGenerator random, Instant now) {
        failedCalls++;
        unauthorizedCalls = 0;
        message = cut(detail);
        var wait = backoff(failedCalls, random);
        if (retryAfter != null) {
            wait = max(wait, min(retryAfter, task.retry().maxBackoff()));
        }
        dueAt = now.plus(wait);
        if (state == TaskRunState.CALLING) {
            move(TaskRunState.DUE, MoveCause.CALL_FAILED, detail, null);
        }
    }

    private void unauthorized(Instant now) {
        unauthorizedCalls++;
        if (unauthorizedCalls >= UNAUTHORIZED_LIMIT) {
            end(
                    TaskRunState.FAILED,
                    Cause.REFUSED,
                    MoveCause.REFUSED,
                    "the downstream answered 401 twice in a row, the second time to a new token",
                    now);
            return;
        }
        dueAt = now;
        if (state == TaskRunState.CALLING) {
            move(TaskRunState.DUE, MoveCause.CALL_FAILED, "the downstream answered 401", null);
        }
    }

    /** Judges a report, whether it came as a callback or in an answer; copies have been sorted out before. */
    Verdict report(StatusReport report, int reportAttempt, RandomGenerator random, Instant now) {
        if (reportAttempt < attempt) {
            return Verdict.notApplied(Reason.STALE_ATTEMPT, state);
        }
        if (state.isEnded()) {
            flagContradiction(report.status(), now);
            return Verdict.notApplied(Reason.ALREADY_ENDED, state);
        }
        if (state == TaskRunState.WAITING || (report.status() == ReportStatus.RUNNING && isOld(report.sequence()))) {
            return Verdict.notApplied(Reason.OUT_OF_ORDER, state);
        }
        keep(report, now);
        switch (report.status()) {
            case RUNNING -> goOn();
            case COMPLETED -> complete(now);
            case FAILED -> failAttempt(report, random, now);
        }
        return Verdict.applied(state);
    }

    private boolean isOld(@Nullable Long sequence) {
        return sequence != null && lastSequence != null && sequence < lastSequence;
    }

    private void keep(StatusReport report, Instant now) {
        changed = true;
        reportedAt = now;
        heard(now);
        if (acceptedAt == null) {
            firstAnswer(now);
        }
        if (report.sequence() != null) {
            lastSequence = lastSequence == null ? report.sequence() : Math.max(lastSequence, report.sequence());
        }
        take(report);
    }

    private void take(StatusReport report) {
        if (report.message() != null) {
            message = cut(report.message());
        } else if (report.status() != ReportStatus.RUNNING) {
            // what is kept speaks of a call or report before, and says nothing of this end
            message = null;
        }
        if (report.progress() != null) {
            progress = report.progress();
        }
        if (report.files() != null) {
            files = merged(files, report.files());
        }
        if (report.reconciliation() != null) {
            reconciliation = report.reconciliation();
        }
        if (report.result() != null) {
            result = report.result();
        }
    }

    private static List<FileReport> merged(@Nullable List<FileReport> known, List<FileReport> reported) {
        var byName = new LinkedHashMap<String, FileReport>();
        if (known != null) {
            known.forEach(file -> byName.put(file.name(), file));
        }
        reported.forEach(file -> byName.put(file.name(), file));
        return List.copyOf(byName.values());
    }

    /** A report moves no call: the next one stays due when it was. */
    private void goOn() {
        if (state != TaskRunState.RUNNING) {
            move(TaskRunState.RUNNING, MoveCause.REPORTED, null, null);
        }
    }

    private void complete(Instant now) {
        var fault = Imbalance.of(task.reconciliation(), reconciliation, files);
        if (fault != null) {
            end(TaskRunState.FAILED, fault.cause(), fault.moveCause(), fault.detail(), now);
        } else {
            end(TaskRunState.COMPLETED, null, MoveCause.REPORTED, null, now);
        }
    }

    private void failAttempt(StatusReport report, RandomGenerator random, Instant now) {
        failedReports++;
        var retryable = report.retryable() == null || report.retryable();
        if (!retryable || failedReports >= task.retry().maxAttempts()) {
            end(TaskRunState.FAILED, Cause.REPORTED_FAILED, MoveCause.REPORTED, report.message(), now);
            return;
        }
        var detail = "attempt " + attempt + " failed" + (report.message() == null ? "" : ": " + report.message());
        nextAttempt();
        dueAt = now.plus(backoff(failedReports, random));
        awaitAnswer();
        if (state != TaskRunState.DUE) {
            move(TaskRunState.DUE, MoveCause.ATTEMPT_FAILED, detail, null);
        }
    }

    /** A terminal report that says something else than the state reached, whoever reached it. */
    private void flagContradiction(ReportStatus status, Instant now) {
        var contradicts = status.isTerminal()
                && state != TaskRunState.SKIPPED
                && !(state == TaskRunState.COMPLETED && manual)
                && !state.name().equals(status.name());
        if (contradicts && !isContradicted()) {
            conflictSince = now;
            changed = true;
            raiseConflict(status, now);
        }
    }

    /** Not by what contradicted the end before: a report that was accepted late agrees with the end it then brought about. */
    private boolean isContradicted() {
        return conflictSince != null && (endedAt == null || !conflictSince.isBefore(endedAt));
    }

    private void raiseConflict(ReportStatus reported, Instant since) {
        raise(AlertCondition.CONFLICT, null, "is " + state + ", but was then reported " + reported, since);
    }

    /** Ends it by time-out, if that has come. */
    void timeOut(Instant now) {
        if (isOpen() && timeoutAt != null && !timeoutAt.isAfter(now)) {
            end(
                    TaskRunState.FAILED,
                    Cause.TIMED_OUT,
                    MoveCause.TIMED_OUT,
                    "not completed within " + task.timeout(),
                    now);
        }
    }

    /** The first 202 of an attempt, or a report: silence begins anew, and a SILENT flag closes itself. */
    private void heard(Instant now) {
        cureSilence();
        silentSince = null;
        silentAt = task.silentAfter().isZero() ? null : now.plus(task.silentAfter());
    }

    private void cureSilence() {
        if (silentSince != null) {
            cured.add(AlertCondition.SILENT);
        }
    }

    private void firstAnswer(Instant now) {
        acceptedAt = now;
        flagNoAnswer(now);
        cureNoAnswer();
    }

    private void cureNoAnswer() {
        if (noAnswerSince != null) {
            cured.add(AlertCondition.NO_ANSWER);
        }
        noAnswerSince = null;
        answerAt = null;
    }

    void flagNoAnswer(Instant now) {
        if (answerAt != null && !answerAt.isAfter(now)) {
            raise(AlertCondition.NO_ANSWER, null, NO_ANSWER, answerAt);
            noAnswerSince = answerAt;
            answerAt = null;
            changed = true;
        }
    }

    void flagSilent(Instant now) {
        if (silentAt != null && !silentAt.isAfter(now)) {
            raise(AlertCondition.SILENT, null, SILENT, silentAt);
            silentSince = silentAt;
            silentAt = null;
            changed = true;
        }
    }

    void flagOverdue(Instant now) {
        if (overdueAt != null && !overdueAt.isAfter(now)) {
            raise(AlertCondition.OVERDUE, null, OVERDUE, overdueAt);
            overdueSince = overdueAt;
            overdueAt = null;
            changed = true;
        }
    }

    /** Its predecessors failed: it will not start. */
    void cancelBehindBarrier(Instant now) {
        end(TaskRunState.CANCELLED, Cause.PREDECESSOR_FAILED, MoveCause.PREDECESSOR_FAILED, null, now);
    }

    /** Ends it at once; the downstream is told afterwards, where it may have begun and offers a way. */
    void cancel(Operator operator, Instant now) {
        startCancelCall(operator, now);
        cause = Cause.OPERATOR;
        endedBy(operator, TaskRunState.CANCELLED, MoveCause.CANCEL, now);
    }

    /** To be called before it ends: the downstream is told to stop, where it may have begun and offers a way. */
    void startCancelCall(Operator operator, Instant now) {
        var begun = state == TaskRunState.CALLING
                || state == TaskRunState.RUNNING
                || (state == TaskRunState.DUE && attemptRound > 0);
        if (begun && task.cancelPath() != null) {
            cancelState = CancelState.PENDING;
            cancelDueAt = now;
            cancelUntil = now.plus(CANCEL_WINDOW);
            cancelReason = operator.reason();
            failedCalls = 0;
        }
    }

    /** Whether somebody is asking the downstream this very moment. */
    boolean isBeingCalled(Instant now) {
        return state == TaskRunState.CALLING || (leaseNode != null && leaseUntil != null && leaseUntil.isAfter(now));
    }

    /** It is due now, wherever it stands in the queue; limits and breaker hold as ever. */
    void callNow(Instant now) {
        if (dueAt == null || dueAt.isAfter(now)) {
            dueAt = now;
        }
        changed = true;
    }

    /** Ends it as if it had nothing to do; what the downstream may have begun is cancelled there. */
    void skip(Operator operator, Instant now) {
        cureUnconfirmed();
        startCancelCall(operator, now);
        decidedBy(operator);
        endedBy(operator, TaskRunState.SKIPPED, MoveCause.SKIP, now);
    }

    /** Ends it as if the downstream had reported its completion; what that may have begun is cancelled there. */
    void markDone(Operator operator, Instant now) {
        cureUnconfirmed();
        startCancelCall(operator, now);
        decidedBy(operator);
        manual = true;
        endedBy(operator, TaskRunState.COMPLETED, MoveCause.MARK_DONE, now);
    }

    private void decidedBy(Operator operator) {
        cause = Cause.OPERATOR;
        message = cut(operator.reason());
    }

    /** What keeps a report of its last attempt from completing it; null when nothing does. */
    @Nullable
    String faultOf(StatusReport late) {
        var fault = Imbalance.of(
                task.reconciliation(),
                late.reconciliation() == null ? reconciliation : late.reconciliation(),
                late.files() == null ? files : merged(files, late.files()));
        return fault == null ? null : fault.detail();
    }

    /** Completes it by a report that came after its end and balances. */
    void acceptLate(StatusReport late, Operator operator, Instant now) {
        cureUnconfirmed();
        take(late);
        cause = null;
        endedBy(operator, TaskRunState.COMPLETED, MoveCause.ACCEPT_LATE, now);
    }

    /** Its run will not start. */
    void skip(MoveCause why, Instant now) {
        end(TaskRunState.SKIPPED, null, why, null, now);
    }

    /**
     * Reopens a failed or cancelled one by an operator's hand: DUE if it may start now, else WAITING. A cancel call that the
     * downstream has not yet answered goes on: the next attempt must not start beside the cancelled one.
     */
    void reopen(boolean mayStart, MoveCause why, Operator operator, Instant now) {
        var isNewAlready = isCancelPending() && attemptRound == 0;
        if ((state == TaskRunState.FAILED || wasEverCalled()) && !isNewAlready) {
            nextAttempt();
        }
        failedReports = 0;
        cause = null;
        message = null;
        endedAt = null;
        firstDueAt = null;
        deadlineAt = null;
        overdueSince = null;
        if (!isCancelPending()) {
            cureUnconfirmed();
            cancelState = CancelState.NONE;
            cancelDueAt = null;
            cancelUntil = null;
            cancelReason = null;
        }
        if (mayStart && state == TaskRunState.FAILED) {
            queueNow(now);
            move(TaskRunState.DUE, why, operator.reason(), operator.name());
        } else {
            move(TaskRunState.WAITING, why, operator.reason(), operator.name());
        }
    }

    /** The attempt that a pending cancel call is about; after a reopening the one before. */
    int cancelledAttempt() {
        return attemptRound > 0 ? attempt : Math.max(1, attempt - 1);
    }

    boolean isCancelPending() {
        return cancelState == CancelState.PENDING;
    }

    /** Judges the answer to a cancel call. */
    void cancelAnswered(CancelOutcome outcome, RandomGenerator random, Instant now) {
        if (!isCancelPending() || cancelledAttempt() != outcome.call().attempt()) {
            return;
        }
        changed = true;
        if (outcome.state() != CancelState.PENDING) {
            cancelState = outcome.state();
            cancelDueAt = null;
            if (cancelState == CancelState.REFUSED) {
                raise(AlertCondition.UNCONFIRMED, null, "was cancelled, but the downstream refuses to cancel it", now);
            }
            return;
        }
        failedCalls++;
        var wait = backoff(failedCalls, random);
        if (outcome.retryAfter() != null) {
            wait = max(wait, min(outcome.retryAfter(), task.retry().maxBackoff()));
        }
        var next = now.plus(wait);
        if (cancelUntil == null || next.isAfter(cancelUntil)) {
            cancelState = CancelState.UNCONFIRMED;
            cancelDueAt = null;
            raise(AlertCondition.UNCONFIRMED, null, "was cancelled, but the downstream has not confirmed it", now);
        } else {
            cancelDueAt = next;
        }
    }

    private void cureUnconfirmed() {
        if (cancelState == CancelState.UNCONFIRMED || cancelState == CancelState.REFUSED) {
            cured.add(AlertCondition.UNCONFIRMED);
        }
    }

    private void nextAttempt() {
        attempt++;
        attemptRound = 0;
        failedCalls = 0;
        readable();
        unauthorizedCalls = 0;
        lastSequence = null;
        cureSilence();
        cureNoAnswer();
        acceptedAt = null;
        reportedAt = null;
        silentAt = null;
        silentSince = null;
        progress = null;
        files = null;
        reconciliation = null;
        result = null;
        fence++;
        releaseLease();
    }

    private void releaseLease() {
        leaseNode = null;
        leaseUntil = null;
        changed = true;
    }

    private void end(
            TaskRunState ended, @Nullable Cause why, MoveCause moveCause, @Nullable String detail, Instant now) {
        cause = why;
        if (detail != null) {
            message = cut(detail);
        }
        close(now);
        move(ended, moveCause, detail, null);
        if (ended == TaskRunState.FAILED) {
            raiseFailure(now);
        }
    }

    /** What {@link #cureFailure} takes back; told again when people no longer hold it to be dealt with. */
    void raiseFailure(Instant now) {
        if (cause != null) {
            raise(
                    AlertCondition.valueOf(cause.name()),
                    message,
                    "ended FAILED (" + cause + ")" + (message == null ? "" : ": " + message),
                    endedAt == null ? now : endedAt);
        }
        if (isContradicted()) {
            raiseConflict(ReportStatus.COMPLETED, conflictSince == null ? now : conflictSince);
        }
    }

    private void endedBy(Operator operator, TaskRunState ended, MoveCause moveCause, Instant now) {
        close(now);
        move(ended, moveCause, operator.reason(), operator.name());
    }

    /** The fence goes up, so that an answer still under way finds the door closed. */
    private void close(Instant now) {
        flagOverdue(now);
        flagSilent(now);
        flagNoAnswer(now);
        if (overdueSince != null) {
            cured.add(AlertCondition.OVERDUE);
        }
        if (unreadableCalls >= UNREADABLE_LIMIT) {
            cured.add(AlertCondition.UNREADABLE_REPLY);
        }
        cureSilence();
        cureNoAnswer();
        endedAt = now;
        dueAt = null;
        overdueAt = null;
        silentAt = null;
        timeoutAt = null;
        fence++;
        releaseLease();
    }

    private void move(TaskRunState to, MoveCause why, @Nullable String detail, @Nullable String actor) {
        if (!state.successors().contains(to)) {
            throw new IllegalStateException("task run " + taskRunId + " cannot go from " + state + " to " + to);
        }
        moves.add(new Move(
                runId,
                taskRunId,
                state.name(),
                to.name(),
                attempt,
                fence,
                why,
                detail == null ? null : cut(detail),
                actor));
        if (state == TaskRunState.FAILED) {
            cureFailure();
        } else {
            cureConflict();
        }
        if (!to.isEnded()) {
            // Reports contradicted the end that it leaves; the next end may be contradicted anew.
            conflictSince = null;
        }
        state = to;
        changed = true;
    }

    /** Its failure was repaired, or people have dealt with it. */
    void cureFailure() {
        cured.addAll(FAILURES);
        cureConflict();
    }

    private void cureConflict() {
        if (conflictSince != null) {
            cured.add(AlertCondition.CONFLICT);
        }
    }

    private void raise(AlertCondition condition, @Nullable String root, String detail, Instant since) {
        raised.add(Signals.of(this, condition, root, detail, since));
    }

    /** After the n-th failure in a row: doubling, spread by a fifth to either side, never above the maximum. */
    private Duration backoff(int failures, RandomGenerator random) {
        var policy = task.retry();
        var spread = 0.8 + 0.4 * random.nextDouble();
        var millis = policy.backoff().toMillis() * Math.pow(2, Math.min(failures - 1, 40)) * spread;
        return Duration.ofMillis(Math.round(Math.min(millis, policy.maxBackoff().toMillis())));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    static String cut(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
    }
}
