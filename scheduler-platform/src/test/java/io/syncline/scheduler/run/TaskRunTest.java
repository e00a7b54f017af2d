package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.ReportFixture.running;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.contracts.CallbackAnswer.Reason;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.TaskFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The finer points of one task run, told apart from stores and runs; the rules themselves are in {@link RunsContract}. */
class TaskRunTest {

    private static final Operator ADA = new Operator("ada", "because");
    private static final Duration BACKOFF = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Half way: the plain back-off, without spread. */
    private static final RandomGenerator NO_SPREAD = () -> 1L << 63;

    private Instant now = NOON;

    private static TaskFixture task() {
        return anAsyncTask("a").retry(5, BACKOFF, Duration.ofMinutes(1)).every(INTERVAL);
    }

    private static TaskRun waiting(TaskFixture task) {
        return new TaskRun("task-run", "run", "group", 1, "key", 0, task.build(), NOON);
    }

    private TaskRun due(TaskFixture task) {
        var taskRun = waiting(task);
        taskRun.becomeDue(MoveCause.BARRIER_OPEN, now);
        return taskRun;
    }

    private TaskRun due() {
        return due(task());
    }

    private static ClaimedTask claim(TaskRun taskRun, Instant at) {
        taskRun.claimed("node", at.plusSeconds(12), at);
        return new ClaimedTask(
                taskRun.taskRunId,
                taskRun.runId,
                taskRun.group,
                taskRun.orderingKey,
                null,
                taskRun.task,
                taskRun.attempt,
                taskRun.round,
                taskRun.fence,
                at.plusSeconds(60),
                at,
                "{}",
                null,
                false);
    }

    private boolean call(TaskRun taskRun, CallResult result) {
        return taskRun.answered(new CallOutcome(claim(taskRun, now), result), NO_SPREAD, now);
    }

    private void call(TaskRun taskRun, CallResult result, int times) {
        for (int i = 0; i < times; i++) {
            call(taskRun, result);
        }
    }

    private boolean call(TaskRun taskRun, ReportFixture report) {
        return call(taskRun, new CallResult.Reported(report.build()));
    }

    private Verdict report(TaskRun taskRun, ReportFixture report) {
        return taskRun.report(report.build(), taskRun.attempt, NO_SPREAD, now);
    }

    private static CallResult unreadable() {
        return new CallResult.Unreadable("nobody can read it");
    }

    private static CallResult failing(String detail) {
        return new CallResult.RetryableStatus(detail, null);
    }

    private static List<AlertCondition> raised(TaskRun taskRun) {
        return taskRun.raised.stream().map(AlertSignal::condition).toList();
    }

    // ---- calls

    @Test
    void itStartedWithTheFirstClaimAndNoLaterOne() {
        var taskRun = due();
        call(taskRun, failing("answered 503"));
        now = now.plusSeconds(10);
        claim(taskRun, now);

        assertThat(taskRun.startedAt).isEqualTo(NOON);
        assertThat(taskRun.round).isEqualTo(2);
        assertThat(taskRun.attemptRound).isEqualTo(2);
        assertThat(taskRun.leaseNode).isEqualTo("node");
        assertThat(taskRun.leaseUntil).isEqualTo(now.plusSeconds(12)).isEqualTo(taskRun.dueAt);
    }

    @Test
    void aClaimOfARunningOneLeavesItRunning() {
        var taskRun = due();
        call(taskRun, new CallResult.Accepted());
        claim(taskRun, now);

        assertThat(taskRun.state).isEqualTo(TaskRunState.RUNNING);
    }

    @Test
    void anOutcomeUnderAnOlderFenceChangesNothing() {
        var taskRun = due();
        var old = claim(taskRun, now);
        claim(taskRun, now);
        var fence = taskRun.fence;

        assertThat(taskRun.answered(new CallOutcome(old, new CallResult.Accepted()), NO_SPREAD, now))
                .isFalse();
        assertThat(taskRun.state).isEqualTo(TaskRunState.CALLING);
        assertThat(taskRun.fence).isEqualTo(fence);
        assertThat(taskRun.leaseNode).isEqualTo("node");
    }

    @Test
    void anAcceptedOneIsDueAgainAfterItsIntervalAndItsMessageStays() {
        var taskRun = due();
        call(taskRun, failing("answered 503"));
        call(taskRun, new CallResult.Accepted());

        assertThat(taskRun.state).isEqualTo(TaskRunState.RUNNING);
        assertThat(taskRun.dueAt).isEqualTo(now.plus(INTERVAL));
        assertThat(taskRun.leaseNode).isNull();
        assertThat(taskRun.leaseUntil).isNull();
        assertThat(taskRun.acceptedAt).isEqualTo(now);
        assertThat(taskRun.message).isEqualTo("answered 503");
    }

    @Test
    void failedCallsInARowWaitTwiceAsLongEachUpToTheMost() {
        var taskRun = due();
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
            call(taskRun, failing("answered 503"));
            assertThat(taskRun.dueAt).isEqualTo(now.plusSeconds(seconds));
            assertThat(taskRun.state).isEqualTo(TaskRunState.DUE);
        }
    }

    @Test
    void aVeryLongRowOfFailuresStillWaitsTheMost() {
        var taskRun = due();
        taskRun.failedCalls = Integer.MAX_VALUE - 1;
        call(taskRun, failing("answered 503"));

        assertThat(taskRun.dueAt).isEqualTo(now.plusSeconds(60));
    }

    @Test
    void theRowOfFailedCallsEndsWithAnAnswerThatCouldBeRead() {
        var accepted = due();
        call(accepted, failing("answered 503"), 2);
        call(accepted, new CallResult.Accepted());
        call(accepted, failing("answered 503"));
        assertThat(accepted.dueAt).isEqualTo(now.plus(BACKOFF));

        var reported = due();
        call(reported, failing("answered 503"), 2);
        call(reported, running());
        call(reported, failing("answered 503"));
        assertThat(reported.dueAt).isEqualTo(now.plus(BACKOFF));
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "5, 5", "6, 6", "60, 60", "61, 60", "86400, 60"})
    void whatTheDownstreamAsksForIsWaitedForUpToTheMost(int asked, int waited) {
        var taskRun = due();
        call(taskRun, new CallResult.RetryableStatus("answered 429", Duration.ofSeconds(asked)));

        assertThat(taskRun.dueAt).isEqualTo(now.plusSeconds(waited));
    }

    @Test
    void thirdUnreadableAnswerInARowIsToldOnceAndCuredByAReadableOne() {
        var taskRun = due();
        call(taskRun, unreadable(), 2);
        assertThat(raised(taskRun)).isEmpty();

        call(taskRun, unreadable(), 2);
        assertThat(raised(taskRun)).containsExactly(AlertCondition.UNREADABLE_REPLY);
        assertThat(taskRun.cured).isEmpty();

        call(taskRun, new CallResult.Accepted());
        assertThat(taskRun.cured).containsExactly(AlertCondition.UNREADABLE_REPLY);
        assertThat(taskRun.unreadableCalls).isZero();
    }

    @Test
    void twoUnreadableAnswersAreNothingToCure() {
        var taskRun = due();
        call(taskRun, unreadable(), 2);
        call(taskRun, running());

        assertThat(taskRun.cured).isEmpty();
        assertThat(taskRun.unreadableCalls).isZero();
    }

    @Test
    void aReportInAnAnswerCuresWhatUnreadableOnesRaised() {
        var taskRun = due();
        call(taskRun, unreadable(), 3);
        call(taskRun, running());

        assertThat(taskRun.cured).containsExactly(AlertCondition.UNREADABLE_REPLY);
        assertThat(taskRun.dueAt).isEqualTo(now.plus(INTERVAL));
    }

    @Test
    void aReportOfAnAttemptThatHasNotBegunIsAFailedCall() {
        var taskRun = due();
        call(taskRun, completed().attempt(2));

        assertThat(taskRun.state).isEqualTo(TaskRunState.DUE);
        assertThat(taskRun.unreadableCalls).isEqualTo(1);
        assertThat(taskRun.dueAt).isEqualTo(now.plus(BACKOFF));
        assertThat(taskRun.message).isEqualTo("the report is for attempt 2, which has not begun");
    }

    @Test
    void aStaleReportInAnAnswerStillSaysThatTheCallArrived() {
        var taskRun = due();
        call(taskRun, failed());
        assertThat(taskRun.attempt).isEqualTo(2);
        call(taskRun, failing("answered 503"));
        call(taskRun, completed().attempt(1));

        assertThat(taskRun.state).isEqualTo(TaskRunState.RUNNING);
        assertThat(taskRun.acceptedAt).isEqualTo(now);
        assertThat(taskRun.failedCalls).isZero();
        assertThat(taskRun.dueAt).isEqualTo(now.plus(INTERVAL));
    }

    @Test
    void a401IsTriedAgainAtOnceAndTheSecondInARowRefuses() {
        var taskRun = due();
        call(taskRun, new CallResult.Unauthorized());
        assertThat(taskRun.state).isEqualTo(TaskRunState.DUE);
        assertThat(taskRun.dueAt).isEqualTo(now);

        call(taskRun, new CallResult.Unauthorized());
        assertThat(taskRun.state).isEqualTo(TaskRunState.FAILED);
        assertThat(taskRun.cause).isEqualTo(Cause.REFUSED);
        assertThat(raised(taskRun)).containsExactly(AlertCondition.REFUSED);
    }

    @Test
    void any401ThatSomethingElseCameBetweenIsAFirstOne() {
        for (var between : List.of(failing("answered 503"), new CallResult.Accepted())) {
            var taskRun = due();
            call(taskRun, new CallResult.Unauthorized());
            call(taskRun, between);
            call(taskRun, new CallResult.Unauthorized());
            assertThat(taskRun.isOpen()).isTrue();
        }
        var reported = due();
        call(reported, new CallResult.Unauthorized());
        call(reported, running());
        call(reported, new CallResult.Unauthorized());
        assertThat(reported.isOpen()).isTrue();
    }

    @Test
    void aMessageIsCutAtTwoThousandCharacters() {
        assertThat(TaskRun.cut("x".repeat(2000))).isEqualTo("x".repeat(2000));
        assertThat(TaskRun.cut("x".repeat(2001))).isEqualTo("x".repeat(1999) + "…");
    }

    // ---- attempts

    @Test
    void aNewAttemptKnowsNothingOfTheOneBefore() {
        var taskRun = due();
        call(taskRun, new CallResult.Accepted());
        report(taskRun, running().sequence(9).progress(1, 2).rows(5, 4).message("half of it"));
        claim(taskRun, now);
        taskRun.failedCalls = 3;
        taskRun.unauthorizedCalls = 1;
        taskRun.unreadableCalls = 3;
        var fence = taskRun.fence;
        report(taskRun, failed());

        assertThat(taskRun.state).isEqualTo(TaskRunState.DUE);
        assertThat(taskRun.attempt).isEqualTo(2);
        assertThat(taskRun.attemptRound).isZero();
        assertThat(taskRun.failedCalls).isZero();
        assertThat(taskRun.unauthorizedCalls).isZero();
        assertThat(taskRun.unreadableCalls).isZero();
        assertThat(taskRun.cured).containsExactly(AlertCondition.UNREADABLE_REPLY);
        assertThat(taskRun.lastSequence).isNull();
        assertThat(taskRun.acceptedAt).isNull();
        assertThat(taskRun.reportedAt).isNull();
        assertThat(taskRun.silentAt).isNull();
        assertThat(taskRun.progress).isNull();
        assertThat(taskRun.reconciliation).isNull();
        assertThat(taskRun.leaseNode)
                .as("who calls for the old attempt holds nothing any more")
                .isNull();
        assertThat(taskRun.leaseUntil).isNull();
        assertThat(taskRun.fence).isGreaterThan(fence);
        assertThat(taskRun.dueAt).isEqualTo(now.plus(BACKOFF));
    }

    @Test
    void theNextAttemptAwaitsItsAnswerAnew() {
        var taskRun = due(task().answerWithin(Duration.ofMinutes(5)));
        call(taskRun, new CallResult.Accepted());
        assertThat(taskRun.answerAt).isNull();
        report(taskRun, failed());

        assertThat(taskRun.answerAt).isEqualTo(now.plus(BACKOFF).plus(Duration.ofMinutes(5)));
    }

    @Test
    void silenceAndMissingAnswersOfTheOldAttemptAreCuredByTheNew() {
        var silent = due(task().silentAfter(Duration.ofMinutes(1)));
        call(silent, new CallResult.Accepted());
        silent.flagSilent(now.plusSeconds(60));
        assertThat(raised(silent)).containsExactly(AlertCondition.SILENT);
        // a report is a sign of life and cures by itself: an operator's retry is none
        silent.timeOut(now.plus(Duration.ofHours(7)));
        silent.cured.clear();
        silent.silentSince = now;
        silent.reopen(true, MoveCause.RETRY, ADA, now);
        assertThat(silent.cured).contains(AlertCondition.SILENT);
        assertThat(silent.silentSince).isNull();

        var unanswered = due(task().answerWithin(Duration.ofMinutes(1)));
        call(unanswered, failing("answered 503"));
        unanswered.flagNoAnswer(now.plusSeconds(60));
        assertThat(raised(unanswered)).containsExactly(AlertCondition.NO_ANSWER);
        report(unanswered, failed());
        assertThat(unanswered.cured).containsExactly(AlertCondition.NO_ANSWER);
        assertThat(unanswered.noAnswerSince).isNull();
    }

    @Test
    void anAttemptThatFailsWhileItIsDueStaysDue() {
        var taskRun = due();
        call(taskRun, failing("answered 503"));
        var moves = taskRun.moves.size();

        assertThat(report(taskRun, failed()).applied()).isTrue();

        assertThat(taskRun.state).isEqualTo(TaskRunState.DUE);
        assertThat(taskRun.attempt).isEqualTo(2);
        assertThat(taskRun.moves).hasSize(moves);
    }

    @Test
    void anEndAgainstTheReportsMessageIsNotExplainedByAnOlderOne() {
        var taskRun = due();
        call(taskRun, failing("answered 503"));
        report(taskRun, completed());

        assertThat(taskRun.message).isNull();
    }

    // ---- reports

    @Test
    void anOldSequenceIsNotAppliedAndTheSameOneIs() {
        var taskRun = due();
        report(taskRun, running().sequence(5));

        assertThat(report(taskRun, running().sequence(4)).reason()).isEqualTo(Reason.OUT_OF_ORDER);
        assertThat(report(taskRun, running().sequence(5)).applied()).isTrue();
        assertThat(report(taskRun, running()).applied()).isTrue();
        assertThat(taskRun.lastSequence).isEqualTo(5);
        report(taskRun, running().sequence(6));
        assertThat(taskRun.lastSequence).isEqualTo(6);
    }

    @Test
    void aReportIsTheFirstAnswerWhereNoneCameBefore() {
        var taskRun = due(task().answerWithin(Duration.ofMinutes(1)));
        claim(taskRun, now);
        now = now.plusSeconds(61);
        report(taskRun, running());

        assertThat(taskRun.acceptedAt).isEqualTo(now);
        assertThat(raised(taskRun)).as("it came too late, and people know").containsExactly(AlertCondition.NO_ANSWER);
        assertThat(taskRun.cured).containsExactly(AlertCondition.NO_ANSWER);
        assertThat(taskRun.answerAt).isNull();
    }

    @Test
    void theTimeOfTheFirstAnswerStays() {
        var taskRun = due();
        call(taskRun, new CallResult.Accepted());
        now = now.plusSeconds(5);
        report(taskRun, running());
        call(taskRun, new CallResult.Accepted());

        assertThat(taskRun.acceptedAt).isEqualTo(NOON);
        assertThat(taskRun.reportedAt).isEqualTo(now);
    }

    @Test
    void aReportEndsSilenceAndItBeginsAnew() {
        var taskRun = due(task().silentAfter(Duration.ofMinutes(1)));
        call(taskRun, new CallResult.Accepted());
        assertThat(taskRun.silentAt).isEqualTo(now.plusSeconds(60));
        now = now.plusSeconds(60);
        taskRun.flagSilent(now);
        assertThat(taskRun.silentSince).isEqualTo(now);
        taskRun.flagSilent(now.plusSeconds(60));
        assertThat(raised(taskRun)).as("told once").containsExactly(AlertCondition.SILENT);

        report(taskRun, running());
        assertThat(taskRun.cured).containsExactly(AlertCondition.SILENT);
        assertThat(taskRun.silentSince).isNull();
        assertThat(taskRun.silentAt).isEqualTo(now.plusSeconds(60));
    }

    // ---- clocks

    @Test
    void aFlagIsRaisedWhenItsTimeHasComeAndNotBefore() {
        var taskRun = due(task().answerWithin(Duration.ofMinutes(1)).overdueAfter(Duration.ofMinutes(2)));
        taskRun.flagNoAnswer(NOON.plusSeconds(60).minusNanos(1));
        taskRun.flagOverdue(NOON.plusSeconds(120).minusNanos(1));
        assertThat(taskRun.raised).isEmpty();

        taskRun.flagNoAnswer(NOON.plusSeconds(60));
        taskRun.flagOverdue(NOON.plusSeconds(120));
        assertThat(raised(taskRun)).containsExactly(AlertCondition.NO_ANSWER, AlertCondition.OVERDUE);
        assertThat(taskRun.overdueSince).isEqualTo(NOON.plusSeconds(120));
    }

    @Test
    void itTimesOutAtItsTimeAndNotBefore() {
        var taskRun = due(task().timeout(Duration.ofHours(1)));
        taskRun.timeOut(NOON.plusSeconds(3600).minusNanos(1));
        assertThat(taskRun.isOpen()).isTrue();

        taskRun.timeOut(NOON.plusSeconds(3600));
        assertThat(taskRun.state).isEqualTo(TaskRunState.FAILED);
        assertThat(taskRun.cause).isEqualTo(Cause.TIMED_OUT);
    }

    @Test
    void anEndTellsWhatHadBecomeDueToTellAndCuresIt() {
        var taskRun = due(task().overdueAfter(Duration.ofMinutes(2))
                .silentAfter(Duration.ofMinutes(1))
                .answerWithin(Duration.ofMinutes(1)));
        call(taskRun, unreadable(), 3);
        taskRun.raised.clear();
        now = now.plusSeconds(120);
        taskRun.skip(ADA, now);

        assertThat(raised(taskRun)).containsExactly(AlertCondition.OVERDUE, AlertCondition.NO_ANSWER);
        assertThat(taskRun.cured)
                .containsExactlyInAnyOrder(
                        AlertCondition.OVERDUE, AlertCondition.NO_ANSWER, AlertCondition.UNREADABLE_REPLY);

        var accepted = due(task().silentAfter(Duration.ofMinutes(1)));
        call(accepted, new CallResult.Accepted());
        accepted.skip(ADA, now.plusSeconds(60));
        assertThat(raised(accepted)).containsExactly(AlertCondition.SILENT);
        assertThat(accepted.cured).containsExactly(AlertCondition.SILENT);
    }

    @Test
    void anEndedOneIsNotDueHasNoClocksAndNoLeaseAndAHigherFence() {
        var taskRun = due();
        claim(taskRun, now);
        var fence = taskRun.fence;
        report(taskRun, completed());

        assertThat(taskRun.state).isEqualTo(TaskRunState.COMPLETED);
        assertThat(taskRun.dueAt).isNull();
        assertThat(taskRun.overdueAt).isNull();
        assertThat(taskRun.silentAt).isNull();
        assertThat(taskRun.answerAt).isNull();
        assertThat(taskRun.timeoutAt).isNull();
        assertThat(taskRun.leaseNode).isNull();
        assertThat(taskRun.leaseUntil).isNull();
        assertThat(taskRun.fence)
                .as("an answer under way finds the door closed")
                .isGreaterThan(fence);
        assertThat(taskRun.endedAt).isEqualTo(now);
    }

    // ---- contradiction

    @Test
    void aContradictionIsToldOnceUntilTheNextEnd() {
        var taskRun = due();
        report(taskRun, completed());
        report(taskRun, failed());
        report(taskRun, failed());

        assertThat(raised(taskRun)).containsExactly(AlertCondition.CONFLICT);
        assertThat(taskRun.conflictSince).isEqualTo(now);
        assertThat(taskRun.state).isEqualTo(TaskRunState.COMPLETED);
    }

    @Test
    void whatAgreesWithTheEndOrIsNoEndIsNoContradiction() {
        var taskRun = due();
        report(taskRun, completed());
        assertThat(report(taskRun, completed()).reason()).isEqualTo(Reason.ALREADY_ENDED);
        assertThat(report(taskRun, running()).reason()).isEqualTo(Reason.ALREADY_ENDED);
        var skipped = due();
        skipped.skip(ADA, now);
        report(skipped, completed());
        var byHand = due();
        byHand.markDone(ADA, now);
        report(byHand, failed());

        assertThat(taskRun.raised).isEmpty();
        assertThat(skipped.raised).isEmpty();
        assertThat(byHand.raised).isEmpty();
    }

    @Test
    void aFailureThatPeopleTakeUpAgainIsToldWithItsContradiction() {
        var taskRun = due();
        report(taskRun, failed().retryable(false).message("no room"));
        now = now.plusSeconds(1);
        report(taskRun, completed());
        taskRun.raised.clear();
        taskRun.raiseFailure(now.plusSeconds(9));

        assertThat(raised(taskRun)).containsExactly(AlertCondition.REPORTED_FAILED, AlertCondition.CONFLICT);
        assertThat(taskRun.raised.get(0).detail()).endsWith("ended FAILED (REPORTED_FAILED): no room");
        assertThat(taskRun.raised.get(0).since()).isEqualTo(NOON);
        assertThat(taskRun.raised.get(1).since()).isEqualTo(now);
    }

    @Test
    void aFailureWithoutAMessageIsToldByItsCause() {
        var taskRun = due();
        report(taskRun, failed().retryable(false));

        assertThat(taskRun.raised).hasSize(1);
        assertThat(taskRun.raised.get(0).detail()).endsWith("ended FAILED (REPORTED_FAILED)");
    }

    // ---- operators

    @Test
    void callNowBringsForwardAndNeverPutsOff() {
        var later = due();
        call(later, new CallResult.Accepted());
        later.changed = false;
        later.callNow(now);
        assertThat(later.dueAt).isEqualTo(now);
        assertThat(later.changed).isTrue();

        var earlier = due();
        earlier.callNow(now.plusSeconds(5));
        assertThat(earlier.dueAt).as("its place in the queue is kept").isEqualTo(NOON);
    }

    @Test
    void oneUnderALeaseIsBeingCalledUntilTheLeaseEnds() {
        var taskRun = due();
        call(taskRun, new CallResult.Accepted());
        assertThat(taskRun.isBeingCalled(now)).isFalse();
        claim(taskRun, now);
        assertThat(taskRun.isBeingCalled(now.plusSeconds(12).minusNanos(1))).isTrue();
        assertThat(taskRun.isBeingCalled(now.plusSeconds(12))).isFalse();
    }

    @Test
    void whatEndsByHandIsCancelledDownstreamIfItMayHaveBegunThere() {
        var never = due(task().cancelledAt("/cancel"));
        never.markDone(ADA, now);
        assertThat(never.isCancelPending()).isFalse();

        var begun = due(task().cancelledAt("/cancel"));
        call(begun, failing("no answer"));
        begun.markDone(ADA, now);
        assertThat(begun.isCancelPending()).isTrue();
        assertThat(begun.cancelDueAt).isEqualTo(now);
        assertThat(begun.cancelUntil).isEqualTo(now.plus(TaskRun.CANCEL_WINDOW));
        assertThat(begun.cancelReason).isEqualTo("because");
        assertThat(begun.cause).isEqualTo(Cause.OPERATOR);
        assertThat(begun.message).isEqualTo("because");

        var noWay = due();
        call(noWay, new CallResult.Accepted());
        noWay.skip(ADA, now);
        assertThat(noWay.isCancelPending()).isFalse();
    }

    private TaskRun cancelled() {
        var taskRun = due(task().cancelledAt("/cancel"));
        call(taskRun, new CallResult.Accepted());
        taskRun.cancel(ADA, now);
        return taskRun;
    }

    private static CancelOutcome cancelOutcome(TaskRun taskRun, int attempt, CancelState state, Duration retryAfter) {
        return new CancelOutcome(
                new CancelCall(
                        taskRun.taskRunId,
                        taskRun.runId,
                        taskRun.group,
                        taskRun.orderingKey,
                        null,
                        taskRun.task,
                        attempt,
                        taskRun.fence,
                        "because",
                        0,
                        null),
                state,
                retryAfter);
    }

    private void cancelAnswered(TaskRun taskRun, CancelState state, Duration retryAfter) {
        taskRun.cancelAnswered(cancelOutcome(taskRun, 1, state, retryAfter), NO_SPREAD, now);
    }

    @Test
    void aCancelCallIsRepeatedWithBackOffUntilItsWindowEnds() {
        var taskRun = cancelled();
        taskRun.changed = false;
        cancelAnswered(taskRun, CancelState.PENDING, null);
        assertThat(taskRun.cancelDueAt).isEqualTo(now.plusSeconds(5));
        assertThat(taskRun.changed).isTrue();
        cancelAnswered(taskRun, CancelState.PENDING, Duration.ofSeconds(30));
        assertThat(taskRun.cancelDueAt).isEqualTo(now.plusSeconds(30));
        now = now.plusSeconds(40);
        cancelAnswered(taskRun, CancelState.PENDING, Duration.ofSeconds(20));
        assertThat(taskRun.cancelDueAt).as("the last moment still counts").isEqualTo(NOON.plusSeconds(60));
        assertThat(taskRun.isCancelPending()).isTrue();

        cancelAnswered(taskRun, CancelState.PENDING, null);
        assertThat(taskRun.cancelState).isEqualTo(CancelState.UNCONFIRMED);
        assertThat(taskRun.cancelDueAt).isNull();
        assertThat(raised(taskRun)).containsExactly(AlertCondition.UNCONFIRMED);
    }

    @Test
    void onlyTheAnswerToTheCancelledAttemptCounts() {
        var taskRun = cancelled();
        taskRun.changed = false;
        taskRun.cancelAnswered(cancelOutcome(taskRun, 2, CancelState.CONFIRMED, null), NO_SPREAD, now);
        assertThat(taskRun.isCancelPending()).isTrue();
        assertThat(taskRun.changed).isFalse();

        cancelAnswered(taskRun, CancelState.CONFIRMED, null);
        assertThat(taskRun.cancelState).isEqualTo(CancelState.CONFIRMED);
        assertThat(taskRun.raised).isEmpty();
        assertThat(taskRun.cancelDueAt).isNull();
    }

    @Test
    void aCancelThatWasRefusedIsToldAndTakenBackByWhoeverDecidesNext() {
        var taskRun = cancelled();
        cancelAnswered(taskRun, CancelState.REFUSED, null);
        assertThat(raised(taskRun)).containsExactly(AlertCondition.UNCONFIRMED);

        taskRun.reopen(false, MoveCause.RERUN_FAILED, ADA, now);
        assertThat(taskRun.cured).containsExactly(AlertCondition.UNCONFIRMED);
        assertThat(taskRun.cancelState).isEqualTo(CancelState.NONE);
        assertThat(taskRun.cancelReason).isNull();
    }

    @Test
    void aConfirmedCancelLeavesNothingToTakeBack() {
        var taskRun = cancelled();
        cancelAnswered(taskRun, CancelState.CONFIRMED, null);
        taskRun.reopen(false, MoveCause.RERUN_FAILED, ADA, now);

        assertThat(taskRun.cured).isEmpty();
        assertThat(taskRun.attempt).isEqualTo(2);
    }

    @Test
    void whoDecidesOverAnUnconfirmedCancelTakesItsAlertBack() {
        var failedOne = due(task().cancelledAt("/cancel"));
        call(failedOne, new CallResult.Refused("answered 403"));
        failedOne.cancelState = CancelState.UNCONFIRMED;
        failedOne.markDone(ADA, now);
        assertThat(failedOne.cured).contains(AlertCondition.UNCONFIRMED, AlertCondition.REFUSED);
    }

    @Test
    void aReopenedOneThatWasNeverCalledKeepsItsAttempt() {
        var taskRun = waiting(task());
        taskRun.cancelBehindBarrier(now);
        taskRun.reopen(false, MoveCause.RETRY, ADA, now);

        assertThat(taskRun.attempt).isEqualTo(1);
        assertThat(taskRun.state).isEqualTo(TaskRunState.WAITING);
        assertThat(taskRun.cause).isNull();
        assertThat(taskRun.endedAt).isNull();
    }

    @Test
    void clocksOfAReopenedOneStartAgain() {
        var taskRun = due(task().timeout(Duration.ofHours(1)).overdueAfter(Duration.ofMinutes(30)));
        taskRun.timeOut(NOON.plusSeconds(3600));
        now = NOON.plusSeconds(7200);
        taskRun.reopen(true, MoveCause.RETRY, ADA, now);

        assertThat(taskRun.state).isEqualTo(TaskRunState.DUE);
        assertThat(taskRun.dueAt).isEqualTo(now);
        assertThat(taskRun.firstDueAt).isEqualTo(now);
        assertThat(taskRun.timeoutAt).isEqualTo(now.plusSeconds(3600));
        assertThat(taskRun.overdueAt).isEqualTo(now.plusSeconds(1800));
        assertThat(taskRun.overdueSince).isNull();
    }

    @Test
    void everyMoveIsToldWithItsFenceAndItsActor() {
        var taskRun = due();
        taskRun.skip(ADA, now);

        var move = taskRun.moves.get(taskRun.moves.size() - 1);
        assertThat(move.from()).isEqualTo("DUE");
        assertThat(move.to()).isEqualTo("SKIPPED");
        assertThat(move.fence()).isEqualTo(taskRun.fence);
        assertThat(move.actor()).isEqualTo("ada");
        assertThat(move.detail()).isEqualTo("because");
    }
}
