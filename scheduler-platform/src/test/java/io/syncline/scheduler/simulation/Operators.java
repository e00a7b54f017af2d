package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.HeldMode;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.run.RerunVersion;
import io.syncline.scheduler.run.ResolutionStatus;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.run.TaskRunState;
import java.util.List;
import org.springframework.transaction.support.TransactionTemplate;

/** People who do what they may, and try what they may not, at any time. */
final class Operators {

    private static final List<TaskRunState> OF_INTEREST = List.of(
            TaskRunState.FAILED,
            TaskRunState.FAILED,
            TaskRunState.FAILED,
            TaskRunState.DUE,
            TaskRunState.DUE,
            TaskRunState.DUE,
            TaskRunState.CALLING,
            TaskRunState.RUNNING);
    private static final Operator SOMEBODY = new Operator("ann", "to see what happens");

    private final Simulation world;

    Operators(Simulation world) {
        this.world = world;
    }

    void begin() {
        world.at(world.millis(3000, 12_000), "an operator", this::next);
    }

    private void next() {
        if (world.isHealed()) {
            return;
        }
        world.at(world.millis(1200, 7_000), "an operator", this::next);
        var node = world.anyNode();
        if (node == null) {
            return;
        }
        int what = world.random.nextInt(100);
        if (what < 18) {
            pauseOrResume(node);
        } else if (what < 45) {
            onRun(node);
        } else {
            onTaskRun(node);
        }
    }

    private void onRun(SimulatedNode node) {
        var all = List.copyOf(world.runs.runs());
        if (all.isEmpty()) {
            return;
        }
        // The end that most have reached leaves nothing to be done.
        var rest = all.stream().filter(run -> run.state() != RunState.COMPLETED).toList();
        var queued = rest.stream().filter(run -> run.state() == RunState.QUEUED).toList();
        var some = queued.isEmpty() || world.chance(70) ? rest : queued;
        var run = world.oneOf(some.isEmpty() || world.chance(10) ? all : some).runId();
        int what = world.random.nextInt(100);
        if (what < 35) {
            tell("cancel", run, node.runs.cancel(run, SOMEBODY, false));
        } else if (what < 75) {
            tell("rerun-failed", run, node.runs.rerunFailed(run, SOMEBODY, false));
        } else if (what < 90) {
            rerun(node, run);
        } else {
            tell("resolve", run, node.runs.resolve(run, ResolutionStatus.RESOLVED, null, SOMEBODY, false));
        }
    }

    private void rerun(SimulatedNode node, String run) {
        try {
            tell("rerun", run, node.runs.rerun(run, RerunVersion.PINNED));
        } catch (QueueFullException full) {
            world.happened(Fault.QUEUE_FULL, full.group());
        }
    }

    private void onTaskRun(SimulatedNode node) {
        var all = world.runs.taskRuns();
        if (all.isEmpty()) {
            return;
        }
        var wanted = world.oneOf(OF_INTEREST);
        var some = all.stream().filter(task -> task.state() == wanted).toList();
        var inRunning = some.stream().filter(this::isOfRunningRun).toList();
        var chosen = world.oneOf(inRunning.isEmpty() ? some.isEmpty() || world.chance(10) ? all : some : inRunning);
        var taskRun = chosen.taskRunId();
        var action = chosen.state() == TaskRunState.FAILED && world.chance(40)
                ? TaskAction.RETRY
                : world.oneOf(List.of(TaskAction.values()));
        world.checker.operator(taskRun, action);
        tell(action.name(), taskRun, node.runs.act(taskRun, action, null, world.callbacks.reports(), SOMEBODY, false));
    }

    private boolean isOfRunningRun(TaskRunRow task) {
        var run = world.runs.run(task.runId());
        return run != null && run.state() == RunState.RUNNING;
    }

    private void tell(String action, String about, Object result) {
        world.history.tell(() -> "  " + action + " " + about + ": " + result);
    }

    private void pauseOrResume(SimulatedNode node) {
        var group = world.oneOf(SimulatedGroups.KEYS);
        if (world.groups.pausedSince(group).isPresent()) {
            resume(node, group, world.oneOf(List.of(HeldMode.values())));
        } else {
            world.history.tell(() -> "  pause " + group);
            new TransactionTemplate(node.transactions).executeWithoutResult(status -> {
                if (world.groups.pause(group, world.now())) {
                    node.runs.hold(group, world.now());
                }
            });
        }
    }

    private void resume(SimulatedNode node, String group, HeldMode mode) {
        world.history.tell(() -> "  resume " + group + " " + mode);
        new TransactionTemplate(node.transactions)
                .executeWithoutResult(
                        status -> world.groups.resume(group).ifPresent(since -> node.runs.release(group, mode, since)));
    }

    /** So that nothing has to wait any more. */
    void resumeAll() {
        var node = world.anyNode();
        if (node != null) {
            SimulatedGroups.KEYS.forEach(group -> resume(node, group, HeldMode.ALL));
        }
    }
}
