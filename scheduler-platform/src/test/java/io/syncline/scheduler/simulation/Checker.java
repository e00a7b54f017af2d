package io.syncline.scheduler.simulation;

import io.syncline.outbox.SimulatedOutbox;
import io.syncline.scheduler.callback.SimulatedCallbacks;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.dispatch.SimulatedDispatch;
import io.syncline.scheduler.dispatch.SimulatedDispatch.Written;
import io.syncline.scheduler.quartz.SimulatedSchedules;
import io.syncline.scheduler.run.Move;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.SimulatedRuns.Changed;
import io.syncline.scheduler.run.SimulatedRuns.RunRow;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.run.TaskRunState;
import io.syncline.scheduler.simulation.Downstream.Answer;
import io.syncline.scheduler.simulation.Downstream.Report;
import io.syncline.scheduler.simulation.Network.Call;
import io.syncline.scheduler.testing.InMemoryTables.Change;
import io.syncline.scheduler.trigger.Judgement;
import io.syncline.scheduler.trigger.SimulatedInbox;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each commit, call, answer and acknowledgement as they happen, and at what is left in the end, and says which
 * invariant was broken first. It has its own copy of the tables of the contract and takes nothing from the product but rows.
 */
final class Checker {

    private final Simulation world;
    private final Rows rows = new Rows();
    private final Findings findings;
    private final MoveRules moves;
    private final FenceRules fences;
    private final PaceRules pace;
    private final BarrierRules barriers;
    private final ReportRules reports;
    private final MessageRules messages;
    private final IncidentRules incidents;
    private final ScheduleRules schedules;
    private final CallRules calls;
    private final BlockingRules blocking;
    private final RestRules rest;
    private final OutboxRules outbox;

    Checker(Simulation world, Misfire misfire) {
        this.world = world;
        findings = new Findings(world);
        moves = new MoveRules(findings);
        fences = new FenceRules(world, findings);
        pace = new PaceRules(world, findings);
        barriers = new BarrierRules(rows, findings);
        reports = new ReportRules(findings);
        messages = new MessageRules(world, rows, findings);
        incidents = new IncidentRules(world, rows, findings);
        schedules = new ScheduleRules(world, findings, misfire);
        calls = new CallRules(rows, findings, fences, pace, barriers, reports);
        blocking = new BlockingRules(rows, findings, moves);
        rest = new RestRules(world, rows, findings, reports);
        outbox = new OutboxRules(world, findings);
    }

    // ---- verdict

    boolean hasFailed() {
        return findings.hasFailed();
    }

    @Nullable
    Invariant broken() {
        return findings.broken();
    }

    String how() {
        return findings.how();
    }

    @Nullable
    Throwable cause() {
        return findings.cause();
    }

    void fail(Invariant invariant, String detail, @Nullable Throwable why) {
        findings.fail(invariant, detail, why);
    }

    /** How often each state was left for each other one, as {@link MoveRules#everyMove} names it. */
    Map<String, Integer> moves() {
        return moves.moves;
    }

    // ---- commits

    void committed(List<Change> changes) {
        var commit = world.runs.commit(changes);
        nameNew(commit.runs(), commit.taskRuns());
        commit.runs().forEach(changed -> rows.runs.put(changed.after().runId(), changed.after()));
        var applied = new HashMap<String, Written>();
        for (Change change : changes) {
            if (change.table() == world.calls) {
                fences.written(SimulatedDispatch.written(Objects.requireNonNull(change.after())), applied);
            } else if (change.table() == world.inbox.rows()) {
                messages.stored(SimulatedInbox.message(Objects.requireNonNull(change.after())));
            } else if (change.table() == world.callbacks.rows()) {
                reports.kept(SimulatedCallbacks.kept(Objects.requireNonNull(change.after())));
            } else if (change.table() == world.outbox.rows()) {
                outbox.stored(SimulatedOutbox.message(Objects.requireNonNull(change.after())));
            } else if (change.table() == world.schedules.clocks() && change.before() != null) {
                schedules.dealt(
                        SimulatedSchedules.dealtThrough(change.before()),
                        SimulatedSchedules.dealtThrough(Objects.requireNonNull(change.after())),
                        changes);
            }
        }
        moves.moved(commit.runs(), commit.taskRuns(), commit.moves());
        for (var changed : commit.taskRuns()) {
            checkTaskRun(changed, applied.get(changed.after().taskRunId()), commit.moves());
            rows.taskRuns.put(changed.after().taskRunId(), changed.after());
        }
        commit.taskRuns().forEach(barriers::startsWithItsNeighbours);
        commit.runs().forEach(this::checkRun);
        world.history.tell(() -> told(commit.runs(), commit.taskRuns(), commit.moves()));
    }

    private void nameNew(List<Changed<RunRow>> newRuns, List<Changed<TaskRunRow>> newTaskRuns) {
        for (var changed : newRuns) {
            if (changed.before() == null) {
                var number = rows.runs.size() + newRuns.indexOf(changed) + 1;
                world.history.name(
                        changed.after().runId(), () -> changed.after().group().key() + "#" + number);
            }
        }
        for (var changed : newTaskRuns) {
            if (changed.before() == null) {
                var row = changed.after();
                world.history.name(
                        row.taskRunId(),
                        () -> world.history.named(row.runId()) + "."
                                + row.task().key());
            }
        }
    }

    private void checkTaskRun(Changed<TaskRunRow> changed, @Nullable Written answer, List<Move> all) {
        var before = changed.before();
        var after = changed.after();
        if (before == null) {
            return;
        }
        fences.changed(before, after, answer);
        pace.changed(before, after, answer);
        calls.attempts(before, after, all);
        if (before.state() != after.state()) {
            entered(before, after);
        }
        if (answer != null) {
            pace.delay(after, answer);
        }
    }

    private void entered(TaskRunRow before, TaskRunRow after) {
        if (before.state().isEnded()) {
            pace.leftItsEnd(after.taskRunId());
        }
        if (after.state() == TaskRunState.FAILED) {
            incidents.failed(after);
        }
        if (after.state() == TaskRunState.COMPLETED && !after.manual()) {
            calls.completed(after.taskRunId());
            reports.completed(after.taskRunId(), after.attempt());
        }
    }

    private void checkRun(Changed<RunRow> changed) {
        var before = changed.before();
        var run = changed.after();
        if (before == null) {
            messages.started(run);
        } else {
            fences.changed(before, run);
        }
        if (run.state() == RunState.SKIPPED && (before == null || before.state() != RunState.SKIPPED)) {
            blocking.skipped(run);
        }
        if (run.state() == RunState.RUNNING && (before == null || before.state() != RunState.RUNNING)) {
            blocking.promoted(run);
        }
    }

    private static String told(
            List<Changed<RunRow>> changedRuns, List<Changed<TaskRunRow>> changedTasks, List<Move> all) {
        var text = new StringBuilder("  commit");
        all.forEach(move -> text.append(", ")
                .append(move.taskRunId() == null ? move.runId() : move.taskRunId())
                .append(' ')
                .append(move.from())
                .append('>')
                .append(move.to())
                .append(' ')
                .append(move.cause()));
        changedTasks.forEach(changed -> {
            var row = changed.after();
            if (changed.before() != null) {
                text.append(", ").append(row.taskRunId()).append(" attempt ").append(row.attempt());
                text.append(" round ").append(row.round()).append(" fence ").append(row.fence());
                text.append(row.leaseNode() == null ? "" : " leased by " + row.leaseNode());
                text.append(
                        row.dueAt() == null
                                ? ""
                                : " due " + row.dueAt().toString().substring(11));
            }
        });
        changedRuns.stream()
                .filter(changed -> changed.after().held())
                .forEach(changed ->
                        text.append(", ").append(changed.after().runId()).append(" held"));
        return text.toString();
    }

    // ---- what senders, downstreams and operators see and do

    void judged(Senders.Message message, Judgement judgement) {
        messages.judged(message, judgement);
    }

    void called(Call call) {
        calls.called(call);
    }

    void answered(Call call, Answer answer) {
        pace.answered(call, answer);
    }

    void operator(String taskRunId, TaskAction action) {
        pace.operator(taskRunId, action);
    }

    void hadEffect(String key) {
        reports.hadEffect(key);
    }

    void reported(Report report) {
        reports.reported(report);
    }

    void told(Report report, SimulatedCallbacks.Told told) {
        reports.told(report, told);
    }

    void toldOfForged(SimulatedCallbacks.Told told) {
        reports.toldOfForged(told);
    }

    void messageArrived(String id) {
        outbox.arrived(id);
    }

    void messageRefused(String id) {
        outbox.refused(id);
    }

    /** The attempt that a task run is in, as far as anybody can see. */
    int attemptOf(String taskRunId, int otherwise) {
        return rows.attemptOf(taskRunId, otherwise);
    }

    // ---- the end

    boolean hasSettled() {
        return rest.hasSettled() && outbox.hasSettled();
    }

    void lookForWhatIsLate() {
        rest.lookForWhatIsLate();
    }

    void finish() {
        incidents.finish();
        rest.finish();
        messages.finish();
        outbox.finish();
    }
}
