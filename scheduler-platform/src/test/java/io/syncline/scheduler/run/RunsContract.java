package io.syncline.scheduler.run;

import static io.syncline.scheduler.run.TaskRunState.CALLING;
import static io.syncline.scheduler.run.TaskRunState.CANCELLED;
import static io.syncline.scheduler.run.TaskRunState.COMPLETED;
import static io.syncline.scheduler.run.TaskRunState.DUE;
import static io.syncline.scheduler.run.TaskRunState.FAILED;
import static io.syncline.scheduler.run.TaskRunState.RUNNING;
import static io.syncline.scheduler.run.TaskRunState.SKIPPED;
import static io.syncline.scheduler.run.TaskRunState.WAITING;
import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.ReportFixture.running;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.contracts.CallbackAnswer.Reason;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.HeldMode;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.GroupFixture;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What runs do, on every store. */
abstract class RunsContract {

    static final Operator OPERATOR = new Operator("ada", "it must stop");
    private static final Duration SECOND = Duration.ofSeconds(1);

    final SettableClock clock = SettableClock.atNoon();
    final FixedTaskGroups groups = new FixedTaskGroups();
    private final AtomicLong dice = new AtomicLong();
    private final RandomGenerator random = dice::get;
    final KeptCallbacks kept = new KeptCallbacks();
    private final List<String> woken = new ArrayList<>();
    private @Nullable RunStore store;
    private @Nullable Runs runs;

    /** The same tables on each call of one test, empty at its start. */
    abstract RunStore storeOf(String node);

    /** The moves of a run and its task runs, oldest first. */
    abstract List<Move> journal(String runId);

    /** Makes the slot look as if nobody held it, as a lost promotion leaves it. */
    abstract void freeSlotBehindItsBack(SlotKey key);

    abstract boolean hasSlot(SlotKey key);

    /** Callbacks that earlier reports of the test left behind. */
    static final class KeptCallbacks implements KnownCallbacks, KeptReports {
        private final Map<String, Boolean> applied = new HashMap<>();
        private final List<IncomingReport> reports = new ArrayList<>();

        @Override
        public @Nullable StatusReport completed(String taskRunId, int attempt, @Nullable String callbackId) {
            return reports.stream()
                    .filter(report -> report.taskRunId().equals(taskRunId) && report.attempt() == attempt)
                    .filter(report -> report.report().status() == ReportStatus.COMPLETED)
                    .filter(report -> callbackId == null || report.callbackId().equals(callbackId))
                    .reduce((one, later) -> later)
                    .map(IncomingReport::report)
                    .orElse(null);
        }

        @Override
        public Map<IncomingReport, Boolean> firstApplied(Collection<IncomingReport> reports) {
            var copies = new HashMap<IncomingReport, Boolean>();
            for (IncomingReport report : reports) {
                var first = applied.get(key(report));
                if (first != null) {
                    copies.put(report, first);
                }
            }
            return copies;
        }

        private void keep(IncomingReport report, Verdict verdict) {
            if (applied.putIfAbsent(key(report), verdict.applied()) == null) {
                reports.add(report);
            }
        }

        private static String key(IncomingReport report) {
            return report.taskRunId() + " " + report.callbackId();
        }
    }

    // ---- what the tests say

    final HeardSignals signals = new HeardSignals();
    final List<RunsMoved> moved = new ArrayList<>();

    Runs runsOn(String node) {
        return new Runs(
                storeOf(node),
                groups,
                random,
                work -> woken.addAll(work.systems().keySet()),
                moved::add,
                signals,
                node);
    }

    Runs runs() {
        if (runs == null) {
            runs = runsOn("node-a");
        }
        return runs;
    }

    private RunStore store() {
        if (store == null) {
            store = storeOf("node-a");
        }
        return store;
    }

    /** 0.0 makes the shortest back-off, 0.5 the plain one, 1.0 (all but) the longest. */
    private void spread(double part) {
        dice.set(part >= 1.0 ? -1L : (long) (part * (1L << 53)) << 11);
    }

    String start(GroupFixture group, String orderingKey) {
        return start(groups.put(group), orderingKey);
    }

    String start(TaskGroup group, String orderingKey) {
        return runs().start(List.of(new NewRun(group, orderingKey, orderingKey, Ids.next(), "{}", null)))
                .get(0)
                .runId();
    }

    Run run(String runId) {
        return store().inTransaction(
                        () -> store().lock(List.of(runId), List.of()).runs().get(runId));
    }

    TaskRun task(String runId, String key) {
        return run(runId).taskRuns.stream()
                .filter(task -> task.task.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    Map<String, TaskRunState> states(String runId) {
        var states = new LinkedHashMap<String, TaskRunState>();
        run(runId).taskRuns.forEach(task -> states.put(task.task.key(), task.state));
        return states;
    }

    List<ClaimedTask> claim() {
        return runs().claim(DOWNSTREAM, 100);
    }

    ClaimedTask claimOne() {
        var claims = claim();
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    boolean record(ClaimedTask claim, CallResult result) {
        return runs().record(List.of(new CallOutcome(claim, result))).get(0);
    }

    void accept(ClaimedTask claim) {
        assertThat(record(claim, new CallResult.Accepted())).isTrue();
    }

    Verdict report(String runId, String task, ReportFixture report) {
        var taskRun = task(runId, task);
        if (!report.hasId()) {
            report.id(Ids.next());
        }
        if (!report.hasAttempt()) {
            report.attempt(taskRun.attempt);
        }
        var incoming = new IncomingReport(taskRun.taskRunId, report.build());
        var verdict = Judging.judge(runs(), List.of(incoming), kept).get(0);
        kept.keep(incoming, verdict);
        return verdict;
    }

    void complete(String runId, String... tasks) {
        for (String task : tasks) {
            assertThat(report(runId, task, completed()).applied()).isTrue();
        }
    }

    void failForGood(String runId, String task) {
        assertThat(report(runId, task, failed().retryable(false).message("disk full"))
                        .applied())
                .isTrue();
    }

    private List<String> moves(String runId, String task) {
        var id = task(runId, task).taskRunId;
        return journal(runId).stream()
                .filter(move -> id.equals(move.taskRunId()))
                .map(move -> move.from() + ">" + move.to() + " " + move.cause())
                .toList();
    }

    private static CallResult.RetryableStatus unavailable() {
        return new CallResult.RetryableStatus("answered 503", null);
    }

    // ---- what others are told

    @Test
    void othersAreToldOfEveryMoveThatWasWritten() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        complete(run, "a");

        var runMoves = moved.stream()
                .flatMap(told -> told.runs().stream())
                .map(move -> move.from() + " " + move.to())
                .toList();
        var taskMoves = moved.stream()
                .flatMap(told -> told.taskRuns().stream())
                .map(move -> move.task() + " " + move.to() + " " + move.cause())
                .toList();
        assertThat(runMoves).containsExactly("null QUEUED", "QUEUED RUNNING", "RUNNING COMPLETED");
        assertThat(taskMoves).contains("a DUE BARRIER_OPEN", "a COMPLETED REPORTED");
        assertThat(moved.get(moved.size() - 1).runs()).singleElement().satisfies(move -> {
            assertThat(move.ended()).isTrue();
            assertThat(move.runId()).isEqualTo(run);
            assertThat(move.startedAt()).isEqualTo(NOON);
        });
    }

    @Test
    void othersAreToldNothingByADryRun() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        moved.clear();

        runs().cancel(run, new Operator("ana", "to see"), true);

        assertThat(moved).isEmpty();
    }

    // ---- barriers

    @Test
    void allAsyncTasksStartAtOnce() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), anAsyncTask("c")), "k");

        assertThat(states(run).values()).containsOnly(DUE);
        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(woken).containsExactly(DOWNSTREAM);
    }

    @Test
    void aSyncTaskWaitsForAllBeforeItAndAllAfterItWait() {
        var run = start(
                aGroup("g")
                        .with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c"), anAsyncTask("d"), anAsyncTask("e")),
                "k");
        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", DUE, "c", WAITING, "d", WAITING, "e", WAITING));

        complete(run, "a");
        assertThat(states(run)).containsEntry("c", WAITING);

        complete(run, "b");
        assertThat(states(run))
                .isEqualTo(statesOf("a", COMPLETED, "b", COMPLETED, "c", DUE, "d", WAITING, "e", WAITING));

        complete(run, "c");
        assertThat(states(run)).containsEntry("d", DUE).containsEntry("e", DUE);

        complete(run, "e", "d");
        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
        assertThat(run(run).endedAt).isEqualTo(NOON);
    }

    @Test
    void syncTasksRunOneAfterTheOther() {
        var run = start(aGroup("g").with(aSyncTask("a"), aSyncTask("b"), anAsyncTask("c"), aSyncTask("d")), "k");

        for (String next : List.of("a", "b", "c", "d")) {
            var due = states(run).entrySet().stream()
                    .filter(state -> state.getValue() == DUE)
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(due).containsExactly(next);
            complete(run, next);
        }

        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
    }

    private static Map<String, TaskRunState> statesOf(Object... pairs) {
        var states = new LinkedHashMap<String, TaskRunState>();
        for (int i = 0; i < pairs.length; i += 2) {
            states.put((String) pairs[i], (TaskRunState) pairs[i + 1]);
        }
        return states;
    }

    @Test
    void aFailureCancelsWhatIsBehindTheBarrierWhileNeighboursGoOn() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c"), anAsyncTask("d")), "k");

        failForGood(run, "a");

        assertThat(states(run)).isEqualTo(statesOf("a", FAILED, "b", DUE, "c", CANCELLED, "d", CANCELLED));
        assertThat(task(run, "c").cause).isEqualTo(Cause.PREDECESSOR_FAILED);
        assertThat(run(run).state).isEqualTo(RunState.RUNNING);

        complete(run, "b");
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
    }

    @Test
    void aGroupOfOneTaskEndsWithIt() {
        var run = start(aGroup("g").with(aSyncTask("only")), "k");

        complete(run, "only");

        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
        assertThat(journal(run))
                .extracting(move -> (move.taskRunId() == null ? "run " : "task ") + move.from() + ">" + move.to())
                .containsExactlyInAnyOrder(
                        "run null>QUEUED",
                        "run QUEUED>RUNNING",
                        "task WAITING>DUE",
                        "task DUE>COMPLETED",
                        "run RUNNING>COMPLETED");
    }

    // ---- ordering

    @Test
    void runsOfOneKeyRunOneAfterTheOtherInInboxOrder() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var first = start(group, "k");
        var second = start(group, "k");
        var third = start(group, "k");
        assertThat(run(second).state).isEqualTo(RunState.QUEUED);
        assertThat(states(second)).containsEntry("a", WAITING);
        assertThat(run(third).state).isEqualTo(RunState.QUEUED);

        clock.advance(SECOND);
        complete(first, "a");
        assertThat(run(second).state).isEqualTo(RunState.RUNNING);
        assertThat(run(second).startedAt).isEqualTo(NOON.plus(SECOND));
        assertThat(states(second)).containsEntry("a", DUE);
        assertThat(run(third).state).isEqualTo(RunState.QUEUED);

        complete(second, "a");
        assertThat(run(third).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void promotionHappensInTheTransactionThatEndsTheRunBefore() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var first = start(group, "k");
        var second = start(group, "k");
        var claim = claimOne();

        woken.clear();
        record(claim, new CallResult.Reported(completed().build()));

        assertThat(run(first).state).isEqualTo(RunState.COMPLETED);
        assertThat(states(second)).containsEntry("a", DUE);
        assertThat(woken).containsExactly(DOWNSTREAM);
    }

    @Test
    void aFailedRunDoesNotHoldItsSuccessors() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var first = start(group, "k");
        var second = start(group, "k");

        failForGood(first, "a");

        assertThat(run(first).state).isEqualTo(RunState.FAILED);
        assertThat(run(second).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void runsOfDifferentKeysAndGroupsRunSideBySide() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var other = groups.put(aGroup("h").with(aSyncTask("a")));

        var runs = List.of(start(group, "k1"), start(group, "k2"), start(other, "k1"));

        assertThat(runs).allSatisfy(run -> assertThat(run(run).state).isEqualTo(RunState.RUNNING));
    }

    @Test
    void oneMessageStartsRunsOfSeveralGroupsAndTellsWhereTheyStand() {
        var one = groups.put(aGroup("g").with(aSyncTask("a")));
        var two = groups.put(aGroup("h").with(aSyncTask("a")));
        start(two, "k");

        var trigger = Ids.next();
        var started = runs().start(List.of(
                new NewRun(one, "k", "k", trigger, "{}", null), new NewRun(two, "k", "k", trigger, "{}", null)));
        complete(started.get(0).runId(), "a");

        assertThat(started).extracting(StartedRun::state).containsExactly(RunState.RUNNING, RunState.QUEUED);
        assertThat(runs().ofTrigger(trigger))
                .extracting(TriggeredRun::group, TriggeredRun::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("g", RunState.COMPLETED),
                        org.assertj.core.groups.Tuple.tuple("h", RunState.QUEUED));
    }

    @Test
    void theSenderSeesResultsAndTheFirstError() {
        var group = groups.put(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")));
        var run = start(group, "k");
        report(run, "a", completed().result(Map.of("rows", 12)));
        failForGood(run, "b");

        var told = runs().ofTrigger(run(run).triggerId).get(0);

        assertThat(told.state()).isEqualTo(RunState.FAILED);
        assertThat(told.results()).containsOnlyKeys("a");
        assertThat(told.results().get("a")).containsEntry("rows", 12);
        assertThat(told.error()).contains("b").contains("disk full");
    }

    @Test
    void aRunKeepsItsGroupVersion() {
        var first = groups.put(aGroup("g").version(1).with(aSyncTask("a")));
        var run = start(first, "k");
        groups.put(aGroup("g").version(2).with(aSyncTask("b"), aSyncTask("c")));

        assertThat(states(run)).containsOnlyKeys("a");
        assertThat(claimOne().task().key()).isEqualTo("a");
    }

    // ---- claims

    @Test
    void aClaimTakesDueWorkOnceAndRaisesFenceAndRound() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");

        var claims = claim();

        assertThat(claims).hasSize(2).allSatisfy(claim -> {
            assertThat(claim.round()).isEqualTo(1);
            assertThat(claim.fence()).isEqualTo(1);
            assertThat(claim.attempt()).isEqualTo(1);
            assertThat(claim.takenOver()).isFalse();
            assertThat(claim.deadline()).isEqualTo(NOON.plus(Duration.ofHours(6)));
            assertThat(claim.businessKey()).isEqualTo("k");
        });
        assertThat(claim()).isEmpty();
        assertThat(runsOn("node-b").claim(DOWNSTREAM, 10)).isEmpty();
        assertThat(states(run).values()).containsOnly(CALLING);
        assertThat(moves(run, "a")).containsExactly("WAITING>DUE BARRIER_OPEN", "DUE>CALLING CLAIMED");
    }

    @Test
    void aClaimTakesTheLongestDueFirstAndNoMoreThanItsLimit() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var runIds = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            runIds.add(start(group, "k" + i));
            clock.advance(SECOND);
        }

        var first = runs().claim(DOWNSTREAM, 2);
        var second = runs().claim(DOWNSTREAM, 2);

        assertThat(first).extracting(ClaimedTask::runId).containsExactlyInAnyOrder(runIds.get(0), runIds.get(1));
        assertThat(second).extracting(ClaimedTask::runId).containsExactlyInAnyOrder(runIds.get(2), runIds.get(3));
    }

    @Test
    void aClaimIsForOneSystem() {
        start(aGroup("g").with(anAsyncTask("a").on("one"), anAsyncTask("b").on("two")), "k");

        assertThat(runs().dueSystems(List.of("one", "two", "three"))).containsExactlyInAnyOrder("one", "two");
        assertThat(runs().dueSystems(List.of())).isEmpty();
        assertThat(runs().claim("one", 10))
                .extracting(claim -> claim.task().key())
                .containsExactly("a");
        assertThat(runs().dueSystems(List.of("one", "two"))).containsExactly("two");
    }

    @Test
    void anExpiredLeaseIsTakenOverUnderANewFenceAndTheStaleOutcomeChangesNothing() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        var lost = claimOne();

        clock.advance(Runs.LEASE.minusMillis(1));
        assertThat(runsOn("node-b").claim(DOWNSTREAM, 10)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        var taken = runsOn("node-b").claim(DOWNSTREAM, 10).get(0);

        assertThat(taken.takenOver()).isTrue();
        assertThat(taken.fence()).isGreaterThan(lost.fence());
        assertThat(taken.attempt()).isEqualTo(lost.attempt());
        assertThat(taken.round()).isEqualTo(2);
        var before = journal(run);
        assertThat(record(lost, new CallResult.Refused("answered 404"))).isFalse();
        assertThat(record(lost, new CallResult.Reported(completed().build()))).isFalse();
        assertThat(states(run)).containsEntry("a", CALLING);
        assertThat(journal(run)).isEqualTo(before);
        accept(taken);
        assertThat(states(run)).containsEntry("a", RUNNING);
    }

    @Test
    void lostWorkIsTakenBeforeWorkThatWaitedLonger() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var called = start(group, "called");
        claimOne();
        clock.advance(SECOND);
        for (int i = 0; i < 3; i++) {
            start(group, "waits" + i);
        }

        assertThat(runs().hastenLost()).isZero();
        clock.advance(Runs.LEASE);
        assertThat(runsOn("node-b").hastenLost()).isEqualTo(1);
        assertThat(runsOn("node-b").hastenLost()).isZero();

        var taken = runsOn("node-b").claim(DOWNSTREAM, 1);
        assertThat(taken).extracting(ClaimedTask::runId).containsExactly(called);
        assertThat(taken.get(0).takenOver()).isTrue();
        assertThat(runs().hastenLost()).isZero();
    }

    @Test
    void aRenewedLeaseHoldsWhileOnlyItsOwnNodeRenewsIt() {
        start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        var mine = runs().claim(DOWNSTREAM, 1);
        var theirs = runsOn("node-b").claim(DOWNSTREAM, 1);
        assertThat(theirs).hasSize(1);

        clock.advance(Duration.ofSeconds(9));
        assertThat(runs().renewLeases(List.of(mine.get(0), theirs.get(0)))).isEqualTo(1);
        clock.advance(Duration.ofSeconds(9));

        var taken = claim();
        assertThat(taken)
                .extracting(ClaimedTask::taskRunId)
                .containsExactly(theirs.get(0).taskRunId());
        assertThat(record(mine.get(0), new CallResult.Accepted())).isTrue();
    }

    @Test
    void aLeaseThatItsNodeKnowsNothingOfRunsOutThoughTheNodeLives() {
        start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        var inHand = runs().claim(DOWNSTREAM, 1);
        var forgotten = runs().claim(DOWNSTREAM, 1);

        clock.advance(Duration.ofSeconds(9));
        assertThat(runs().renewLeases(inHand)).isEqualTo(1);
        assertThat(runs().renewLeases(List.of())).isZero();
        clock.advance(Duration.ofSeconds(3));

        assertThat(claim())
                .extracting(ClaimedTask::taskRunId)
                .containsExactly(forgotten.get(0).taskRunId());
    }

    @Test
    void aNodeThatLostALeaseDoesNotProlongTheOneThatFollowed() {
        start(aGroup("g").with(aSyncTask("a")), "k");
        var lost = claim();
        clock.advance(Runs.LEASE);
        var taken = claim();

        clock.advance(Duration.ofSeconds(9));

        assertThat(runs().renewLeases(lost)).isZero();
        assertThat(runs().renewLeases(taken)).isEqualTo(1);
    }

    @Test
    void oneStaleOutcomeDoesNotUndoTheOthersOfItsBatch() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        var claims = claim();
        report(run, claims.get(0).task().key(), completed());

        var applied = runs().record(claims.stream()
                .map(claim -> new CallOutcome(claim, new CallResult.Accepted()))
                .toList());

        assertThat(applied).containsExactly(false, true);
        assertThat(states(run)).containsEntry(claims.get(0).task().key(), COMPLETED);
        assertThat(states(run)).containsEntry(claims.get(1).task().key(), RUNNING);
    }

    // ---- answers

    @Test
    void anAcceptedCallIsPolledAfterItsIntervalWithoutAJournalRow() {
        var run = start(aGroup("g").with(aSyncTask("a").every(Duration.ofSeconds(30))), "k");
        var first = claimOne();
        clock.advance(Duration.ofSeconds(4));
        accept(first);

        assertThat(states(run)).containsEntry("a", RUNNING);
        var journalled = journal(run).size();
        clock.advance(Duration.ofSeconds(30).minusMillis(1));
        assertThat(claim()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        var second = claimOne();
        accept(second);

        assertThat(second.round()).isEqualTo(2);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.takenOver()).isFalse();
        assertThat(states(run)).containsEntry("a", RUNNING);
        assertThat(journal(run)).hasSize(journalled);
    }

    @Test
    void aReportDoesNotMoveTheNextCall() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        accept(claimOne());
        var due = task(run, "a").dueAt;

        clock.advance(Duration.ofSeconds(10));
        report(run, "a", running().sequence(1).progress(3, 10));

        assertThat(task(run, "a").dueAt).isEqualTo(due);
        assertThat(task(run, "a").progress.done()).isEqualTo(3);
    }

    @Test
    void aReportInAnAnswerIsJudgedLikeACallback() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), anAsyncTask("c")), "k");
        for (ClaimedTask claim : claim()) {
            var report = switch (claim.task().key()) {
                case "a" -> running().progress(1, 2);
                case "b" -> completed();
                default -> failed().retryable(false);
            };
            assertThat(record(claim, new CallResult.Reported(report.build()))).isTrue();
        }

        assertThat(states(run)).isEqualTo(statesOf("a", RUNNING, "b", COMPLETED, "c", FAILED));
        assertThat(task(run, "a").dueAt).isEqualTo(NOON.plusSeconds(30));
    }

    @Test
    void aReportInAnAnswerForAnAttemptThatHasNotBegunIsUnreadable() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        record(claimOne(), new CallResult.Reported(completed().attempt(2).build()));

        assertThat(states(run)).containsEntry("a", DUE);
        assertThat(task(run, "a").unreadableCalls).isEqualTo(1);
    }

    @Test
    void failedCallsBackOffDoublingWithinTheirBoundsAndCap() {
        var run = start(aGroup("g").with(aSyncTask("a").retry(3, Duration.ofSeconds(5), Duration.ofSeconds(60))), "k");
        var plain = List.of(5, 10, 20, 40);

        for (int n = 0; n < 6; n++) {
            spread(n % 2 == 0 ? 0.0 : 1.0);
            record(claimOne(), n % 2 == 0 ? unavailable() : new CallResult.Unknown("connection reset"));
            var wait = Duration.between(clock.now(), task(run, "a").dueAt);
            var jitter = n % 2 == 0 ? 0.8 : 1.2;
            var expected = n < 4 ? plain.get(n) * jitter : 60;
            assertThat(wait.toMillis()).isEqualTo(Math.round(Math.min(60, expected) * 1000));
            assertThat(states(run)).containsEntry("a", DUE);
            assertThat(task(run, "a").attempt).isEqualTo(1);
            clock.advance(wait.minusMillis(1));
            assertThat(claim()).isEmpty();
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(task(run, "a").round).isEqualTo(6);
    }

    @Test
    void retryAfterIsHeededUpToTheLongestBackoff() {
        var run = start(aGroup("g").with(aSyncTask("a").retry(3, Duration.ofSeconds(5), Duration.ofSeconds(60))), "k");
        spread(0.5);

        record(claimOne(), new CallResult.RetryableStatus("answered 429", Duration.ofSeconds(17)));
        assertThat(task(run, "a").dueAt).isEqualTo(clock.now().plusSeconds(17));

        clock.advance(Duration.ofSeconds(17));
        record(claimOne(), new CallResult.RetryableStatus("answered 429", Duration.ofDays(3)));
        assertThat(task(run, "a").dueAt).isEqualTo(clock.now().plusSeconds(60));

        clock.advance(Duration.ofSeconds(60));
        record(claimOne(), new CallResult.RetryableStatus("answered 429", Duration.ZERO));
        assertThat(task(run, "a").dueAt).isEqualTo(clock.now().plusSeconds(20));
    }

    @Test
    void anAcceptedCallStartsTheBackoffAnew() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        spread(0.5);
        for (int n = 0; n < 3; n++) {
            record(claimOne(), unavailable());
            clock.set(task(run, "a").dueAt);
        }
        accept(claimOne());
        clock.set(task(run, "a").dueAt);

        record(claimOne(), unavailable());

        assertThat(task(run, "a").dueAt).isEqualTo(clock.now().plusSeconds(5));
        assertThat(task(run, "a").failedCalls).isEqualTo(1);
    }

    @Test
    void aFailedPollLeavesTheTaskRunRunning() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        accept(claimOne());
        clock.advance(Duration.ofSeconds(30));
        spread(0.5);

        record(claimOne(), unavailable());

        assertThat(states(run)).containsEntry("a", RUNNING);
        assertThat(task(run, "a").dueAt).isEqualTo(clock.now().plusSeconds(5));
    }

    @Test
    void unreadableAnswersNeverComplete() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        for (int n = 1; n <= 4; n++) {
            record(claimOne(), new CallResult.Unreadable("answered 200 with HTML"));
            assertThat(states(run)).containsEntry("a", DUE);
            assertThat(task(run, "a").unreadableCalls).isEqualTo(n);
            clock.set(task(run, "a").dueAt);
        }

        accept(claimOne());
        assertThat(task(run, "a").unreadableCalls).isZero();
    }

    @Test
    void theFirst401IsRepeatedAtOnceAndTheSecondRefuses() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        record(claimOne(), new CallResult.Unauthorized());
        assertThat(states(run)).containsEntry("a", DUE);
        assertThat(task(run, "a").dueAt).isEqualTo(NOON);
        assertThat(task(run, "a").attempt).isEqualTo(1);

        var again = claimOne();
        assertThat(again.round()).isEqualTo(2);
        record(again, new CallResult.Unauthorized());
        assertThat(states(run)).containsEntry("a", FAILED);
        assertThat(task(run, "a").cause).isEqualTo(Cause.REFUSED);
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
    }

    @Test
    void a401AfterAnAcceptedCallIsAFirstOneAgain() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        record(claimOne(), new CallResult.Unauthorized());
        accept(claimOne());
        clock.advance(Duration.ofSeconds(30));

        record(claimOne(), new CallResult.Unauthorized());

        assertThat(states(run)).containsEntry("a", RUNNING);
        assertThat(task(run, "a").dueAt).isEqualTo(clock.now());
    }

    @Test
    void aRefusalEndsTheTaskRunWhateverAttemptsAreLeft() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        record(claimOne(), new CallResult.Refused("answered 403"));

        var task = task(run, "a");
        assertThat(task.state).isEqualTo(FAILED);
        assertThat(task.cause).isEqualTo(Cause.REFUSED);
        assertThat(task.message).isEqualTo("answered 403");
        assertThat(task.dueAt).isNull();
        assertThat(moves(run, "a")).last().isEqualTo("CALLING>FAILED REFUSED");
    }

    // ---- attempts

    @Test
    void aRetryableFailureBeginsTheNextAttemptWhileRoundsGoOn() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        spread(0.5);
        accept(claimOne());

        report(run, "a", failed().sequence(9).message("table locked").progress(1, 2));

        var task = task(run, "a");
        assertThat(task.state).isEqualTo(DUE);
        assertThat(task.attempt).isEqualTo(2);
        assertThat(task.progress).isNull();
        assertThat(task.lastSequence).isNull();
        assertThat(moves(run, "a")).last().isEqualTo("RUNNING>DUE ATTEMPT_FAILED");
        clock.set(task.dueAt);
        var next = claimOne();
        assertThat(next.attempt()).isEqualTo(2);
        assertThat(next.round()).isEqualTo(2);
    }

    @Test
    void theLastAttemptsFailureEndsTheTaskRun() {
        var run = start(aGroup("g").with(aSyncTask("a").retry(2, Duration.ofSeconds(1), Duration.ofSeconds(1))), "k");

        assertThat(report(run, "a", failed()).state()).isEqualTo(DUE);
        assertThat(report(run, "a", failed()).state()).isEqualTo(FAILED);

        assertThat(task(run, "a").attempt).isEqualTo(2);
        assertThat(task(run, "a").cause).isEqualTo(Cause.REPORTED_FAILED);
    }

    @Test
    void failedCallsDoNotUseUpAttempts() {
        var run = start(aGroup("g").with(aSyncTask("a").retry(1, Duration.ofSeconds(1), Duration.ofSeconds(1))), "k");

        for (int n = 0; n < 5; n++) {
            record(claimOne(), unavailable());
            clock.set(task(run, "a").dueAt);
        }

        assertThat(task(run, "a").attempt).isEqualTo(1);
        assertThat(states(run)).containsEntry("a", DUE);
    }

    @Test
    void aFailureThatNoAttemptHelpsEndsTheTaskRunAtOnce() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        failForGood(run, "a");

        assertThat(task(run, "a").attempt).isEqualTo(1);
        assertThat(task(run, "a").message).isEqualTo("disk full");
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
    }

    // ---- balance

    @Test
    void aCompletedReportWithinTheToleranceCompletes() {
        var run = start(
                aGroup("g")
                        .with(anAsyncTask("a").tolerating(2), anAsyncTask("b").tolerating(2)),
                "k");

        assertThat(report(run, "a", completed().reconciled(100, 98, 2, 2, 2)).state())
                .isEqualTo(COMPLETED);
        assertThat(report(run, "b", completed().reconciled(100, 97, 0, 0, 0)).state())
                .isEqualTo(FAILED);
        assertThat(task(run, "b").cause).isEqualTo(Cause.RECONCILIATION_MISMATCH);
        assertThat(task(run, "b").message).contains("100").contains("97");
    }

    @Test
    void eachNumberOfTheReconciliationCountsAlone() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), anAsyncTask("c"), anAsyncTask("d")), "k");

        assertThat(report(run, "a", completed().reconciled(5, 5, 1, 0, 0)).state())
                .isEqualTo(FAILED);
        assertThat(report(run, "b", completed().reconciled(5, 5, 0, 1, 0)).state())
                .isEqualTo(FAILED);
        assertThat(report(run, "c", completed().reconciled(5, 5, 0, 0, 1)).state())
                .isEqualTo(FAILED);
        assertThat(report(run, "d", completed().reconciled(5, 5, 0, 0, 0)).state())
                .isEqualTo(COMPLETED);
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
    }

    @Test
    void aMissingReconciliationFailsWhereOneIsRequired() {
        var run = start(aGroup("g").with(anAsyncTask("a").needsReconciliation(), anAsyncTask("b")), "k");

        assertThat(report(run, "a", completed()).state()).isEqualTo(FAILED);
        assertThat(task(run, "a").cause).isEqualTo(Cause.RECONCILIATION_MISSING);
        assertThat(report(run, "b", completed()).state()).isEqualTo(COMPLETED);
    }

    @Test
    void aReconciliationWithoutItsNumbersIsNone() {
        var run = start(
                aGroup("g")
                        .with(
                                anAsyncTask("a").needsReconciliation(),
                                anAsyncTask("b").needsReconciliation()),
                "k");

        assertThat(report(run, "a", completed().reconciliation(new Reconciliation(null, null, null, null, null)))
                        .state())
                .isEqualTo(FAILED);
        assertThat(report(run, "b", completed().reconciliation(new Reconciliation(null, null, 0L, 0L, 0L)))
                        .state())
                .isEqualTo(FAILED);
        assertThat(task(run, "a").cause).isEqualTo(Cause.RECONCILIATION_MISSING);
        assertThat(task(run, "b").cause).isEqualTo(Cause.RECONCILIATION_MISSING);
    }

    @Test
    void aReportThatEndsAnAttemptLeavesNoMessageOfBefore() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        report(run, "a", running().message("reading"));
        assertThat(task(run, "a").message).isEqualTo("reading");
        report(run, "a", running());
        assertThat(task(run, "a").message).isEqualTo("reading");

        report(run, "a", completed());

        assertThat(task(run, "a").message).isNull();
    }

    @Test
    void aReconciliationReportedEarlierInTheAttemptCounts() {
        var run = start(aGroup("g").with(aSyncTask("a").needsReconciliation()), "k");
        report(run, "a", running().rows(7, 7));

        assertThat(report(run, "a", completed()).state()).isEqualTo(COMPLETED);
    }

    @Test
    void aFailedFileKeepsACompletedReportFromBalancing() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        report(run, "a", running().file("one.csv", FileReport.Status.COMPLETED));
        report(run, "a", running().file("two.csv", FileReport.Status.FAILED));

        assertThat(report(run, "a", completed().rows(3, 3)).state()).isEqualTo(FAILED);

        assertThat(task(run, "a").cause).isEqualTo(Cause.RECONCILIATION_MISMATCH);
        assertThat(task(run, "a").files).extracting(FileReport::name).containsExactly("one.csv", "two.csv");
    }

    @Test
    void aFileReportedAgainReplacesItsFormerReport() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        report(run, "a", running().file("one.csv", FileReport.Status.FAILED));
        report(run, "a", running().file("one.csv", FileReport.Status.COMPLETED));

        assertThat(report(run, "a", completed()).state()).isEqualTo(COMPLETED);
    }

    // ---- verdicts

    @Test
    void aCopyOfACallbackIsADuplicateThatTellsTheFirstAnswer() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        report(run, "a", running().id("c1").sequence(5));
        report(run, "a", running().id("c2").sequence(4));
        report(run, "a", completed().id("c3"));

        var applied = report(run, "a", running().id("c1").sequence(5));
        var notApplied = report(run, "a", running().id("c2").sequence(4));

        assertThat(applied).isEqualTo(new Verdict(false, Reason.DUPLICATE, COMPLETED, true));
        assertThat(notApplied).isEqualTo(new Verdict(false, Reason.DUPLICATE, COMPLETED, false));
    }

    @Test
    void copiesInOneBatchAreAppliedOnce() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        var id = task(run, "a").taskRunId;
        var report = new IncomingReport(id, completed().id("c1").attempt(1).build());

        var verdicts = Judging.judge(runs(), List.of(report, report, report), kept);

        assertThat(verdicts).extracting(Verdict::applied).containsExactly(true, false, false);
        assertThat(verdicts.get(2).firstApplied()).isTrue();
    }

    @Test
    void duplicateComesBeforeStaleBeforeEndedBeforeOutOfOrder() {
        var run = start(aGroup("g").with(aSyncTask("a").retry(2, Duration.ofSeconds(1), Duration.ofSeconds(1))), "k");
        report(run, "a", running().id("old").attempt(1).sequence(10));
        report(run, "a", failed().id("f1").attempt(1));
        report(run, "a", running().id("new").attempt(2).sequence(5));

        assertThat(report(run, "a", running().id("late").attempt(2).sequence(4)).reason())
                .isEqualTo(Reason.OUT_OF_ORDER);
        report(run, "a", completed().id("end").attempt(2));
        assertThat(report(run, "a", running().id("low").attempt(2).sequence(1)).reason())
                .isEqualTo(Reason.ALREADY_ENDED);
        assertThat(report(run, "a", running().id("stale").attempt(1).sequence(1))
                        .reason())
                .isEqualTo(Reason.STALE_ATTEMPT);
        assertThat(report(run, "a", running().id("old").attempt(1).sequence(10)).reason())
                .isEqualTo(Reason.DUPLICATE);
    }

    @Test
    void anEqualSequenceIsAppliedAndALowerOneChangesNothing() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        assertThat(report(run, "a", running().sequence(5).progress(5, 9)).applied())
                .isTrue();
        assertThat(report(run, "a", running().sequence(5).progress(6, 9)).applied())
                .isTrue();

        var lower = report(run, "a", running().sequence(4).progress(1, 9));

        assertThat(lower.reason()).isEqualTo(Reason.OUT_OF_ORDER);
        assertThat(task(run, "a").progress.done()).isEqualTo(6);
        assertThat(report(run, "a", running().progress(7, 9)).applied()).isTrue();
    }

    @Test
    void aTerminalReportIsJudgedWhateverItsSequence() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        report(run, "a", running().sequence(50));

        assertThat(report(run, "a", completed().sequence(3)).state()).isEqualTo(COMPLETED);
    }

    @Test
    void aContradictingTerminalReportRaisesTheConflictFlagAndChangesNothingElse() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        complete(run, "a");
        failForGood(run, "b");
        clock.advance(SECOND);

        assertThat(report(run, "a", completed()).reason()).isEqualTo(Reason.ALREADY_ENDED);
        assertThat(task(run, "a").conflictSince).isNull();
        report(run, "a", failed());
        report(run, "b", completed());

        assertThat(task(run, "a").conflictSince).isEqualTo(NOON.plus(SECOND));
        assertThat(task(run, "b").conflictSince).isEqualTo(NOON.plus(SECOND));
        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", FAILED));
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
    }

    @Test
    void aRunningReportForAnEndedTaskRunIsNoContradiction() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        complete(run, "a");

        report(run, "a", running());

        assertThat(task(run, "a").conflictSince).isNull();
    }

    @Test
    void aSkippedTaskRunRaisesNoConflict() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        groups.pause("g", NOON);
        var run = start(group, "k");
        groups.resume("g");
        runs().release("g", HeldMode.NONE, NOON);
        assertThat(states(run)).containsEntry("a", SKIPPED);

        assertThat(report(run, "a", completed()).reason()).isEqualTo(Reason.ALREADY_ENDED);

        assertThat(task(run, "a").conflictSince).isNull();
    }

    @Test
    void aReportAfterATimeOutOrACancelContradicts() {
        var run = start(aGroup("g").with(anAsyncTask("a").timeout(SECOND).overdueAfter(Duration.ofMillis(100))), "k");
        var other = start(aGroup("h").with(anAsyncTask("a")), "k");
        runs().cancel(other, OPERATOR, false);
        clock.advance(SECOND);
        runs().sweep();

        report(run, "a", completed());
        report(other, "a", completed());

        assertThat(task(run, "a").conflictSince).isNotNull();
        assertThat(task(other, "a").conflictSince).isNotNull();
    }

    @Test
    void aCallbackBeforeTheCallsOwnAnswerIsFine() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        var claim = claimOne();

        report(run, "a", running().sequence(1));
        assertThat(states(run)).containsEntry("a", RUNNING);
        accept(claim);

        assertThat(states(run)).containsEntry("a", RUNNING);
        assertThat(task(run, "a").dueAt).isEqualTo(NOON.plusSeconds(30));
    }

    @Test
    void aCompletedCallbackBeforeTheCallsOwnAnswerStands() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        var claim = claimOne();
        report(run, "a", completed());

        assertThat(record(claim, new CallResult.Accepted())).isFalse();

        assertThat(states(run)).containsEntry("a", COMPLETED);
        assertThat(moves(run, "a")).last().isEqualTo("CALLING>COMPLETED REPORTED");
    }

    @Test
    void completedBeforeRunningIsKeptAndTheRunningReportComesTooLate() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        assertThat(report(run, "a", completed().sequence(2)).applied()).isTrue();

        assertThat(report(run, "a", running().sequence(1)).reason()).isEqualTo(Reason.ALREADY_ENDED);
    }

    @Test
    void aFailedCallbackDuringTheCallMakesTheAnswerStale() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        var claim = claimOne();
        report(run, "a", failed());

        assertThat(record(claim, new CallResult.Accepted())).isFalse();

        assertThat(states(run)).containsEntry("a", DUE);
        assertThat(task(run, "a").attempt).isEqualTo(2);
    }

    // ---- clocks

    @Test
    void theSweepFlagsOverdueWorkOnceAndLeavesItAlone() {
        var run = start(aGroup("g").with(aSyncTask("a").overdueAfter(Duration.ofMinutes(10))), "k");
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(runs().sweep().overdue()).isZero();
        clock.advance(Duration.ofMillis(1));

        assertThat(runs().sweep().overdue()).isEqualTo(1);
        assertThat(runs().sweep().overdue()).isZero();

        assertThat(task(run, "a").overdueSince).isEqualTo(NOON.plus(Duration.ofMinutes(10)));
        assertThat(states(run)).containsEntry("a", DUE);
        complete(run, "a");
        assertThat(task(run, "a").overdueSince).isNotNull();
    }

    @Test
    void silenceCountsFromTheFirstAcceptanceAndEndsWithTheNextReport() {
        var run = start(
                aGroup("g").with(aSyncTask("a").every(Duration.ofMinutes(1)).silentAfter(Duration.ofMinutes(10))), "k");
        record(claimOne(), new CallResult.Accepted());
        clock.advance(Duration.ofMinutes(6));
        record(claimOne(), new CallResult.Accepted());
        clock.advance(Duration.ofMinutes(4).minusMillis(1));
        assertThat(runs().sweep().silent()).isZero();
        clock.advance(Duration.ofMillis(1));

        assertThat(runs().sweep().silent()).isEqualTo(1);
        assertThat(runs().sweep().silent()).isZero();

        assertThat(task(run, "a").silentSince).isEqualTo(NOON.plus(Duration.ofMinutes(10)));
        report(run, "a", running());
        assertThat(task(run, "a").silentSince).isNull();
        clock.advance(Duration.ofMinutes(10));
        assertThat(runs().sweep().silent()).isEqualTo(1);
    }

    @Test
    void aTaskWhoseSilenceIsSwitchedOffIsNeverSilent() {
        var run = start(aGroup("g").with(aSyncTask("a").silentAfter(Duration.ZERO)), "k");
        record(claimOne(), new CallResult.Accepted());
        clock.advance(Duration.ofHours(5));

        assertThat(runs().sweep().silent()).isZero();
        assertThat(task(run, "a").silentSince).isNull();
    }

    @Test
    void theSweepEndsTimedOutWorkEvenInFlightAndPromotesTheNextRun() {
        var group = groups.put(aGroup("g").with(aSyncTask("a").timeout(Duration.ofHours(3)), aSyncTask("b")));
        var run = start(group, "k");
        var next = start(group, "k");
        clock.advance(Duration.ofHours(3).minusMillis(1));
        var claim = claimOne();
        assertThat(runs().sweep().timedOut()).isZero();
        clock.advance(Duration.ofMillis(1));

        assertThat(runs().sweep().timedOut()).isEqualTo(1);

        assertThat(states(run)).isEqualTo(statesOf("a", FAILED, "b", CANCELLED));
        assertThat(task(run, "a").cause).isEqualTo(Cause.TIMED_OUT);
        assertThat(task(run, "a").overdueSince).isEqualTo(NOON.plus(Duration.ofHours(2)));
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
        assertThat(run(next).state).isEqualTo(RunState.RUNNING);
        assertThat(record(claim, new CallResult.Accepted())).isFalse();
    }

    @Test
    void theClocksStartWhenATaskRunIsFirstDueAndCoverAllAttempts() {
        var group = groups.put(aGroup("g").with(aSyncTask("a"), aSyncTask("b")));
        var run = start(group, "k");
        assertThat(task(run, "b").timeoutAt).isNull();
        clock.advance(Duration.ofHours(1));
        complete(run, "a");
        var deadline = clock.now().plus(Duration.ofHours(6));
        assertThat(task(run, "b").timeoutAt).isEqualTo(deadline);

        report(run, "b", failed());

        assertThat(task(run, "b").timeoutAt).isEqualTo(deadline);
        assertThat(task(run, "b").deadlineAt).isEqualTo(deadline);
    }

    @Test
    void theClocksStartAgainAfterRerunFailed() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        clock.advance(Duration.ofHours(1));
        failForGood(run, "a");
        clock.advance(Duration.ofDays(2));

        runs().rerunFailed(run, OPERATOR, false);

        var task = task(run, "a");
        assertThat(task.state).isEqualTo(DUE);
        assertThat(task.deadlineAt).isEqualTo(clock.now().plus(Duration.ofHours(6)));
        assertThat(task.overdueAt).isEqualTo(clock.now().plus(Duration.ofHours(2)));
        assertThat(runs().sweep().isEmpty()).isTrue();
    }

    // ---- cancel

    @Test
    void cancelEndsARunAndItsOpenTaskRunsAtOnce() {
        var group = groups.put(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")));
        var run = start(group, "k");
        var next = start(group, "k");
        complete(run, "a");
        claimOne();

        var result = runs().cancel(run, OPERATOR, false);

        assertThat(result).isInstanceOfSatisfying(ActionResult.Applied.class, applied -> {
            assertThat(applied.state()).isEqualTo(RunState.CANCELLED);
            assertThat(applied.moves())
                    .hasSize(3)
                    .allSatisfy(move -> assertThat(move.actor()).isEqualTo("ada"));
        });
        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", CANCELLED, "c", CANCELLED));
        assertThat(task(run, "b").cause).isEqualTo(Cause.OPERATOR);
        assertThat(task(run, "b").cancelState).isEqualTo(CancelState.NONE);
        assertThat(run(run).state).isEqualTo(RunState.CANCELLED);
        assertThat(run(next).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aQueuedRunIsCancelledWithoutTouchingTheActiveOne() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var active = start(group, "k");
        var queued = start(group, "k");
        var last = start(group, "k");

        runs().cancel(queued, OPERATOR, false);
        assertThat(run(active).state).isEqualTo(RunState.RUNNING);
        assertThat(run(last).state).isEqualTo(RunState.QUEUED);
        complete(active, "a");

        assertThat(run(queued).state).isEqualTo(RunState.CANCELLED);
        assertThat(run(last).state).isEqualTo(RunState.RUNNING);
    }

    private String cancelledWhileCalled(String key, List<String> next) {
        var group = groups.put(aGroup("g").with(anAsyncTask("a").cancelledAt("/stop"), anAsyncTask("b")));
        var run = start(group, key);
        next.add(start(group, key));
        claim();
        runs().cancel(run, OPERATOR, false);
        return run;
    }

    @Test
    void aPendingCancelHoldsTheOrderingKeyUntilItIsConfirmed() {
        var next = new ArrayList<String>();
        var run = cancelledWhileCalled("k", next);
        assertThat(run(run).state).isEqualTo(RunState.CANCELLED);
        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.PENDING);
        assertThat(task(run, "b").cancelState).isEqualTo(CancelState.NONE);
        assertThat(run(next.get(0)).state).isEqualTo(RunState.QUEUED);
        assertThat(runs().sweep().promoted()).isZero();

        var call = runs().claimCancels(10).get(0);
        assertThat(runs().claimCancels(10)).isEmpty();
        assertThat(call.reason()).isEqualTo(OPERATOR.reason());
        assertThat(call.attempt()).isEqualTo(1);
        runs().recordCancels(List.of(new CancelOutcome(call, CancelState.CONFIRMED, null)));

        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.CONFIRMED);
        assertThat(run(next.get(0)).state).isEqualTo(RunState.RUNNING);
        assertThat(runs().claimCancels(10)).isEmpty();
    }

    @Test
    void aRefusedCancelFreesTheOrderingKeyToo() {
        var next = new ArrayList<String>();
        var run = cancelledWhileCalled("k", next);

        var call = runs().claimCancels(10).get(0);
        runs().recordCancels(List.of(new CancelOutcome(call, CancelState.REFUSED, null)));

        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.REFUSED);
        assertThat(run(next.get(0)).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aCancelWithoutAnswerIsRepeatedForAMinuteAndThenUnconfirmed() {
        var next = new ArrayList<String>();
        var run = cancelledWhileCalled("k", next);
        spread(0.5);

        int calls = 0;
        while (task(run, "a").cancelState == CancelState.PENDING) {
            clock.set(task(run, "a").cancelDueAt);
            var call = runs().claimCancels(10).get(0);
            calls++;
            runs().recordCancels(List.of(new CancelOutcome(call, CancelState.PENDING, null)));
        }

        assertThat(calls).isEqualTo(4);
        assertThat(clock.now()).isBetween(NOON, NOON.plusSeconds(60));
        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.UNCONFIRMED);
        assertThat(run(next.get(0)).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aCancelCallThatANodeLostIsTakenAgainAfterTheLease() {
        var run = cancelledWhileCalled("k", new ArrayList<>());
        runs().claimCancels(10);

        clock.advance(Runs.LEASE);
        var again = runsOn("node-b").claimCancels(10);

        assertThat(again).extracting(CancelCall::runId).containsExactly(run);
    }

    @Test
    void whatWasNeverCalledNeedsNoCancelCall() {
        var run = start(aGroup("g").with(anAsyncTask("a").cancelledAt("/stop")), "k");

        runs().cancel(run, OPERATOR, false);

        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.NONE);
        assertThat(runs().claimCancels(10)).isEmpty();
    }

    @Test
    void whatMayHaveBegunIsCancelledAlsoWhenItsAnswerWasLost() {
        var run = start(aGroup("g").with(anAsyncTask("a").cancelledAt("/stop")), "k");
        record(claimOne(), new CallResult.Unknown("timed out"));
        assertThat(states(run)).containsEntry("a", DUE);

        runs().cancel(run, OPERATOR, false);

        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.PENDING);
    }

    // ---- rerun-failed

    @Test
    void rerunFailedReopensAFailedRunAndLeavesWhatCompleted() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")), "k");
        complete(run, "a");
        claimOne();
        failForGood(run, "b");

        var result = runs().rerunFailed(run, OPERATOR, false);

        assertThat(result)
                .isInstanceOfSatisfying(
                        ActionResult.Applied.class,
                        applied -> assertThat(applied.state()).isEqualTo(RunState.RUNNING));
        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", DUE, "c", WAITING));
        assertThat(task(run, "b").attempt).isEqualTo(2);
        assertThat(task(run, "c").attempt).isEqualTo(1);
        assertThat(task(run, "b").cause).isNull();
        assertThat(run(run).endedAt).isNull();
        complete(run, "b", "c");
        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void rerunFailedGivesTheAttemptsBack() {
        var run = start(aGroup("g").with(aSyncTask("a").retry(2, Duration.ofSeconds(1), Duration.ofSeconds(1))), "k");
        report(run, "a", failed());
        report(run, "a", failed());

        runs().rerunFailed(run, OPERATOR, false);

        assertThat(task(run, "a").attempt).isEqualTo(3);
        assertThat(report(run, "a", failed()).state()).isEqualTo(DUE);
        assertThat(report(run, "a", failed()).state()).isEqualTo(FAILED);
    }

    @Test
    void aRerunWaitsForItsKeyAtItsOldInboxPlace() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var first = start(group, "k");
        var second = start(group, "k");
        var third = start(group, "k");
        failForGood(first, "a");

        runs().rerunFailed(first, OPERATOR, false);
        assertThat(run(first).state).isEqualTo(RunState.QUEUED);
        assertThat(states(first)).containsEntry("a", WAITING);
        complete(second, "a");

        assertThat(run(first).state).isEqualTo(RunState.RUNNING);
        assertThat(run(third).state).isEqualTo(RunState.QUEUED);
    }

    @Test
    void rerunFailedReopensACancelledRun() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        complete(run, "a");
        accept(claimOne());
        runs().cancel(run, OPERATOR, false);

        runs().rerunFailed(run, OPERATOR, false);

        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", DUE));
        assertThat(task(run, "b").attempt).isEqualTo(2);
        assertThat(claimOne().attempt()).isEqualTo(2);
    }

    @Test
    void rerunFailedReopensAFailureOfARunningRunInPlace() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")), "k");
        failForGood(run, "a");

        runs().rerunFailed(run, OPERATOR, false);

        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", DUE, "c", WAITING));
        assertThat(moves(run, "a")).last().isEqualTo("FAILED>DUE RERUN_FAILED");
        assertThat(journal(run))
                .filteredOn(move -> move.cause() == MoveCause.RERUN_FAILED)
                .allSatisfy(move -> assertThat(move.actor()).isEqualTo("ada"));
        complete(run, "a", "b", "c");
        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aRerunWhileItsCancelIsPendingStillTellsTheDownstreamBeforeItStartsAgain() {
        var next = new ArrayList<String>();
        var run = cancelledWhileCalled("k", next);

        runs().rerunFailed(run, OPERATOR, false);

        assertThat(run(run).state).isEqualTo(RunState.QUEUED);
        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.PENDING);
        assertThat(run(next.get(0)).state).isEqualTo(RunState.QUEUED);
        assertThat(runs().sweep().promoted()).isZero();
        var call = runs().claimCancels(10).get(0);
        assertThat(call.attempt()).isEqualTo(1);
        runs().recordCancels(List.of(new CancelOutcome(call, CancelState.CONFIRMED, null)));
        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(task(run, "a").attempt).isEqualTo(2);
        assertThat(run(next.get(0)).state).isEqualTo(RunState.QUEUED);
    }

    @Test
    void cancellingAgainWhileTheFirstCancelIsPendingKeepsTheOneCall() {
        var run = cancelledWhileCalled("k", new ArrayList<>());
        runs().rerunFailed(run, OPERATOR, false);
        runs().cancel(run, OPERATOR, false);
        runs().rerunFailed(run, OPERATOR, false);

        var call = runs().claimCancels(10).get(0);
        assertThat(call.attempt()).isEqualTo(1);
        runs().recordCancels(List.of(new CancelOutcome(call, CancelState.CONFIRMED, null)));

        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(task(run, "a").attempt).isEqualTo(2);
    }

    // ---- actions

    @Test
    void illegalActionsTellTheStateAndWhatIsAllowed() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var run = start(group, "k");

        assertThat(runs().rerunFailed(run, OPERATOR, false))
                .isEqualTo(new ActionResult.Illegal(RunState.RUNNING, Set.of(RunAction.CANCEL)));
        complete(run, "a");
        assertThat(runs().cancel(run, OPERATOR, false))
                .isEqualTo(new ActionResult.Illegal(RunState.COMPLETED, Set.of(RunAction.RERUN)));
        assertThat(runs().rerunFailed(run, OPERATOR, false))
                .isEqualTo(new ActionResult.Illegal(RunState.COMPLETED, Set.of(RunAction.RERUN)));
        var failed = start(group, "k");
        failForGood(failed, "a");
        assertThat(runs().cancel(failed, OPERATOR, false))
                .isEqualTo(new ActionResult.Illegal(
                        RunState.FAILED, Set.of(RunAction.RERUN_FAILED, RunAction.RERUN, RunAction.RESOLUTION)));
        assertThat(runs().cancel("nobody", OPERATOR, false)).isEqualTo(new ActionResult.UnknownRun("nobody"));
    }

    @Test
    void aDryRunTellsWhatWouldMoveAndChangesNothing() {
        var group = groups.put(aGroup("g").with(anAsyncTask("a").cancelledAt("/stop"), aSyncTask("b")));
        var run = start(group, "k");
        var next = start(group, "k");
        claim();
        var journal = journal(run);

        var result = runs().cancel(run, OPERATOR, true);

        assertThat(result).isInstanceOfSatisfying(ActionResult.Applied.class, applied -> {
            assertThat(applied.state()).isEqualTo(RunState.CANCELLED);
            assertThat(applied.moves()).hasSize(3);
        });
        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(states(run)).isEqualTo(statesOf("a", CALLING, "b", WAITING));
        assertThat(run(next).state).isEqualTo(RunState.QUEUED);
        assertThat(journal(run)).isEqualTo(journal);
        assertThat(runs().claimCancels(10)).isEmpty();
    }

    // ---- actions on one task run

    private TaskActionResult act(String runId, String task, TaskAction action) {
        return runs().act(task(runId, task).taskRunId, action, null, kept, OPERATOR, false);
    }

    private void acted(String runId, String task, TaskAction action) {
        assertThat(act(runId, task, action)).isInstanceOf(TaskActionResult.Applied.class);
    }

    @Test
    void callNowMakesTheNextCallDueAndWakesTheDispatcher() {
        var run = start(aGroup("g").with(anAsyncTask("a")), "k");
        accept(claimOne());
        assertThat(claim()).isEmpty();
        var moves = moves(run, "a");
        woken.clear();

        acted(run, "a", TaskAction.CALL_NOW);

        assertThat(woken).containsExactly(DOWNSTREAM);
        assertThat(moves(run, "a")).isEqualTo(moves);
        assertThat(claimOne().round()).isEqualTo(2);
    }

    @Test
    void callNowShortensABackOffAndIsRefusedWhileACallIsInFlight() {
        var run = start(aGroup("g").with(anAsyncTask("a")), "k");
        record(claimOne(), unavailable());
        assertThat(states(run)).containsEntry("a", DUE);
        acted(run, "a", TaskAction.CALL_NOW);
        var calling = claimOne();

        assertThat(act(run, "a", TaskAction.CALL_NOW))
                .isInstanceOfSatisfying(
                        TaskActionResult.Illegal.class,
                        illegal -> assertThat(illegal.currentState()).isEqualTo(CALLING));
        accept(calling);
        clock.advance(Duration.ofSeconds(30));
        claimOne();
        assertThat(states(run)).containsEntry("a", RUNNING);
        assertThat(act(run, "a", TaskAction.CALL_NOW))
                .isInstanceOfSatisfying(TaskActionResult.Illegal.class, illegal -> {
                    assertThat(illegal.currentState()).isEqualTo(CALLING);
                    assertThat(illegal.allowedActions()).containsExactly(TaskAction.SKIP, TaskAction.MARK_DONE);
                });
        clock.advance(Runs.LEASE);
        acted(run, "a", TaskAction.CALL_NOW);
    }

    @Test
    void retryReopensOneFailureAndWhatItCancelledWithItsClocksAnew() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")), "k");
        failForGood(run, "a");
        clock.advance(Duration.ofHours(1));

        acted(run, "a", TaskAction.RETRY);

        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", DUE, "c", WAITING));
        assertThat(task(run, "a").attempt).isEqualTo(2);
        assertThat(task(run, "c").attempt).isEqualTo(1);
        assertThat(task(run, "a").deadlineAt).isEqualTo(clock.now().plus(Duration.ofHours(6)));
        assertThat(task(run, "a").overdueAt).isEqualTo(clock.now().plus(Duration.ofHours(2)));
        assertThat(moves(run, "a")).last().isEqualTo("FAILED>DUE RETRY");
        assertThat(signals.cured()).contains("REPORTED_FAILED task-run:" + task(run, "a").taskRunId);
        complete(run, "a", "b", "c");
        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void retryOfOneOfTwoFailuresLeavesWhatTheOtherCancelled() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")), "k");
        failForGood(run, "a");
        failForGood(run, "b");
        assertThat(run(run).state).isEqualTo(RunState.FAILED);

        acted(run, "a", TaskAction.RETRY);

        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", FAILED, "c", CANCELLED));
        acted(run, "b", TaskAction.RETRY);
        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", DUE, "c", WAITING));
    }

    @Test
    void retryOfAnEndedRunWaitsForItsKeyAndAPauseHoldsIt() {
        var group = groups.put(aGroup("g").with(aSyncTask("a"), aSyncTask("b")));
        var first = start(group, "k");
        var second = start(group, "k");
        failForGood(first, "a");
        assertThat(run(second).state).isEqualTo(RunState.RUNNING);

        acted(first, "a", TaskAction.RETRY);

        assertThat(run(first).state).isEqualTo(RunState.QUEUED);
        assertThat(run(first).endedAt).isNull();
        assertThat(states(first)).isEqualTo(statesOf("a", WAITING, "b", WAITING));
        groups.pause("g", clock.now());
        failForGood(second, "a");
        acted(second, "a", TaskAction.RETRY);
        assertThat(run(second).heldSince).isEqualTo(clock.now());
    }

    @Test
    void skipOpensTheBarrierAndTellsTheDownstreamWhereItHasBegun() {
        var run = start(aGroup("g").with(aSyncTask("a").cancelledAt("/stop"), aSyncTask("b")), "k");
        accept(claimOne());

        acted(run, "a", TaskAction.SKIP);

        assertThat(states(run)).isEqualTo(statesOf("a", SKIPPED, "b", DUE));
        assertThat(task(run, "a").cancelState).isEqualTo(CancelState.PENDING);
        assertThat(task(run, "a").cause).isEqualTo(Cause.OPERATOR);
        assertThat(runs().claimCancels(10).get(0).reason()).isEqualTo(OPERATOR.reason());
    }

    @Test
    void skipOfAWaitingTaskLeavesItOut() {
        var run = start(aGroup("g").with(aSyncTask("a"), aSyncTask("b"), aSyncTask("c")), "k");

        acted(run, "b", TaskAction.SKIP);
        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", SKIPPED, "c", WAITING));
        assertThat(act(run, "c", TaskAction.MARK_DONE)).isInstanceOf(TaskActionResult.Illegal.class);
        complete(run, "a");

        assertThat(states(run)).containsEntry("c", DUE);
    }

    @Test
    void theKeyOfARunThatASkipEndedIsFreeOnceTheDownstreamHasStopped() {
        var group = groups.put(aGroup("g").with(aSyncTask("a").cancelledAt("/stop")));
        var run = start(group, "k");
        var next = start(group, "k");
        claimOne();

        acted(run, "a", TaskAction.SKIP);
        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
        assertThat(run(next).state).isEqualTo(RunState.QUEUED);
        runs().recordCancels(List.of(new CancelOutcome(runs().claimCancels(1).get(0), CancelState.CONFIRMED, null)));

        assertThat(run(next).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void markDoneOfTheLastFailureCompletesTheRun() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        failForGood(run, "a");
        failForGood(run, "b");

        acted(run, "a", TaskAction.MARK_DONE);
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
        assertThat(run(run).unresolvedSince).isEqualTo(NOON);
        acted(run, "b", TaskAction.MARK_DONE);

        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
        assertThat(run(run).unresolvedSince).isNull();
        assertThat(task(run, "a").manual).isTrue();
        assertThat(report(run, "a", failed()).reason()).isEqualTo(Reason.ALREADY_ENDED);
        assertThat(task(run, "a").conflictSince).isNull();
    }

    @Test
    void markDoneReopensWhatTheFailureCancelledAndTheRunQueuesAgain() {
        var group = groups.put(aGroup("g").with(aSyncTask("a"), aSyncTask("b"), anAsyncTask("c")));
        var run = start(group, "k");
        var next = start(group, "k");
        failForGood(run, "a");

        acted(run, "a", TaskAction.MARK_DONE);

        assertThat(run(run).state).isEqualTo(RunState.QUEUED);
        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", WAITING, "c", WAITING));
        complete(next, "a", "b", "c");
        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", DUE, "c", WAITING));
        complete(run, "b", "c");
        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void markDoneInARunningRunOpensTheBarrierAtOnce() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")), "k");
        failForGood(run, "a");
        complete(run, "b");
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
        acted(run, "a", TaskAction.RETRY);
        claimOne();

        acted(run, "a", TaskAction.MARK_DONE);

        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", COMPLETED, "c", DUE));
    }

    @Test
    void acceptLateJudgesTheKeptReportAnew() {
        var run = start(aGroup("g").with(aSyncTask("a").needsReconciliation(), aSyncTask("b")), "k");
        claimOne();
        clock.advance(Duration.ofDays(1));
        runs().sweep();
        assertThat(task(run, "a").cause).isEqualTo(Cause.TIMED_OUT);
        assertThat(act(run, "a", TaskAction.ACCEPT_LATE)).isInstanceOf(TaskActionResult.Illegal.class);
        report(run, "a", completed().id("good").rows(10, 10).result(Map.of("files", 3)));
        assertThat(task(run, "a").conflictSince).isNotNull();
        report(run, "a", completed().id("bad").rows(10, 9));

        assertThat(act(run, "a", TaskAction.ACCEPT_LATE))
                .isInstanceOfSatisfying(
                        TaskActionResult.Unbalanced.class,
                        unbalanced -> assertThat(unbalanced.detail()).contains("expected 10 rows, found 9"));
        assertThat(states(run)).containsEntry("a", FAILED);
        var id = task(run, "a").taskRunId;
        assertThat(runs().act(id, TaskAction.ACCEPT_LATE, "none", kept, OPERATOR, false))
                .isEqualTo(new TaskActionResult.UnknownReport("none"));
        assertThat(runs().act(id, TaskAction.ACCEPT_LATE, "good", kept, OPERATOR, false))
                .isInstanceOf(TaskActionResult.Applied.class);

        assertThat(states(run)).isEqualTo(statesOf("a", COMPLETED, "b", DUE));
        assertThat(task(run, "a").result).isEqualTo(Map.of("files", 3));
        assertThat(task(run, "a").manual).isFalse();
        assertThat(task(run, "a").cause).isNull();
        assertThat(task(run, "a").conflictSince).isNotNull();
    }

    @Test
    void aReportOfAnEarlierAttemptIsNotAcceptedLate() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        report(run, "a", failed());
        failForGood(run, "a");
        report(run, "a", completed().attempt(1));

        assertThat(act(run, "a", TaskAction.ACCEPT_LATE)).isInstanceOf(TaskActionResult.Illegal.class);
        report(run, "a", completed().attempt(2));
        acted(run, "a", TaskAction.ACCEPT_LATE);

        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void retryInARunThatWasCancelledLeavesWhatTheOperatorCancelled() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")), "k");
        failForGood(run, "a");
        runs().cancel(run, OPERATOR, false);

        acted(run, "a", TaskAction.RETRY);

        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", CANCELLED, "c", CANCELLED));
        complete(run, "a");
        assertThat(run(run).state).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void aDryRunOfATaskActionChangesNothingAndCuresNothing() {
        var run = start(aGroup("g").with(aSyncTask("a"), aSyncTask("b")), "k");
        failForGood(run, "a");
        var journal = journal(run);
        var cured = signals.cured();

        var result = runs().act(task(run, "a").taskRunId, TaskAction.MARK_DONE, null, kept, OPERATOR, true);

        assertThat(result).isInstanceOfSatisfying(TaskActionResult.Applied.class, applied -> {
            assertThat(applied.state()).isEqualTo(COMPLETED);
            assertThat(applied.runState()).isEqualTo(RunState.RUNNING);
        });
        assertThat(states(run)).isEqualTo(statesOf("a", FAILED, "b", CANCELLED));
        assertThat(journal(run)).isEqualTo(journal);
        assertThat(signals.cured()).isEqualTo(cured);
        assertThat(runs().act("nobody", TaskAction.RETRY, null, kept, OPERATOR, false))
                .isEqualTo(new TaskActionResult.UnknownTaskRun("nobody"));
    }

    /** A run that a retry queued again and a newer one then stood for; a late report is kept for its other failure. */
    private String mergedWithAFailure() {
        var group = groups.put(
                aGroup("merged").whenActive(WhenActive.MERGE_LATEST).with(anAsyncTask("a"), anAsyncTask("b")));
        var merged = start(group, "k");
        failForGood(merged, "a");
        failForGood(merged, "b");
        report(merged, "b", completed());
        start(group, "k");
        acted(merged, "a", TaskAction.RETRY);
        start(group, "k");
        assertThat(run(merged).state).isEqualTo(RunState.SKIPPED);
        assertThat(states(merged)).isEqualTo(statesOf("a", SKIPPED, "b", FAILED));
        return merged;
    }

    @Test
    void theAlertsOfAFailureEndWithTheRunThatIsMergedIntoANewerOne() {
        var merged = mergedWithAFailure();

        assertThat(signals.cured())
                .contains(
                        "REPORTED_FAILED task-run:" + task(merged, "b").taskRunId,
                        "CONFLICT task-run:" + task(merged, "b").taskRunId);
    }

    /** Every state that a task run and its run can be in together, each with all that may be kept for it. */
    private List<String> runsInEveryState() {
        var runs = new ArrayList<String>();
        var group = groups.put(aGroup("every").with(anAsyncTask("a"), anAsyncTask("b"), aSyncTask("c")));
        for (int i = 0; i < 14; i++) {
            runs.add(start(group, "every-" + i));
        }
        var behind = start(group, "every-0");
        runs.add(behind);
        var calls = claim();
        for (int i : List.of(2, 3)) {
            calls.stream().filter(call -> call.runId().equals(runs.get(i))).forEach(this::accept);
        }
        calls.stream().filter(call -> call.runId().equals(runs.get(4))).forEach(call -> record(call, unavailable()));
        failForGood(runs.get(5), "a");
        failForGood(runs.get(6), "a");
        failForGood(runs.get(6), "b");
        report(runs.get(6), "b", completed());
        complete(runs.get(7), "a", "b", "c");
        runs().cancel(runs.get(8), OPERATOR, false);
        failForGood(runs.get(9), "a");
        runs().cancel(runs.get(9), OPERATOR, false);
        acted(runs.get(10), "a", TaskAction.SKIP);
        acted(runs.get(10), "b", TaskAction.SKIP);
        acted(runs.get(10), "c", TaskAction.SKIP);
        report(runs.get(11), "a", completed().rows(2, 1));
        report(runs.get(11), "b", running());
        failForGood(runs.get(12), "a");
        failForGood(runs.get(12), "b");
        groups.pause("every", clock.now());
        acted(runs.get(12), "a", TaskAction.RETRY);
        groups.resume("every");
        groups.put(aGroup("never").with(anAsyncTask("a")));
        groups.pause("never", clock.now());
        runs.add(start(groups.current("never").orElseThrow(), "k"));
        resume("never", HeldMode.NONE);
        runs().resolve(runs.get(6), ResolutionStatus.ACKNOWLEDGED, null, OPERATOR, false);
        runs.add(mergedWithAFailure());
        return runs;
    }

    private static boolean isDone(ActionResult result) {
        return result instanceof ActionResult.Applied;
    }

    @Test
    void whatIsSaidToBeAllowedIsWhatTheActionsDo() {
        var seen = new java.util.TreeSet<String>();
        var runStates = new java.util.TreeSet<RunState>();
        for (String run : runsInEveryState()) {
            var said = runs().allowedActions(run, kept);
            var state = run(run).state;
            runStates.add(state);
            for (RunAction action : RunAction.values()) {
                var done = switch (action) {
                    case CANCEL -> isDone(runs().cancel(run, OPERATOR, true));
                    case RERUN_FAILED -> isDone(runs().rerunFailed(run, OPERATOR, true));
                    case RESOLUTION -> isDone(runs().resolve(run, ResolutionStatus.IGNORED, null, OPERATOR, true));
                    case RERUN -> runs().rerun(run, RerunVersion.PINNED) instanceof RerunResult.Started;
                };
                assertThat(done)
                        .as(action + " of a run that is " + state)
                        .isEqualTo(said.run().contains(action));
            }
            for (TaskRun task : run(run).taskRuns) {
                for (TaskAction action : TaskAction.values()) {
                    var result = runs().act(task.taskRunId, action, null, kept, OPERATOR, true);
                    var done = result instanceof TaskActionResult.Applied;
                    assertThat(done)
                            .as(action + " of " + task.task.key() + " that is " + task.state + " in a run that is "
                                    + state)
                            .isEqualTo(said.taskRuns().get(task.taskRunId).contains(action));
                    seen.add(task.state + " " + action + " " + done);
                }
            }
        }
        assertThat(runStates).containsExactly(RunState.values());
        for (TaskRunState state : TaskRunState.values()) {
            for (TaskAction action : TaskAction.values()) {
                assertThat(seen).anyMatch(one -> one.startsWith(state + " " + action + " "));
            }
        }
        for (TaskAction action : TaskAction.values()) {
            assertThat(seen).anyMatch(one -> one.endsWith(action + " true"));
        }
    }

    // ---- rerun

    @Test
    void rerunStartsANewRunOfTheSameMessageBehindTheActiveOne() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var run = start(group, "k");
        complete(run, "a");
        groups.put(aGroup("g").version(2).with(aSyncTask("a"), aSyncTask("b")));

        var first = (RerunResult.Started) runs().rerun(run, RerunVersion.PINNED);
        var second = (RerunResult.Started) runs().rerun(run, RerunVersion.CURRENT);

        var again = run(first.run().runId());
        assertThat(again.rerunOf).isEqualTo(run);
        assertThat(again.triggerId).isEqualTo(run(run).triggerId);
        assertThat(again.group.version()).isEqualTo(1);
        assertThat(again.state).isEqualTo(RunState.RUNNING);
        assertThat(second.run().state()).isEqualTo(RunState.QUEUED);
        assertThat(states(second.run().runId())).hasSize(2);
        assertThat(run(run).state).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void rerunOfAnOpenRunIsIllegalAndInAPauseItIsHeld() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var run = start(group, "k");
        assertThat(runs().rerun(run, RerunVersion.PINNED))
                .isEqualTo(new RerunResult.Illegal(RunState.RUNNING, Set.of(RunAction.CANCEL)));
        complete(run, "a");
        groups.pause("g", clock.now());

        var again = (RerunResult.Started) runs().rerun(run, RerunVersion.PINNED);

        assertThat(run(again.run().runId()).heldSince).isEqualTo(clock.now());
        assertThat(runs().rerun("nobody", RerunVersion.PINNED)).isEqualTo(new RerunResult.UnknownRun("nobody"));
    }

    // ---- failures that were dealt with

    private List<String> unresolved() {
        return store().inTransaction(() -> store().unresolved(null, 100)).stream()
                .map(RunStore.Unresolved::runId)
                .toList();
    }

    private ActionResult resolve(String run, ResolutionStatus status) {
        return runs().resolve(run, status, null, OPERATOR, false);
    }

    @Test
    void aFailureStaysOnTheListUntilSomebodyDealsWithIt() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var one = start(group, "1");
        var two = start(group, "2");
        failForGood(one, "a");
        failForGood(two, "a");
        assertThat(unresolved()).containsExactlyInAnyOrder(one, two);

        resolve(one, ResolutionStatus.ACKNOWLEDGED);
        assertThat(unresolved()).contains(one);
        assertThat(signals.cured()).isEmpty();
        resolve(one, ResolutionStatus.IGNORED);

        assertThat(unresolved()).containsExactly(two);
        assertThat(run(one).state).isEqualTo(RunState.FAILED);
        assertThat(run(one).resolution)
                .isEqualTo(new Resolution(
                        ResolutionStatus.IGNORED, OPERATOR.name(), clock.now(), null, OPERATOR.reason()));
        assertThat(signals.cured()).contains("REPORTED_FAILED task-run:" + task(one, "a").taskRunId);
        acted(one, "a", TaskAction.RETRY);
        assertThat(run(one).resolution).isNull();
        failForGood(one, "a");
        assertThat(unresolved()).contains(one);
    }

    @Test
    void aCallKnowsTheTraceOfItsMessageWithTheWholeState() {
        var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 a=" + "x".repeat(256) + ",b="
                + "y".repeat(251);
        var group = groups.put(aGroup("g").with(aSyncTask("a")));

        runs().start(List.of(new NewRun(group, "k", "k", Ids.next(), "{}", trace)));

        assertThat(claimOne().traceparent()).isEqualTo(trace);
    }

    @Test
    void aResolutionForATimeLapses() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        failForGood(run, "a");
        runs().resolve(run, ResolutionStatus.IGNORED, NOON.plusSeconds(60), OPERATOR, false);
        clock.advance(Duration.ofSeconds(59));
        assertThat(runs().sweepFailures()).isZero();
        assertThat(unresolved()).isEmpty();

        clock.advance(SECOND);
        assertThat(runs().sweepFailures()).isEqualTo(1);

        assertThat(unresolved()).containsExactly(run);
        assertThat(run(run).resolution).isNull();
        assertThat(runs().sweepFailures()).isZero();
    }

    @Test
    void aFailureThatComesBackOnTheListIsRaisedAgain() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        failForGood(run, "a");
        report(run, "a", completed());
        var both = List.of("REPORTED_FAILED " + of(run, "a"), "CONFLICT " + of(run, "a"));
        assertThat(raised()).containsExactlyElementsOf(both);
        var first = signals.raised().get(0);
        runs().resolve(run, ResolutionStatus.IGNORED, NOON.plusSeconds(60), OPERATOR, false);
        assertThat(signals.cured()).containsAll(both);

        clock.advance(Duration.ofMinutes(1));
        runs().sweepFailures();
        runs().sweepFailures();

        assertThat(raised()).hasSize(4).endsWith(both.toArray(String[]::new));
        // told as before, so that it is the same cause to whoever gathers
        assertThat(signals.raised().get(2)).isEqualTo(first);
        assertThat(signals.raised().get(3).detail()).endsWith("is FAILED, but was then reported COMPLETED");
    }

    @Test
    void aFailureThatAnOperatorPutsBackOnTheListIsRaisedAgain() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        failForGood(run, "a");
        resolve(run, ResolutionStatus.ACKNOWLEDGED);
        assertThat(raised()).hasSize(1);
        resolve(run, ResolutionStatus.RESOLVED);

        resolve(run, ResolutionStatus.ACKNOWLEDGED);

        assertThat(unresolved()).containsExactly(run);
        assertThat(raised()).containsExactly("REPORTED_FAILED " + of(run, "a"), "REPORTED_FAILED " + of(run, "a"));
    }

    @Test
    void aFailureThatWasMadeGoodWhileItWasIgnoredIsNotRaisedAgain() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var failed = start(group, "k");
        var later = start(group, "k");
        failForGood(failed, "a");
        runs().resolve(failed, ResolutionStatus.IGNORED, NOON.plusSeconds(60), OPERATOR, false);
        clock.advance(Duration.ofMinutes(1));
        complete(later, "a");

        assertThat(runs().sweepFailures()).isEqualTo(1);

        assertThat(unresolved()).isEmpty();
        assertThat(run(failed).resolution.status()).isEqualTo(ResolutionStatus.SUPERSEDED);
        assertThat(raised()).hasSize(1);
    }

    @Test
    void aLaterSuccessOfTheSameKeySupersedesAFailureAndNoOtherDoes() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var before = start(group, "k");
        complete(before, "a");
        var failed = start(group, "k");
        var elsewhere = start(group, "other");
        var later = start(group, "k");
        failForGood(failed, "a");
        clock.advance(SECOND);
        complete(elsewhere, "a");
        assertThat(runs().sweepFailures()).isZero();

        complete(later, "a");
        assertThat(runs().sweepFailures()).isEqualTo(1);

        assertThat(unresolved()).isEmpty();
        assertThat(run(failed).resolution.status()).isEqualTo(ResolutionStatus.SUPERSEDED);
        assertThat(run(failed).resolution.reason()).contains(later);
        assertThat(signals.cured()).contains("REPORTED_FAILED task-run:" + task(failed, "a").taskRunId);
    }

    private String start(TaskGroup group, @Nullable String businessKey, String orderingKey, boolean keyed) {
        clock.advance(SECOND);
        return runs().start(List.of(new NewRun(group, businessKey, orderingKey, keyed, Ids.next(), "{}", null, null)))
                .get(0)
                .runId();
    }

    @Test
    void underOnePartitionkeyASuccessSupersedesFailuresOfItsBusinessKeyAlone() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var failed = start(group, "invoice-1", "tenant", true);
        var without = start(group, null, "tenant", true);
        var other = start(group, "invoice-2", "tenant", true);
        failForGood(failed, "a");
        failForGood(without, "a");
        clock.advance(SECOND);
        complete(other, "a");
        assertThat(runs().sweepFailures()).isZero();

        complete(start(group, null, "tenant", true), "a");
        assertThat(runs().sweepFailures()).isEqualTo(1);
        assertThat(unresolved()).containsExactly(failed);

        complete(start(group, "invoice-1", "tenant", true), "a");
        assertThat(runs().sweepFailures()).isEqualTo(1);
        assertThat(unresolved()).isEmpty();
    }

    @Test
    void aSuccessOfTheSameBusinessKeyUnderAnotherOrderingKeySupersedesAFailureThatCameBefore() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var earlier = start(group, "invoice-1", "tenant-b", true);
        var failed = start(group, "invoice-1", "tenant-a", true);
        failForGood(failed, "a");
        clock.advance(SECOND);
        complete(earlier, "a");
        complete(start(groups.put(aGroup("h").with(aSyncTask("a"))), "invoice-1", "tenant-b", true), "a");
        assertThat(runs().sweepFailures()).isZero();

        complete(start(group, "invoice-1", "tenant-b", true), "a");

        assertThat(runs().sweepFailures()).isEqualTo(1);
    }

    @Test
    void anUnkeyedFailureOfAParallelGroupIsSupersededByItsRerunAlone() {
        var group = groups.put(aGroup("g").parallel(5).with(aSyncTask("a")));
        var failed = start(group, null, "g", false);
        failForGood(failed, "a");
        clock.advance(SECOND);
        complete(start(group, null, "g", false), "a");
        assertThat(runs().sweepFailures()).isZero();

        var again = (RerunResult.Started) runs().rerun(failed, RerunVersion.PINNED);
        complete(again.run().runId(), "a");

        assertThat(runs().sweepFailures()).isEqualTo(1);
        assertThat(run(failed).resolution.reason()).contains(again.run().runId());
    }

    // ---- pause

    @Test
    void aPausedGroupStartsNothingWhileItsActiveRunGoesOn() {
        var group = groups.put(aGroup("g").with(aSyncTask("a"), aSyncTask("b")));
        var active = start(group, "k");
        var queued = start(group, "k");
        pause("g");
        var later = start(group, "k");

        assertThat(run(queued).heldSince).isEqualTo(NOON.plus(SECOND));
        assertThat(run(later).heldSince).isNotNull();
        complete(active, "a", "b");

        assertThat(run(active).state).isEqualTo(RunState.COMPLETED);
        assertThat(run(queued).state).isEqualTo(RunState.QUEUED);
        assertThat(run(later).state).isEqualTo(RunState.QUEUED);
        assertThat(runs().sweep().promoted()).isZero();
        assertThat(runs().any("g")).isTrue();
    }

    private void pause(String group) {
        clock.advance(SECOND);
        groups.pause(group, clock.now());
        runs().hold(group, clock.now());
        clock.advance(SECOND);
    }

    private void resume(String group, HeldMode mode) {
        var since = groups.pausedSince(group).orElseThrow();
        clock.advance(SECOND);
        groups.resume(group);
        runs().release(group, mode, since);
    }

    @Test
    void resumeAllReleasesEveryHeldRunInInboxOrder() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        pause("g");
        var first = start(group, "k");
        var second = start(group, "k");
        var other = start(group, "l");

        resume("g", HeldMode.ALL);

        assertThat(run(first).state).isEqualTo(RunState.RUNNING);
        assertThat(run(first).heldSince).isNull();
        assertThat(run(second).state).isEqualTo(RunState.QUEUED);
        assertThat(run(second).heldSince).isNull();
        assertThat(run(other).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void resumeLatestReleasesTheNewestPerKeyAndSkipsTheRestOfThePause() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var active = start(group, "k");
        var before = start(group, "k");
        pause("g");
        var one = start(group, "k");
        var two = start(group, "k");
        var other = start(group, "l");

        resume("g", HeldMode.LATEST);

        assertThat(run(before).state).isEqualTo(RunState.QUEUED);
        assertThat(run(before).heldSince).isNull();
        assertThat(run(one).state).isEqualTo(RunState.SKIPPED);
        assertThat(states(one)).containsEntry("a", SKIPPED);
        assertThat(run(two).state).isEqualTo(RunState.QUEUED);
        assertThat(run(other).state).isEqualTo(RunState.RUNNING);
        complete(active, "a");
        complete(before, "a");
        assertThat(run(two).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void resumeNoneSkipsOnlyWhatCameDuringThePause() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        start(group, "k");
        var before = start(group, "k");
        pause("g");
        var during = start(group, "k");

        resume("g", HeldMode.NONE);

        assertThat(run(before).state).isEqualTo(RunState.QUEUED);
        assertThat(run(before).heldSince).isNull();
        assertThat(run(during).state).isEqualTo(RunState.SKIPPED);
        assertThat(run(during).heldSince).as("a flag stays after the end").isNotNull();
    }

    @Test
    void aRunReopenedDuringAPauseIsHeldAndNeverSkipped() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var run = start(group, "k");
        failForGood(run, "a");
        pause("g");

        runs().rerunFailed(run, OPERATOR, false);
        assertThat(run(run).state).isEqualTo(RunState.QUEUED);
        assertThat(run(run).heldSince).isNotNull();
        resume("g", HeldMode.NONE);

        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aHeldRunCanBeCancelled() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        pause("g");
        var run = start(group, "k");

        runs().cancel(run, OPERATOR, false);

        assertThat(run(run).state).isEqualTo(RunState.CANCELLED);
        resume("g", HeldMode.ALL);
        assertThat(run(run).state).isEqualTo(RunState.CANCELLED);
        assertThat(run(run).heldSince).as("a flag stays after the end").isNotNull();
        assertThat(runs().any("g")).isFalse();

        runs().rerunFailed(run, OPERATOR, false);
        assertThat(run(run).state).isEqualTo(RunState.RUNNING);
        assertThat(run(run).heldSince).isNull();
    }

    // ---- policies for runs that come while another is active

    String startKeyed(TaskGroup group, String partitionKey) {
        return runs().start(List.of(new NewRun(group, "b", partitionKey, true, Ids.next(), "{}", null)))
                .get(0)
                .runId();
    }

    private TaskGroup withPolicy(WhenActive policy) {
        return groups.put(aGroup("g").whenActive(policy).with(aSyncTask("a").cancelledAt("/stop")));
    }

    @Test
    void mergeLatestKeepsTheNewestOfTheWaitingRuns() {
        var group = withPolicy(WhenActive.MERGE_LATEST);
        var active = start(group, "k");
        var merged = start(group, "k");
        var trigger = run(merged).triggerId;

        var newest = start(group, "k");

        assertThat(run(active).state).isEqualTo(RunState.RUNNING);
        assertThat(run(merged).state).isEqualTo(RunState.SKIPPED);
        assertThat(run(merged).mergedInto).isEqualTo(newest);
        assertThat(states(merged)).isEqualTo(statesOf("a", SKIPPED));
        assertThat(runs().ofTrigger(trigger).get(0).mergedInto()).isEqualTo(newest);
        assertThat(journal(merged)).extracting(Move::cause).contains(MoveCause.MERGED);
        complete(active, "a");
        assertThat(run(newest).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void runsThatWereMergedAreFollowedToTheLastHoweverManyTheyAre() {
        var group = withPolicy(WhenActive.MERGE_LATEST);
        var active = start(group, "k");
        var merged = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            merged.add(start(group, "k"));
        }
        var newest = start(group, "k");
        var first = run(merged.get(0)).triggerId;
        var later = run(merged.get(40)).triggerId;

        assertThat(runs().outcomes(List.of(first, later)))
                .hasSize(2)
                .allSatisfy((trigger, outcomes) -> assertThat(outcomes)
                        .singleElement()
                        .satisfies(outcome -> {
                            assertThat(outcome.mergedInto()).isEqualTo(newest);
                            assertThat(outcome.state()).isEqualTo(RunState.QUEUED);
                        }));

        complete(active, "a");
        complete(newest, "a");
        assertThat(runs().outcomes(List.of(first)).get(first))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.state()).isEqualTo(RunState.COMPLETED));
    }

    @Test
    void mergeLatestMergesNeitherOtherKeysNorRunsWithAPartitionkey() {
        var group = withPolicy(WhenActive.MERGE_LATEST);
        var active = start(group, "k");
        var keyed = startKeyed(group, "k");
        var other = start(group, "other");
        var otherWaiting = start(group, "other");

        var newest = start(group, "k");

        assertThat(run(keyed).state).isEqualTo(RunState.QUEUED);
        assertThat(run(otherWaiting).state).isEqualTo(RunState.QUEUED);
        assertThat(run(newest).state).isEqualTo(RunState.QUEUED);
        complete(active, "a");
        assertThat(run(keyed).state).isEqualTo(RunState.RUNNING);
        complete(keyed, "a");
        assertThat(run(newest).state).isEqualTo(RunState.RUNNING);
        assertThat(run(other).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aPartitionkeyMeansQueueWhateverThePolicySays() {
        for (WhenActive policy : List.of(WhenActive.MERGE_LATEST, WhenActive.SKIP, WhenActive.CANCEL_THEN_START)) {
            var group = groups.put(
                    aGroup("g-" + policy.name().charAt(0)).whenActive(policy).with(aSyncTask("a")));
            var first = startKeyed(group, "k");
            var second = startKeyed(group, "k");
            var third = startKeyed(group, "k");

            assertThat(run(first).state).isEqualTo(RunState.RUNNING);
            assertThat(run(second).state).isEqualTo(RunState.QUEUED);
            failForGood(first, "a");
            assertThat(run(second).state).isEqualTo(RunState.RUNNING);
            complete(second, "a");
            assertThat(run(third).state).isEqualTo(RunState.RUNNING);
        }
    }

    @Test
    void skipRecordsTheRunWithoutAFailure() {
        var group = withPolicy(WhenActive.SKIP);
        var active = start(group, "k");

        var skipped = start(group, "k");

        assertThat(run(skipped).state).isEqualTo(RunState.SKIPPED);
        assertThat(run(skipped).mergedInto).isNull();
        assertThat(run(skipped).endedAt).isEqualTo(clock.now());
        assertThat(states(skipped)).isEqualTo(statesOf("a", SKIPPED));
        assertThat(journal(skipped))
                .filteredOn(move -> move.taskRunId() == null && move.from() != null)
                .extracting(Move::detail)
                .containsExactly("run " + active + " is active");
        complete(active, "a");
        assertThat(run(start(group, "k")).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aRunQueuedAgainIsNotJudgedByItsPolicyAgain() {
        var group = withPolicy(WhenActive.SKIP);
        var failed = start(group, "k");
        failForGood(failed, "a");
        var active = start(group, "k");

        runs().rerunFailed(failed, OPERATOR, false);

        assertThat(run(failed).state).isEqualTo(RunState.QUEUED);
        complete(active, "a");
        assertThat(run(failed).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void cancelThenStartStartsTheNewRunWhenNoCancelIsPending() {
        var group = withPolicy(WhenActive.CANCEL_THEN_START);
        var active = start(group, "k");
        accept(claimOne());

        var waiting = start(group, "k");
        assertThat(run(active).state).isEqualTo(RunState.CANCELLED);
        assertThat(task(active, "a").cancelState).isEqualTo(CancelState.PENDING);
        assertThat(run(waiting).state).isEqualTo(RunState.QUEUED);
        var newest = start(group, "k");
        assertThat(run(waiting).state).isEqualTo(RunState.SKIPPED);
        assertThat(run(waiting).mergedInto).isEqualTo(newest);
        assertThat(run(newest).state).isEqualTo(RunState.QUEUED);

        var call = runs().claimCancels(10).get(0);
        assertThat(call.reason()).contains(waiting);
        runs().recordCancels(List.of(new CancelOutcome(call, CancelState.CONFIRMED, null)));

        assertThat(run(newest).state).isEqualTo(RunState.RUNNING);
        assertThat(states(newest)).isEqualTo(statesOf("a", DUE));
    }

    @Test
    void cancelThenStartStartsAtOnceWhereTheDownstreamKnowsOfNothing() {
        var group = withPolicy(WhenActive.CANCEL_THEN_START);
        var active = start(group, "k");

        var next = start(group, "k");

        assertThat(run(active).state).isEqualTo(RunState.CANCELLED);
        assertThat(run(next).state).isEqualTo(RunState.RUNNING);
        assertThat(claimOne().runId()).isEqualTo(next);
    }

    @Test
    void theKeyThatCancelThenStartFreesGoesToTheRunThatWaitsForItAtOnce() {
        var group = withPolicy(WhenActive.CANCEL_THEN_START);
        var active = start(group, "k");
        var keyed = startKeyed(group, "k");

        var next = start(group, "k");

        assertThat(run(active).state).isEqualTo(RunState.CANCELLED);
        assertThat(run(keyed).state).isEqualTo(RunState.RUNNING);
        assertThat(run(next).state).isEqualTo(RunState.QUEUED);
        complete(keyed, "a");
        assertThat(run(next).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void cancelThenStartWaitsNoLongerThanTheCancelWindow() {
        var group = withPolicy(WhenActive.CANCEL_THEN_START);
        var active = start(group, "k");
        accept(claimOne());
        var next = start(group, "k");

        for (int second = 0; second < 90; second++) {
            runs().recordCancels(runs().claimCancels(10).stream()
                    .map(call -> new CancelOutcome(call, CancelState.PENDING, null))
                    .toList());
            clock.advance(SECOND);
        }

        assertThat(task(active, "a").cancelState).isEqualTo(CancelState.UNCONFIRMED);
        assertThat(run(next).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aPauseHoldsWhatPoliciesWouldStartAndCancelsNothing() {
        var group = withPolicy(WhenActive.CANCEL_THEN_START);
        var active = start(group, "k");
        accept(claimOne());
        groups.pause("g", clock.now());

        var first = start(group, "k");
        var second = start(group, "k");

        assertThat(run(active).state).isEqualTo(RunState.RUNNING);
        assertThat(run(first).mergedInto).isEqualTo(second);
        assertThat(run(second).heldSince).isNotNull();
        groups.resume("g");
        runs().release("g", HeldMode.ALL, NOON);
        assertThat(run(active).state).isEqualTo(RunState.RUNNING);
        complete(active, "a");
        assertThat(run(second).state).isEqualTo(RunState.RUNNING);
    }

    private List<String> active(String... runIds) {
        return List.of(runIds).stream()
                .filter(run -> run(run).state == RunState.RUNNING)
                .toList();
    }

    @Test
    void parallelRunsIgnoreTheirKeyUpToTheLimitOfTheGroup() {
        var group = groups.put(aGroup("g").parallel(2).with(aSyncTask("a")));
        var one = start(group, "k");
        var two = start(group, "k");
        var three = start(group, "k");
        clock.advance(SECOND);
        var four = start(group, "other");

        assertThat(active(one, two, three, four)).containsExactly(one, two);
        complete(two, "a");
        assertThat(active(one, two, three, four)).containsExactly(one, three);
        failForGood(three, "a");
        assertThat(active(one, two, three, four)).containsExactly(one, four);
        complete(one, "a");
        complete(four, "a");
        assertThat(active(start(group, "k"))).hasSize(1);
    }

    @Test
    void parallelRunsWithAPartitionkeyQueueForItAsWell() {
        var group = groups.put(aGroup("g").parallel(2).with(aSyncTask("a")));
        var one = startKeyed(group, "k");
        var two = startKeyed(group, "k");
        var three = startKeyed(group, "k");
        var free = start(group, "k");
        var behind = start(group, "k");

        assertThat(active(one, two, three, free, behind)).containsExactly(one, free);
        complete(free, "a");
        assertThat(active(one, two, three, behind)).containsExactly(one, behind);
        complete(one, "a");
        assertThat(active(two, three, behind)).containsExactly(two, behind);
        complete(two, "a");
        assertThat(active(three, behind)).containsExactly(three, behind);
    }

    @Test
    void aPendingCancelKeepsItsPlaceAmongTheParallelRuns() {
        var group = groups.put(aGroup("g").parallel(1).with(aSyncTask("a").cancelledAt("/stop")));
        var one = start(group, "k");
        accept(claimOne());
        var two = start(group, "l");
        runs().cancel(one, OPERATOR, false);
        assertThat(run(two).state).isEqualTo(RunState.QUEUED);
        runs().rerunFailed(one, OPERATOR, false);
        assertThat(active(one, two)).isEmpty();

        runs().recordCancels(List.of(new CancelOutcome(runs().claimCancels(1).get(0), CancelState.CONFIRMED, null)));

        assertThat(active(one, two)).containsExactly(one);
        complete(one, "a");
        assertThat(active(two)).containsExactly(two);
    }

    @Test
    void aPauseHoldsParallelRunsAndTheResumeStartsAsManyAsMayRun() {
        var group = groups.put(aGroup("g").parallel(2).with(aSyncTask("a")));
        groups.pause("g", NOON);
        var one = start(group, "k");
        var two = start(group, "k");
        var three = start(group, "k");
        assertThat(active(one, two, three)).isEmpty();

        groups.resume("g");
        runs().release("g", HeldMode.ALL, NOON);

        assertThat(active(one, two, three)).containsExactly(one, two);
    }

    @Test
    void theSweepGivesPlacesAwayThatWereLeftFree() {
        var narrow = groups.put(aGroup("g").parallel(1).with(aSyncTask("a")));
        var one = start(narrow, "k");
        var two = start(narrow, "k");
        groups.put(aGroup("g").version(2).parallel(2).with(aSyncTask("a")));

        assertThat(runs().sweep().promoted()).isEqualTo(1);

        assertThat(active(one, two)).containsExactly(one, two);
        assertThat(runs().sweep().isEmpty()).isTrue();
    }

    @Test
    void aGroupTakesNoMoreQueuedRunsThanItsLimitAndKeepsNothingOfWhatIsTooMuch() {
        var group = groups.put(aGroup("g").maxQueued(2).with(aSyncTask("a")));
        var active = start(group, "k");
        start(group, "k");
        start(group, "k");
        var trigger = Ids.next();
        var other = groups.put(aGroup("h").with(aSyncTask("a")));

        assertThatThrownBy(() -> runs().start(List.of(
                        new NewRun(other, "k", "k", trigger, "{}", null),
                        new NewRun(group, "k", "k", trigger, "{}", null))))
                .isInstanceOfSatisfying(
                        QueueFullException.class,
                        full -> assertThat(full.group()).isEqualTo("g"));

        assertThat(runs().ofTrigger(trigger)).isEmpty();
        assertThat(run(start(group, "free")).state).isEqualTo(RunState.RUNNING);
        complete(active, "a");
        assertThat(run(start(group, "k")).state).isEqualTo(RunState.QUEUED);
    }

    @Test
    void aRunThatStandsForTheWaitingOneAlwaysFits() {
        var group = groups.put(
                aGroup("g").maxQueued(1).whenActive(WhenActive.MERGE_LATEST).with(aSyncTask("a")));
        start(group, "k");
        start(group, "k");

        assertThat(run(start(group, "k")).state).isEqualTo(RunState.QUEUED);
    }

    @Test
    void aRunThatStandsForTheWaitingOneOfAFormerVersionAlwaysFits() {
        var group = aGroup("g").maxQueued(1).whenActive(WhenActive.MERGE_LATEST).with(aSyncTask("a"));
        start(group, "k");
        start(group, "k");

        assertThat(run(start(group.version(2), "k")).state).isEqualTo(RunState.QUEUED);
    }

    // ---- alarms

    private List<String> raised() {
        return signals.raised().stream()
                .map(signal -> signal.condition() + " " + signal.subject())
                .toList();
    }

    private String of(String runId, String key) {
        return AlertSignal.taskRun(task(runId, key).taskRunId);
    }

    @Test
    void nothingIsSaidWhileNothingIsWrong() {
        var run = start(aGroup("g").startBy(SECOND).with(aSyncTask("a")), "k");
        accept(claimOne());
        complete(run, "a");

        assertThat(signals.raised()).isEmpty();
        assertThat(signals.cured()).isEmpty();
    }

    @Test
    void aFailureIsRaisedByItsCauseAndCuredByTheRerun() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");

        failForGood(run, "a");

        assertThat(raised()).containsExactly("REPORTED_FAILED " + of(run, "a"));
        var signal = signals.raised().get(0);
        assertThat(signal.group()).isEqualTo("g");
        assertThat(signal.system()).isEqualTo(DOWNSTREAM);
        assertThat(signal.runId()).isEqualTo(run);
        assertThat(signal.cause()).isEqualTo("REPORTED_FAILED at " + DOWNSTREAM + ": disk full");
        assertThat(signal.since()).isEqualTo(clock.now());
        runs().rerunFailed(run, OPERATOR, true);
        assertThat(signals.cured()).isEmpty();
        runs().rerunFailed(run, OPERATOR, false);
        assertThat(signals.cured()).contains("REPORTED_FAILED " + of(run, "a"));
    }

    @Test
    void failuresWithOneRootHaveOneCause() {
        assertThat(Signals.normalised("Row 17 of 01a1fcea-b7ac-7000-bc0a-e70d527c7747 at 12:30:01.5 is broken"))
                .isEqualTo(
                        Signals.normalised("row 4 of 01a1fcea-b7ac-7009-b2d8-e79f4d3bec7c  at 09:00:59.25 is broken"));
        assertThat(Signals.normalised("answered 403 to call 7")).isEqualTo("answered 403 to call #");
    }

    @Test
    void failuresOfTheBalanceAndOfTimeAreRaisedByTheirNames() {
        var run = start(
                aGroup("g")
                        .with(
                                anAsyncTask("missing").needsReconciliation(),
                                anAsyncTask("late").timeout(SECOND).overdueAfter(Duration.ofMillis(500)),
                                anAsyncTask("refused").on("other")),
                "k");

        report(run, "missing", completed());
        record(runs().claim("other", 1).get(0), new CallResult.Refused("answered 404"));
        clock.advance(SECOND);
        runs().sweep();

        assertThat(raised())
                .containsExactly(
                        "RECONCILIATION_MISSING " + of(run, "missing"),
                        "REFUSED " + of(run, "refused"),
                        "OVERDUE " + of(run, "late"),
                        "TIMED_OUT " + of(run, "late"));
        assertThat(signals.raised().get(1).cause()).isEqualTo("REFUSED at other: answered 404");
        assertThat(signals.cured()).containsExactly("OVERDUE " + of(run, "late"));
    }

    @Test
    void overdueWorkIsToldOnceAndCuredByItsEnd() {
        var run = start(aGroup("g").with(aSyncTask("a").overdueAfter(SECOND)), "k");
        clock.advance(SECOND);
        runs().sweep();
        runs().sweep();
        assertThat(raised()).containsExactly("OVERDUE " + of(run, "a"));
        assertThat(signals.raised().get(0).since()).isEqualTo(clock.now());

        complete(run, "a");

        assertThat(signals.cured()).containsExactly("OVERDUE " + of(run, "a"));
    }

    @Test
    void anAlarmThatCameJustBeforeTheEndIsToldAllTheSame() {
        var run = start(aGroup("g").with(aSyncTask("a").overdueAfter(SECOND)), "k");
        clock.advance(SECOND);

        complete(run, "a");

        assertThat(raised()).containsExactly("OVERDUE " + of(run, "a"));
        assertThat(signals.cured()).containsExactly("OVERDUE " + of(run, "a"));
    }

    @Test
    void silenceIsToldOnceAndCuredByTheNextReport() {
        var run = start(aGroup("g").with(aSyncTask("a").silentAfter(SECOND)), "k");
        accept(claimOne());
        clock.advance(SECOND);
        runs().sweep();
        runs().sweep();
        assertThat(raised()).containsExactly("SILENT " + of(run, "a"));

        report(run, "a", running());

        assertThat(signals.cured()).containsExactly("SILENT " + of(run, "a"));
    }

    @Test
    void anAttemptWithoutAnAnswerIsToldOnceAndCuredByItsFirstAnswer() {
        var run = start(aGroup("g").with(aSyncTask("a").answerWithin(Duration.ofSeconds(30))), "k");
        record(claimOne(), new CallResult.Unknown("reset"));
        clock.advance(Duration.ofSeconds(29));
        assertThat(runs().sweep().noAnswer()).isZero();
        clock.advance(SECOND);
        assertThat(runs().sweep().noAnswer()).isEqualTo(1);
        assertThat(runs().sweep().noAnswer()).isZero();
        assertThat(raised()).containsExactly("NO_ANSWER " + of(run, "a"));

        accept(claimOne());

        assertThat(signals.cured()).containsExactly("NO_ANSWER " + of(run, "a"));
    }

    @Test
    void theNextAttemptsAnswerIsAwaitedFromWhenItIsDue() {
        var run = start(
                aGroup("g")
                        .with(aSyncTask("a")
                                .answerWithin(SECOND)
                                .retry(3, Duration.ofSeconds(10), Duration.ofSeconds(10))),
                "k");
        accept(claimOne());
        spread(0.5);
        report(run, "a", failed());

        clock.advance(Duration.ofSeconds(10));
        assertThat(runs().sweep().noAnswer()).isZero();
        clock.advance(SECOND);
        assertThat(runs().sweep().noAnswer()).isEqualTo(1);
    }

    @Test
    void aLateStartIsToldOnceAndCuredByTheStart() {
        var group = groups.put(aGroup("g").startBy(SECOND).with(aSyncTask("a")));
        var active = start(group, "k");
        var late = start(group, "k");
        clock.advance(SECOND);
        assertThat(runs().sweep().late()).isEqualTo(1);
        assertThat(runs().sweep().late()).isZero();
        assertThat(raised()).containsExactly("START_LATE " + AlertSignal.run(late));
        assertThat(signals.raised().get(0).group()).isEqualTo("g");

        complete(active, "a");

        assertThat(signals.cured()).containsExactly("START_LATE " + AlertSignal.run(late));
        assertThat(run(late).lateSince).isNull();
    }

    @Test
    void threeUnreadableAnswersInARowAreToldAndCuredByAReadableOne() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        for (int call = 1; call <= 4; call++) {
            assertThat(raised()).hasSize(call > 3 ? 1 : 0);
            record(claimOne(), new CallResult.Unreadable("answered 200 with HTML"));
            clock.advance(Duration.ofMinutes(5));
        }
        assertThat(raised()).contains("UNREADABLE_REPLY " + of(run, "a"));

        accept(claimOne());

        assertThat(signals.cured()).contains("UNREADABLE_REPLY " + of(run, "a"));
    }

    @Test
    void aContradictionIsToldOnce() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        complete(run, "a");

        report(run, "a", failed());
        report(run, "a", failed());

        assertThat(raised()).containsExactly("CONFLICT " + of(run, "a"));
    }

    @Test
    void aContradictionAfterAReopeningIsToldAnew() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        failForGood(run, "a");
        report(run, "a", completed());
        var conflict = "CONFLICT " + of(run, "a");
        assertThat(task(run, "a").conflictSince).isNotNull();

        acted(run, "a", TaskAction.RETRY);
        assertThat(task(run, "a").conflictSince).isNull();
        assertThat(signals.cured()).contains(conflict);
        failForGood(run, "a");
        report(run, "a", completed());
        assertThat(raised()).filteredOn(conflict::equals).hasSize(2);

        acted(run, "a", TaskAction.ACCEPT_LATE);
        assertThat(signals.cured()).filteredOn(conflict::equals).hasSize(2);
    }

    @Test
    void aContradictionOfALateReportThatWasAcceptedIsToldAnew() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        failForGood(run, "a");
        report(run, "a", completed());
        var conflict = "CONFLICT " + of(run, "a");
        clock.advance(SECOND);
        acted(run, "a", TaskAction.ACCEPT_LATE);
        assertThat(signals.cured()).contains(conflict);
        clock.advance(SECOND);

        report(run, "a", completed());
        assertThat(raised()).filteredOn(conflict::equals).hasSize(1);
        report(run, "a", failed());
        report(run, "a", failed());

        assertThat(task(run, "a").state).isEqualTo(TaskRunState.COMPLETED);
        assertThat(task(run, "a").conflictSince).isEqualTo(clock.now());
        assertThat(raised()).filteredOn(conflict::equals).hasSize(2);
        assertThat(signals.raised().get(2).detail()).endsWith("is COMPLETED, but was then reported FAILED");
    }

    @Test
    void anUnconfirmedCancelIsCuredWhenAnOperatorEndsTheTaskRun() {
        for (TaskAction action : List.of(TaskAction.SKIP, TaskAction.MARK_DONE, TaskAction.ACCEPT_LATE)) {
            var group = groups.put(aGroup("g").with(aSyncTask("a").cancelledAt("/stop")));
            var run = start(group, action.wire());
            accept(claimOne());
            runs().cancel(run, OPERATOR, false);
            var call = runs().claimCancels(1).get(0);
            runs().rerunFailed(run, OPERATOR, false);
            runs().recordCancels(List.of(new CancelOutcome(call, CancelState.REFUSED, null)));
            var unconfirmed = "UNCONFIRMED " + of(run, "a");
            assertThat(raised()).contains(unconfirmed);
            assertThat(run(run).state).isEqualTo(RunState.RUNNING);
            failForGood(run, "a");
            report(run, "a", completed());
            assertThat(signals.cured()).doesNotContain(unconfirmed);

            acted(run, "a", action);

            assertThat(signals.cured()).as(action.wire()).contains(unconfirmed);
        }
    }

    @Test
    void aCancelThatIsRefusedOrNotConfirmedIsToldAndCuredByTheRerun() {
        var run = start(aGroup("g").with(aSyncTask("a").cancelledAt("/stop")), "k");
        accept(claimOne());
        runs().cancel(run, OPERATOR, false);

        runs().recordCancels(List.of(new CancelOutcome(runs().claimCancels(1).get(0), CancelState.REFUSED, null)));

        assertThat(raised()).containsExactly("UNCONFIRMED " + of(run, "a"));
        runs().rerunFailed(run, OPERATOR, false);
        assertThat(signals.cured()).containsExactly("UNCONFIRMED " + of(run, "a"));
    }

    // ---- repair

    @Test
    void aSlotFreedBehindARunningRunsBackNeverLetsTwoRunAtOnce() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var active = start(group, "k");
        var next = start(group, "k");
        freeSlotBehindItsBack(new SlotKey("g", "k"));

        runs().sweep();
        assertThat(run(active).state).isEqualTo(RunState.RUNNING);
        assertThat(run(next).state).isEqualTo(RunState.QUEUED);
        complete(active, "a");

        assertThat(run(next).state).isEqualTo(RunState.RUNNING);
        assertThat(runs().sweep().isEmpty()).isTrue();
    }

    @Test
    void aRunQueuedBehindAFreeSlotIsFoundByTheSweepAlone() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        groups.pause("g", NOON);
        var queued = start(group, "k");
        var behind = start(group, "k");
        // a release that promoted nobody, as a lost promotion looks
        store().<@Nullable Object>inTransaction(() -> {
            var run = store().lock(List.of(queued, behind), List.of()).runs().values();
            run.forEach(Run::release);
            store().save(run, List.of(), List.of(), NOON);
            return null;
        });
        groups.resume("g");
        assertThat(run(queued).state).isEqualTo(RunState.QUEUED);

        assertThat(runs().sweep().promoted()).isEqualTo(1);

        assertThat(run(queued).state).isEqualTo(RunState.RUNNING);
        assertThat(run(behind).state).isEqualTo(RunState.QUEUED);
        assertThat(runs().sweep().promoted()).isZero();
    }

    @Test
    void whatAnotherHasWrittenSinceItWasReadIsNotWrittenOver() {
        // One task run has a statement of its own, several share one.
        for (var group : List.of(
                groups.put(aGroup("one").with(aSyncTask("a"))),
                groups.put(aGroup("two").with(anAsyncTask("a"), anAsyncTask("b"))))) {
            var id = start(group, "k");

            var lost = store().inTransaction(() -> {
                var read = store().lock(List.of(id), List.of());
                var readAsWell = store().lock(List.of(id), List.of());
                assertThat(written(read, "first")).isEmpty();
                return written(readAsWell, "second");
            });

            var run = run(id);
            assertThat(lost).contains(id).hasSize(1 + run.taskRuns.size());
            assertThat(run.lateSince).isEqualTo(NOON);
            assertThat(run.taskRuns).extracting(task -> task.message).containsOnly("first");
        }
    }

    /** Which rows were not written. */
    private Set<String> written(RunStore.Locked read, String message) {
        read.runs().values().forEach(run -> {
            run.lateSince = message.equals("first") ? NOON : NOON.plusSeconds(1);
            run.changed = true;
        });
        read.taskRuns().values().forEach(task -> {
            task.message = message;
            task.changed = true;
        });
        return store().save(read.runs().values(), read.taskRuns().values(), List.of(), NOON);
    }

    @Test
    void aNewRunDoesNotOvertakeOneWhosePromotionWasMissed() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        groups.pause("g", NOON);
        var queued = start(group, "k");
        store().<@Nullable Object>inTransaction(() -> {
            var run = store().lock(List.of(queued), List.of()).runs().values();
            run.forEach(Run::release);
            store().save(run, List.of(), List.of(), NOON);
            return null;
        });
        groups.resume("g");

        var later = start(group, "k");

        assertThat(run(later).state).isEqualTo(RunState.QUEUED);
        runs().sweep();
        assertThat(run(queued).state).isEqualTo(RunState.RUNNING);
        assertThat(run(later).state).isEqualTo(RunState.QUEUED);
    }

    @Test
    void idleSlotsArePurgedAndNothingIsLost() {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        var key = new SlotKey("g", "k");
        var ended = start(group, "k");
        failForGood(ended, "a");
        var busy = start(group, "busy");
        assertThat(runs().sweep().freedSlots()).isZero();
        clock.advance(Duration.ofHours(2));

        assertThat(runs().sweep().freedSlots()).isEqualTo(1);

        assertThat(hasSlot(key)).isFalse();
        assertThat(hasSlot(new SlotKey("g", "busy"))).isTrue();
        runs().rerunFailed(ended, OPERATOR, false);
        assertThat(run(ended).state).isEqualTo(RunState.RUNNING);
        var later = start(group, "k");
        assertThat(run(later).state).isEqualTo(RunState.QUEUED);
        assertThat(run(later).inboxPlace).isGreaterThan(run(ended).inboxPlace);
        complete(ended, "a");
        assertThat(run(later).state).isEqualTo(RunState.RUNNING);
        assertThat(run(busy).state).isEqualTo(RunState.RUNNING);
    }

    @Test
    void longTextsAndStrangeCharactersAreKept() {
        var run = start(aGroup("g").with(aSyncTask("a")), "schlüssel \uD83D\uDE80 'x'");
        var text = "\u0000\ud800" + "ü".repeat(3000);

        report(run, "a", failed().retryable(false).message(text).result(Map.of("\u0000", "\u0000 ü")));

        assertThat(task(run, "a").message).hasSize(TaskRun.MAX_MESSAGE).contains("üü");
        assertThat(run(run).orderingKey).isEqualTo("schlüssel \uD83D\uDE80 'x'");
        assertThat(run(run).state).isEqualTo(RunState.FAILED);
    }

    @Test
    void nothingOfABatchIsKeptWhenItCannotBeKeptWhole() {
        var run = start(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        var known = new IncomingReport(
                task(run, "a").taskRunId, completed().id("c").attempt(1).build());
        var unknown =
                new IncomingReport("nobody", completed().id("c").attempt(1).build());

        assertThatThrownBy(() -> Judging.judge(runs(), List.of(known, unknown), kept))
                .isInstanceOf(IllegalStateException.class);

        assertThat(states(run)).isEqualTo(statesOf("a", DUE, "b", DUE));
    }

    @Test
    void theHeadTellsWhatACallbackNeeds() {
        var run = start(aGroup("g").with(aSyncTask("a").on("crm")), "k");
        var id = task(run, "a").taskRunId;

        assertThat(runs().heads(List.of(id, "nobody")))
                .isEqualTo(Map.of(id, new TaskRunHead(id, run, new SlotKey("g", "k"), "crm", 1, DUE)));
    }
}
