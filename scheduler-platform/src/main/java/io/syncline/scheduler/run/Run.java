package io.syncline.scheduler.run;

import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.Mode;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.WhenActive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One activation of a task group, with its task runs. It opens barriers and ends itself when nothing is open any more. The
 * fields are open to the stores of this room alone.
 */
final class Run {

    final String runId;
    final TaskGroup group;

    @Nullable
    final String businessKey;

    final String orderingKey;
    final String triggerId;
    final String triggerBody;

    @Nullable
    final String traceparent;

    final long inboxPlace;

    @Nullable
    final String rerunOf;

    final Instant createdAt;

    /** Its message named a partitionkey: it runs in the order of the inbox whatever the group's policy says. */
    boolean keyed;

    RunState state = RunState.QUEUED;
    int version;

    @Nullable
    Instant heldSince;

    /** When the run, unless it starts or ends before, starts late. */
    @Nullable
    Instant startByAt;

    @Nullable
    Instant lateSince;

    @Nullable
    String mergedInto;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    Resolution resolution;

    /** Since when its failure waits for somebody; null when it has not failed, or that was dealt with. */
    @Nullable
    Instant unresolvedSince;

    /** In the order of the group's document; empty when only the run itself was loaded. */
    final List<TaskRun> taskRuns = new ArrayList<>();

    boolean changed;
    final List<Move> moves = new ArrayList<>();

    /** What people may have to know, to be told in the transaction that saves it. */
    final List<AlertSignal> raised = new ArrayList<>(0);

    final List<AlertCondition> cured = new ArrayList<>(0);

    Run(
            String runId,
            TaskGroup group,
            @Nullable String businessKey,
            String orderingKey,
            String triggerId,
            String triggerBody,
            @Nullable String traceparent,
            long inboxPlace,
            @Nullable String rerunOf,
            Instant createdAt) {
        this.runId = runId;
        this.group = group;
        this.businessKey = businessKey;
        this.orderingKey = orderingKey;
        this.triggerId = triggerId;
        this.triggerBody = triggerBody;
        this.traceparent = traceparent;
        this.inboxPlace = inboxPlace;
        this.rerunOf = rerunOf;
        this.createdAt = createdAt;
    }

    SlotKey slotKey() {
        return new SlotKey(group.key(), orderingKey);
    }

    /** Whether it needs a place among its group's active runs. */
    boolean isGated() {
        return group.whenActive() == WhenActive.PARALLEL;
    }

    /** Whether it needs its ordering key for itself. */
    boolean needsSlot() {
        return keyed || !isGated();
    }

    boolean hasChanged() {
        return changed || taskRuns.stream().anyMatch(task -> task.changed);
    }

    void orderTaskRuns() {
        taskRuns.sort(Comparator.comparingInt(task -> task.taskNo));
    }

    boolean isQueuedAndFree() {
        return state == RunState.QUEUED && heldSince == null;
    }

    /**
     * Whether it keeps its ordering key: while it runs, and after a cancel until the downstream has been told, also when it
     * was queued again meanwhile.
     */
    boolean holdsSlot() {
        return state == RunState.RUNNING || taskRuns.stream().anyMatch(TaskRun::isCancelPending);
    }

    void hold(Instant since) {
        heldSince = since;
        changed = true;
    }

    void release() {
        heldSince = null;
        changed = true;
    }

    void flagLate(Instant now) {
        if (startByAt != null && !startByAt.isAfter(now)) {
            raised.add(Signals.startLate(runId, group.key(), startByAt));
            lateSince = startByAt;
            startByAt = null;
            changed = true;
        }
    }

    private void waitsNoLonger(Instant now) {
        flagLate(now);
        if (lateSince != null) {
            cured.add(AlertCondition.START_LATE);
        }
        lateSince = null;
        startByAt = null;
    }

    /** Its turn has come: what has nothing open before it becomes due. */
    void promote(Instant now) {
        waitsNoLonger(now);
        startedAt = startedAt == null ? now : startedAt;
        move(RunState.RUNNING, MoveCause.PROMOTED, null, null);
        settle(now);
    }

    /** Draws the consequences of ended task runs: cancels behind failures, opens barriers, ends the run. */
    void settle(Instant now) {
        if (state != RunState.RUNNING) {
            return;
        }
        var stages = stages();
        var open = true;
        var blocked = false;
        for (List<TaskRun> stage : stages) {
            for (TaskRun task : stage) {
                if (task.state == TaskRunState.WAITING && blocked) {
                    task.cancelBehindBarrier(now);
                } else if (task.state == TaskRunState.WAITING && open) {
                    task.becomeDue(MoveCause.BARRIER_OPEN, now);
                }
            }
            open = open && stage.stream().allMatch(task -> task.state.opensTheBarrier());
            blocked = blocked
                    || stage.stream()
                            .anyMatch(
                                    task -> task.state == TaskRunState.FAILED || task.state == TaskRunState.CANCELLED);
        }
        if (taskRuns.stream().noneMatch(TaskRun::isOpen)) {
            endedAt = now;
            move(endState(), MoveCause.TASKS_ENDED, null, null);
        }
    }

    private RunState endState() {
        if (any(TaskRunState.FAILED)) {
            return RunState.FAILED;
        }
        return any(TaskRunState.CANCELLED) ? RunState.CANCELLED : RunState.COMPLETED;
    }

    private boolean any(TaskRunState wanted) {
        return taskRuns.stream().anyMatch(task -> task.state == wanted);
    }

    /** Neighbouring ASYNC tasks are one stage, every SYNC task is a stage of its own. */
    private List<List<TaskRun>> stages() {
        var stages = new ArrayList<List<TaskRun>>();
        Mode previous = Mode.SYNC;
        for (TaskRun task : taskRuns) {
            if (stages.isEmpty() || previous == Mode.SYNC || task.task.mode() == Mode.SYNC) {
                stages.add(new ArrayList<>());
            }
            stages.get(stages.size() - 1).add(task);
            previous = task.task.mode();
        }
        return stages;
    }

    Set<RunAction> allowedActions(boolean hasGroup) {
        return RunAction.allowedIn(state, any(TaskRunState.FAILED), hasGroup);
    }

    /** @param late the report that would be accepted; null when none is kept */
    Set<TaskAction> allowedActions(TaskRun task, @Nullable StatusReport late, Instant now) {
        var allowed = EnumSet.noneOf(TaskAction.class);
        for (TaskAction action : TaskAction.values()) {
            if (allows(action, task, late, now)) {
                allowed.add(action);
            }
        }
        return allowed;
    }

    private boolean allows(TaskAction action, TaskRun task, @Nullable StatusReport late, Instant now) {
        var decidable = state == RunState.RUNNING || state == RunState.FAILED;
        return switch (action) {
            case CALL_NOW ->
                state == RunState.RUNNING
                        && (task.state == TaskRunState.DUE || task.state == TaskRunState.RUNNING)
                        && !task.isBeingCalled(now);
            case RETRY -> state != RunState.SKIPPED && task.state == TaskRunState.FAILED;
            case SKIP -> decidable && task.state.successors().contains(TaskRunState.SKIPPED);
            case MARK_DONE -> decidable && task.state.successors().contains(TaskRunState.COMPLETED);
            case ACCEPT_LATE ->
                state != RunState.SKIPPED
                        && task.state == TaskRunState.FAILED
                        && late != null
                        && task.faultOf(late) == null;
        };
    }

    /** Does to one of its task runs what {@link #allowedActions(TaskRun, StatusReport, Instant)} allows. */
    void act(TaskAction action, TaskRun task, @Nullable StatusReport late, Operator operator, Instant now) {
        switch (action) {
            case CALL_NOW -> task.callNow(now);
            case RETRY -> {
                task.reopen(state == RunState.RUNNING, MoveCause.RETRY, operator, now);
                followUp(MoveCause.RETRY, operator, now);
            }
            case SKIP -> {
                task.skip(operator, now);
                followUp(MoveCause.SKIP, operator, now);
            }
            case MARK_DONE -> {
                task.markDone(operator, now);
                followUp(MoveCause.MARK_DONE, operator, now);
            }
            case ACCEPT_LATE -> {
                task.acceptLate(Objects.requireNonNull(late), operator, now);
                followUp(MoveCause.ACCEPT_LATE, operator, now);
            }
        }
    }

    /** Reopens what was cancelled for failures that are no more; an ended run queues again, or has completed after all. */
    private void followUp(MoveCause why, Operator operator, Instant now) {
        var blocked = false;
        for (List<TaskRun> stage : stages()) {
            for (TaskRun task : stage) {
                if (!blocked && task.state == TaskRunState.CANCELLED && task.cause == Cause.PREDECESSOR_FAILED) {
                    task.reopen(false, why, operator, now);
                }
            }
            blocked = blocked
                    || stage.stream()
                            .anyMatch(
                                    task -> task.state == TaskRunState.FAILED || task.state == TaskRunState.CANCELLED);
        }
        if (state == RunState.RUNNING) {
            settle(now);
        } else if (state.isEnded() && taskRuns.stream().anyMatch(TaskRun::isOpen)) {
            queueAgain(why, operator);
        } else if (state == RunState.FAILED && !any(TaskRunState.FAILED) && !any(TaskRunState.CANCELLED)) {
            endedAt = now;
            move(RunState.COMPLETED, why, operator.reason(), operator.name());
        }
    }

    private void queueAgain(MoveCause why, Operator operator) {
        endedAt = null;
        heldSince = null;
        move(RunState.QUEUED, why, operator.reason(), operator.name());
    }

    /** What people made of its failure. What they put back on the list is to be told again. */
    void resolve(Resolution decision, Instant now) {
        var wasSettled = resolution != null && resolution.status().settles();
        resolution = decision;
        unresolvedSince = decision.status().settles() ? null : endedAt;
        changed = true;
        if (decision.status().settles()) {
            failedTaskRuns().forEach(TaskRun::cureFailure);
        } else if (wasSettled) {
            failedTaskRuns().forEach(task -> task.raiseFailure(now));
        }
    }

    boolean hasLapsed(Instant now) {
        return resolution != null
                && resolution.until() != null
                && !resolution.until().isAfter(now);
    }

    /** The time of its resolution is over: the failure is open again, and people are to know. */
    void lapse(Instant now) {
        resolution = null;
        unresolvedSince = endedAt;
        changed = true;
        failedTaskRuns().forEach(task -> task.raiseFailure(now));
    }

    private Stream<TaskRun> failedTaskRuns() {
        return taskRuns.stream().filter(task -> task.state == TaskRunState.FAILED);
    }

    void cancel(Operator operator, Instant now) {
        for (TaskRun task : taskRuns) {
            if (task.isOpen()) {
                task.cancel(operator, now);
            }
        }
        waitsNoLonger(now);
        endedAt = now;
        move(RunState.CANCELLED, MoveCause.CANCEL, operator.reason(), operator.name());
    }

    /** Reopens what failed and what that cancelled; an ended run queues again for its key, at its old place. */
    void rerunFailed(Operator operator, Instant now) {
        if (state == RunState.RUNNING) {
            var open = true;
            for (List<TaskRun> stage : stages()) {
                for (TaskRun task : stage) {
                    if (task.state == TaskRunState.FAILED || task.state == TaskRunState.CANCELLED) {
                        task.reopen(open, MoveCause.RERUN_FAILED, operator, now);
                    }
                }
                open = open && stage.stream().allMatch(task -> task.state.opensTheBarrier());
            }
            settle(now);
            return;
        }
        for (TaskRun task : taskRuns) {
            if (task.state == TaskRunState.FAILED || task.state == TaskRunState.CANCELLED) {
                task.reopen(false, MoveCause.RERUN_FAILED, operator, now);
            }
        }
        queueAgain(MoveCause.RERUN_FAILED, operator);
    }

    /** Its trigger came during a pause, and the resume did not let it go. */
    void skip(Instant now) {
        skip(MoveCause.RELEASED_BY_NOBODY, null, now);
    }

    /** Another run is active, and its group's policy lets no second one wait. */
    void skipBehind(@Nullable String activeRun, Instant now) {
        skip(MoveCause.KEY_TAKEN, activeRun == null ? "another run waits" : "run " + activeRun + " is active", now);
    }

    /** A newer run stands for it. */
    void merge(String newer, Instant now) {
        mergedInto = newer;
        skip(MoveCause.MERGED, "merged into run " + newer, now);
    }

    private void skip(MoveCause why, @Nullable String detail, Instant now) {
        taskRuns.stream().filter(TaskRun::isOpen).forEach(task -> task.skip(why, now));
        // A retry had queued it again; what else had failed stays so, and nobody can repair it here any more.
        failedTaskRuns().forEach(TaskRun::cureFailure);
        waitsNoLonger(now);
        endedAt = now;
        move(RunState.SKIPPED, why, detail, null);
    }

    /** What the sender of its trigger message may know of it. */
    TriggeredRun outcome() {
        var results = new java.util.LinkedHashMap<String, Map<String, @Nullable Object>>();
        @Nullable String error = null;
        for (TaskRun task : taskRuns) {
            if (task.state == TaskRunState.COMPLETED && task.result != null) {
                results.put(task.task.key(), task.result);
            }
            if (task.state == TaskRunState.FAILED && error == null) {
                error = task.task.key() + ": " + task.cause + (task.message == null ? "" : ": " + task.message);
            }
        }
        return new TriggeredRun(runId, group.key(), state, mergedInto, results, error);
    }

    private void move(RunState to, MoveCause why, @Nullable String detail, @Nullable String actor) {
        if (!state.successors().contains(to)) {
            throw new IllegalStateException("run " + runId + " cannot go from " + state + " to " + to);
        }
        moves.add(new Move(runId, null, state.name(), to.name(), null, null, why, detail, actor));
        state = to;
        resolution = null;
        unresolvedSince = to == RunState.FAILED ? endedAt : null;
        changed = true;
    }
}
