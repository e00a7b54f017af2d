package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.TaskFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The finer points of one run, told apart from stores; the rules themselves are in {@link RunsContract}. */
class RunTest {

    private static final Operator ADA = new Operator("ada", "because");
    private static final Instant LATE = NOON.plusSeconds(60);

    private static Run run(TaskFixture... tasks) {
        var group = new FixedTaskGroups().put(aGroup("g").with(tasks));
        var run = new Run("run", group, "key", "key", "trigger", "{}", null, 0, null, NOON);
        for (int i = 0; i < tasks.length; i++) {
            run.taskRuns.add(new TaskRun(
                    "task-run-" + i, "run", "g", 1, "key", i, group.tasks().get(i), NOON));
        }
        return run;
    }

    private static Run lateRun() {
        var run = run(aSyncTask("a"));
        run.startByAt = NOON.plusSeconds(30);
        return run;
    }

    private static List<AlertCondition> raised(Run run) {
        return run.raised.stream().map(AlertSignal::condition).toList();
    }

    private static void fail(TaskRun task) {
        task.timeoutAt = NOON;
        task.timeOut(NOON);
    }

    private static List<TaskRunState> states(Run run) {
        return run.taskRuns.stream().map(task -> task.state).toList();
    }

    @Test
    void itHasChangedWhenItselfOrATaskRunHas() {
        var run = run(aSyncTask("a"), aSyncTask("b"));
        assertThat(run.hasChanged()).isFalse();

        run.taskRuns.get(1).changed = true;
        assertThat(run.hasChanged()).isTrue();

        var held = run(aSyncTask("a"));
        held.hold(NOON);
        assertThat(held.hasChanged()).isTrue();
    }

    @Test
    void taskRunsStandInTheOrderOfTheirGroupWhateverOrderTheyCameIn() {
        var run = run(aSyncTask("a"), aSyncTask("b"), aSyncTask("c"));
        run.taskRuns.add(run.taskRuns.remove(0));
        run.orderTaskRuns();

        assertThat(run.taskRuns).extracting(task -> task.taskNo).containsExactly(0, 1, 2);
    }

    @Test
    void whoStartsLateIsToldOfThoughNoSweepSawIt() {
        var promoted = lateRun();
        promoted.promote(LATE);
        assertThat(raised(promoted)).containsExactly(AlertCondition.START_LATE);
        assertThat(promoted.cured).containsExactly(AlertCondition.START_LATE);
        assertThat(promoted.lateSince).isNull();
        assertThat(promoted.startByAt).isNull();

        var early = lateRun();
        early.promote(NOON.plusSeconds(29));
        assertThat(early.raised).isEmpty();
        assertThat(early.cured).isEmpty();
        assertThat(early.startByAt).isNull();
    }

    @Test
    void whatIsCancelledOrSkippedIsLateNoLonger() {
        var cancelled = lateRun();
        cancelled.flagLate(NOON.plusSeconds(30));
        assertThat(raised(cancelled)).containsExactly(AlertCondition.START_LATE);
        cancelled.cancel(ADA, LATE);
        assertThat(cancelled.cured).containsExactly(AlertCondition.START_LATE);
        assertThat(cancelled.startByAt).isNull();

        var skipped = lateRun();
        skipped.flagLate(NOON.plusSeconds(30));
        skipped.skip(LATE);
        assertThat(skipped.cured).containsExactly(AlertCondition.START_LATE);
    }

    @Test
    void aRunThatIsNotLateYetIsNotFlagged() {
        var run = lateRun();
        run.flagLate(NOON.plusSeconds(30).minusNanos(1));

        assertThat(run.raised).isEmpty();
    }

    @Test
    void aRerunOfWhatFailedInARunningRunWaitsBehindItsBarrier() {
        var run = run(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c"));
        run.promote(NOON);
        run.taskRuns.get(0).timeOut(NOON.plus(Duration.ofDays(1)));
        run.settle(NOON);
        assertThat(states(run)).containsExactly(TaskRunState.FAILED, TaskRunState.DUE, TaskRunState.CANCELLED);

        run.rerunFailed(ADA, NOON);

        assertThat(states(run)).containsExactly(TaskRunState.DUE, TaskRunState.DUE, TaskRunState.WAITING);
        assertThat(run.state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aRerunInARunningRunOpensABarrierThatNothingHoldsAnyMore() {
        var run = run(aSyncTask("a"), aSyncTask("b"));
        run.promote(NOON);
        run.taskRuns.get(0).skip(ADA, NOON);
        run.settle(NOON);
        fail(run.taskRuns.get(1));
        run.rerunFailed(ADA, NOON);

        assertThat(states(run)).containsExactly(TaskRunState.SKIPPED, TaskRunState.DUE);
    }

    @Test
    void skippingTheTaskThatHeldTheOthersUpLetsThemStartAtOnce() {
        var run = run(aSyncTask("a"), aSyncTask("b"));
        run.promote(NOON);
        run.act(TaskAction.SKIP, run.taskRuns.get(0), null, ADA, NOON);
        assertThat(states(run)).containsExactly(TaskRunState.SKIPPED, TaskRunState.DUE);

        run.act(TaskAction.SKIP, run.taskRuns.get(1), null, ADA, LATE);
        assertThat(run.state).isEqualTo(RunState.COMPLETED);
        assertThat(run.endedAt).isEqualTo(LATE);
    }

    @Test
    void aResolutionLapsesAtItsTimeAndOneWithoutTimeNever() {
        var run = run(aSyncTask("a"));
        assertThat(run.hasLapsed(LATE)).isFalse();

        run.resolution = new Resolution(ResolutionStatus.IGNORED, "ada", NOON, null, "because");
        assertThat(run.hasLapsed(LATE)).isFalse();

        run.resolution = new Resolution(ResolutionStatus.IGNORED, "ada", NOON, LATE, "because");
        assertThat(run.hasLapsed(LATE.minusNanos(1))).isFalse();
        assertThat(run.hasLapsed(LATE)).isTrue();
    }

    @Test
    void onlyWhatFailedIsToldAgainWhenAResolutionLapses() {
        var run = run(anAsyncTask("a"), anAsyncTask("b"));
        run.promote(NOON);
        fail(run.taskRuns.get(0));
        run.taskRuns.get(1).skip(ADA, NOON);
        run.settle(NOON);
        run.taskRuns.forEach(task -> task.raised.clear());

        run.lapse(LATE);

        assertThat(run.taskRuns.get(0).raised)
                .extracting(AlertSignal::condition)
                .containsExactly(AlertCondition.TIMED_OUT);
        assertThat(run.taskRuns.get(1).raised).isEmpty();
        assertThat(run.unresolvedSince).isEqualTo(NOON);
    }
}
