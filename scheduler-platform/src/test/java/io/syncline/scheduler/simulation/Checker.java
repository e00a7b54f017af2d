package io.syncline.scheduler.simulation;

import io.syncline.contracts.CallbackAnswer;
import io.syncline.scheduler.callback.SimulatedCallbacks;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Mode;
import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.dispatch.SimulatedDispatch;
import io.syncline.scheduler.dispatch.SimulatedDispatch.Written;
import io.syncline.scheduler.quartz.SimulatedSchedules;
import io.syncline.scheduler.run.Move;
import io.syncline.scheduler.run.MoveCause;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.SimulatedRuns.Changed;
import io.syncline.scheduler.run.SimulatedRuns.RunRow;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.run.TaskRunState;
import io.syncline.scheduler.simulation.Downstream.Answer;
import io.syncline.scheduler.simulation.Downstream.Report;
import io.syncline.scheduler.simulation.Network.Call;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.scheduler.testing.InMemoryTables.Change;
import io.syncline.scheduler.trigger.Judgement;
import io.syncline.scheduler.trigger.SimulatedInbox;
import io.syncline.scheduler.trigger.TriggerStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each commit, call, answer and acknowledgement as they happen, and at what is left in the end, and says which
 * invariant was broken first. It has its own copy of the tables of the contract and takes nothing from the product but rows.
 */
final class Checker {

    private static final Duration TOLERANCE = Duration.ofMillis(500);

    /** The state tables of the contract, written down once more. */
    private static final Map<String, Set<String>> RUN_TABLE = Map.of(
            "QUEUED", Set.of("RUNNING", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("COMPLETED", "FAILED", "CANCELLED"),
            "FAILED", Set.of("QUEUED", "COMPLETED"),
            "CANCELLED", Set.of("QUEUED"));

    private static final Map<String, Set<String>> TASK_RUN_TABLE = Map.of(
            "WAITING", Set.of("DUE", "CANCELLED", "SKIPPED"),
            "DUE", Set.of("CALLING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "CALLING", Set.of("RUNNING", "DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "FAILED", Set.of("DUE", "WAITING", "COMPLETED", "SKIPPED"),
            "CANCELLED", Set.of("WAITING"));

    /** A takeover, and the calls that may be before it. */
    private static final Duration TAKEOVER = Duration.ofSeconds(20);

    private static final Set<AlertCondition> OF_WHAT_IS_OPEN = Set.of(
            AlertCondition.OVERDUE,
            AlertCondition.SILENT,
            AlertCondition.NO_ANSWER,
            AlertCondition.START_LATE,
            AlertCondition.UNREADABLE_REPLY);

    private static final Set<String> ABSORBING = Set.of("COMPLETED", "SKIPPED");
    private static final Set<String> LEFT_BY_OPERATORS_ALONE = Set.of("FAILED", "CANCELLED");
    private static final Set<MoveCause> NEW_ATTEMPTS = Set.of(
            MoveCause.ATTEMPT_FAILED,
            MoveCause.RETRY,
            MoveCause.RERUN_FAILED,
            MoveCause.SKIP,
            MoveCause.MARK_DONE,
            MoveCause.ACCEPT_LATE);

    private final Simulation world;
    private final Misfire misfire;
    private final Map<String, RunRow> runs = new LinkedHashMap<>();

    /** Since when runs and task runs of a healed world could go on. */
    private final Map<String, Instant> ready = new HashMap<>();

    private final Map<String, TaskRunRow> taskRuns = new LinkedHashMap<>();

    /** How often each state was left for each other one; {@code run A>B} and {@code task run A>B}. */
    final Map<String, Integer> moves = new TreeMap<>();

    /** What last moved each run. */
    private final Map<String, MoveCause> lastMoves = new HashMap<>();

    // what was sent and answered
    private final Map<String, SimulatedInbox.Message> takenMessages = new HashMap<>();
    private final Map<String, SimulatedInbox.Message> messages = new HashMap<>();
    private final Map<String, Integer> acknowledgedContent = new HashMap<>();
    private final Map<String, String> acknowledged = new LinkedHashMap<>();
    private final Map<String, Long> claimedFence = new HashMap<>();
    private final Set<String> started = new HashSet<>();
    private final Map<String, String> contentOfAttempt = new HashMap<>();
    private final Set<String> calledTaskRuns = new HashSet<>();
    private final Map<String, Duration> retryAfter = new HashMap<>();

    /** Answers with a report of an attempt that has not begun. */
    private final Set<String> unbegun = new HashSet<>();

    private final Map<String, Integer> failedCalls = new HashMap<>();
    private final Map<String, Instant> notBefore = new HashMap<>();

    /** An operator may have asked for a call of these; what was answered before that is committed still holds. */
    private final Set<String> toBeCalledNow = new HashSet<>();

    private final Map<String, Integer> effects = new HashMap<>();
    private final Map<String, Report> reports = new HashMap<>();
    private final Set<String> reportedStatus = new HashSet<>();
    private final Set<String> callbacksApplied = new HashSet<>();
    private final Map<String, Boolean> keptCallbacks = new HashMap<>();

    // schedules
    private @Nullable Invariant broken;
    private String how = "";
    private @Nullable Throwable cause;

    Checker(Simulation world, Misfire misfire) {
        this.world = world;
        this.misfire = misfire;
    }

    /** Every move of the tables, as {@link #moves} names it. */
    static Set<String> everyMove() {
        var all = new TreeSet<String>();
        RUN_TABLE.forEach((from, to) -> to.forEach(state -> all.add("run " + from + ">" + state)));
        TASK_RUN_TABLE.forEach((from, to) -> to.forEach(state -> all.add("task run " + from + ">" + state)));
        return all;
    }

    // ---- verdict

    boolean hasFailed() {
        return broken != null;
    }

    @Nullable
    Invariant broken() {
        return broken;
    }

    String how() {
        return how;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }

    /** The first one counts: what follows may be its consequence. */
    void fail(Invariant invariant, String detail, @Nullable Throwable why) {
        if (broken == null) {
            broken = invariant;
            how = world.history.named(detail);
            cause = why;
            world.history.tell(() -> "  *** " + invariant + ": " + detail);
        }
    }

    private void must(boolean holds, Invariant invariant, String detail) {
        if (!holds) {
            fail(invariant, detail, null);
        }
    }

    // ---- commits

    void committed(List<Change> changes) {
        var commit = world.runs.commit(changes);
        nameNew(commit.runs(), commit.taskRuns());
        commit.runs().forEach(changed -> runs.put(changed.after().runId(), changed.after()));
        var applied = new HashMap<String, Written>();
        for (Change change : changes) {
            if (change.table() == world.calls) {
                written(SimulatedDispatch.written(Objects.requireNonNull(change.after())), applied);
            } else if (change.table() == world.inbox.rows()) {
                stored(SimulatedInbox.message(Objects.requireNonNull(change.after())));
            } else if (change.table() == world.callbacks.rows()) {
                kept(SimulatedCallbacks.kept(Objects.requireNonNull(change.after())));
            } else if (change.table() == world.schedules.clocks() && change.before() != null) {
                dealt(
                        SimulatedSchedules.dealtThrough(change.before()),
                        SimulatedSchedules.dealtThrough(Objects.requireNonNull(change.after())),
                        changes);
            }
        }
        moved(commit.runs(), commit.taskRuns(), commit.moves());
        for (var changed : commit.taskRuns()) {
            checkTaskRun(changed, applied.get(changed.after().taskRunId()), commit.moves());
            taskRuns.put(changed.after().taskRunId(), changed.after());
        }
        commit.taskRuns().forEach(changed -> startsWithItsNeighbours(changed));
        commit.runs().forEach(this::checkRun);
        world.history.tell(() -> told(commit.runs(), commit.taskRuns(), commit.moves()));
    }

    private void nameNew(List<Changed<RunRow>> newRuns, List<Changed<TaskRunRow>> newTaskRuns) {
        for (var changed : newRuns) {
            if (changed.before() == null) {
                var number = runs.size() + newRuns.indexOf(changed) + 1;
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

    private void moved(List<Changed<RunRow>> changedRuns, List<Changed<TaskRunRow>> changedTaskRuns, List<Move> all) {
        var states = new HashMap<String, String>();
        for (var changed : changedRuns) {
            var before = changed.before();
            states.put(
                    changed.after().runId(),
                    before == null ? "" : before.state().name());
        }
        for (var changed : changedTaskRuns) {
            var before = changed.before();
            states.put(
                    changed.after().taskRunId(),
                    before == null ? "WAITING" : before.state().name());
        }
        for (Move move : all) {
            var isRun = move.taskRunId() == null;
            var id = isRun ? move.runId() : move.taskRunId();
            var from = move.from() == null ? "" : move.from();
            must(
                    from.equals(states.get(id)),
                    Invariant.I10,
                    id + " is journaled to leave " + from + " but stood in " + states.get(id));
            states.put(id, move.to());
            if (isRun) {
                lastMoves.put(id, move.cause());
            }
            if (from.isEmpty()) {
                continue;
            }
            var table = isRun ? RUN_TABLE : TASK_RUN_TABLE;
            must(
                    table.getOrDefault(from, Set.of()).contains(move.to()),
                    Invariant.I10,
                    id + " went from " + from + " to " + move.to());
            must(
                    !LEFT_BY_OPERATORS_ALONE.contains(from) || move.actor() != null,
                    Invariant.I10,
                    id + " left " + from + " without an operator");
            moves.merge((isRun ? "run " : "task run ") + from + ">" + move.to(), 1, Integer::sum);
        }
        for (var changed : changedRuns) {
            journaled(changed.after().runId(), states, changed.after().state().name());
        }
        for (var changed : changedTaskRuns) {
            journaled(
                    changed.after().taskRunId(), states, changed.after().state().name());
        }
    }

    private void journaled(String id, Map<String, String> journal, String state) {
        must(
                !ABSORBING.contains(journal.getOrDefault(id, "")) || state.equals(journal.get(id)),
                Invariant.I10,
                id + " has left " + journal.get(id));
        must(
                state.equals(journal.get(id)),
                Invariant.I8,
                id + " is " + state + ", but its journal says " + journal.get(id));
    }

    private void checkTaskRun(Changed<TaskRunRow> changed, @Nullable Written answer, List<Move> all) {
        var before = changed.before();
        var after = changed.after();
        if (before == null) {
            return;
        }
        var id = after.taskRunId();
        must(
                after.fence() >= before.fence(),
                Invariant.I8,
                id + ": its fence fell from " + before.fence() + " to " + after.fence());
        must(
                after.version() > before.version()
                        || (after.state() == before.state()
                                && after.fence() == before.fence()
                                && after.attempt() == before.attempt()),
                Invariant.I8,
                id + " changed under version " + after.version());
        if (answer != null) {
            must(
                    answer.fence() == before.fence(),
                    Invariant.I8,
                    id + ": an outcome under fence " + answer.fence() + " counted, the fence is " + before.fence());
        }
        if (after.round() > before.round()) {
            claimed(before, after);
        }
        if (answer == null && world.now().equals(after.dueAt()) && toBeCalledNow.remove(id)) {
            notBefore.remove(id);
        }
        attempts(before, after, all);
        if (before.state() != after.state()) {
            entered(before, after, all);
        }
        if (answer != null) {
            delay(after, answer);
        }
    }

    private void claimed(TaskRunRow before, TaskRunRow after) {
        var id = after.taskRunId();
        var now = world.now();
        must(after.round() == before.round() + 1, Invariant.I5, id + " skipped a round");
        must(after.fence() > before.fence(), Invariant.I8, id + " was claimed without a new fence");
        must(
                Objects.equals(after.leaseUntil(), now.plus(Runs.LEASE)),
                Invariant.I9,
                id + " was claimed until " + after.leaseUntil() + " at " + now);
        var live = before.leaseNode() != null
                && before.leaseUntil() != null
                && before.leaseUntil().isAfter(now);
        must(!live, Invariant.I9, id + " was claimed while " + before.leaseNode() + " held it");
        must(
                before.dueAt() != null && !before.dueAt().isAfter(now),
                Invariant.I12,
                id + " was claimed before it was due");
        if (before.leaseNode() != null) {
            world.happened(Fault.LEASE_TAKEN_OVER, id);
        }
        claimedFence.put(id + "/" + after.round(), after.fence());
    }

    private void attempts(TaskRunRow before, TaskRunRow after, List<Move> all) {
        if (after.attempt() == before.attempt()) {
            return;
        }
        var id = after.taskRunId();
        must(after.attempt() == before.attempt() + 1, Invariant.I5, id + " skipped an attempt");
        var byOperator = all.stream()
                .anyMatch(move -> id.equals(move.taskRunId())
                        && NEW_ATTEMPTS.contains(move.cause())
                        && move.cause() != MoveCause.ATTEMPT_FAILED);
        must(
                byOperator || reportedStatus.contains(id + "." + before.attempt() + " FAILED"),
                Invariant.I5,
                id + " began attempt " + after.attempt() + " though nobody reported that the one before failed");
        notBefore.put(
                id,
                byOperator
                        ? Instant.MIN
                        : world.now().plus(share(after.task().retry().backoff(), 80)));
    }

    private void entered(TaskRunRow before, TaskRunRow after, List<Move> all) {
        var id = after.taskRunId();
        if (before.state().isEnded()) {
            notBefore.remove(id);
        }
        if (after.state() == TaskRunState.FAILED) {
            must(
                    after.cause() != null
                            && world.alerts.stands(
                                    AlertCondition.valueOf(after.cause().name()), AlertSignal.taskRun(id)),
                    Invariant.I19,
                    id + " failed by " + after.cause() + ", and nobody is told");
        }
        if (after.state() != TaskRunState.COMPLETED || after.manual()) {
            return;
        }
        var key = id + "." + after.attempt();
        must(calledTaskRuns.contains(id), Invariant.I5, id + " completed without a call");
        must(
                reportedStatus.contains(key + " COMPLETED"),
                Invariant.I14,
                id + " completed though nobody reported that of attempt " + after.attempt());
    }

    /** What the answer to a call says about the next one. */
    private void delay(TaskRunRow after, Written answer) {
        var id = after.taskRunId();
        if (after.state().isEnded() || after.attempt() != answer.attempt()) {
            return;
        }
        var key = id + "." + answer.attempt();
        var policy = after.task().retry();
        var outcome = unbegun.contains(id + "/" + answer.round()) ? "UNREADABLE_REPLY" : answer.outcome();
        switch (outcome) {
            case "ACCEPTED", "REPORT" -> {
                failedCalls.remove(key);
                notBefore.put(id, world.now().plus(after.task().interval()));
            }
            case "UNAUTHORIZED" -> {
                failedCalls.remove(key);
                notBefore.remove(id);
            }
            default -> {
                int failed = failedCalls.merge(key, 1, Integer::sum);
                var wait = share(policy.backoff(), 80).multipliedBy(1L << Math.min(failed - 1, 10));
                var asked = retryAfter.getOrDefault(id + "/" + answer.round(), Duration.ZERO);
                wait = wait.compareTo(asked) > 0 ? wait : asked;
                wait = wait.compareTo(policy.maxBackoff()) < 0 ? wait : policy.maxBackoff();
                notBefore.put(id, world.now().plus(wait));
            }
        }
    }

    private static Duration share(Duration whole, int percent) {
        return whole.multipliedBy(percent).dividedBy(100);
    }

    private void startsWithItsNeighbours(Changed<TaskRunRow> changed) {
        var row = changed.after();
        var before = changed.before();
        if (before == null
                || before.state() != TaskRunState.WAITING
                || row.state() != TaskRunState.DUE
                || row.task().mode() != Mode.ASYNC) {
            return;
        }
        for (TaskRunRow other : stageOf(row)) {
            must(
                    other.state() != TaskRunState.WAITING,
                    Invariant.I13,
                    row.taskRunId() + " starts, but beside it " + other.taskRunId() + " waits");
        }
    }

    private List<TaskRunRow> inOrder(String runId) {
        return taskRuns.values().stream()
                .filter(row -> row.runId().equals(runId))
                .sorted((one, other) -> Integer.compare(one.taskNo(), other.taskNo()))
                .toList();
    }

    /** It and its neighbours that are ASYNC as it is. */
    private List<TaskRunRow> stageOf(TaskRunRow row) {
        var stage = new ArrayList<TaskRunRow>();
        for (TaskRunRow other : inOrder(row.runId())) {
            if (other.task().mode() == Mode.SYNC) {
                if (stage.stream().anyMatch(one -> one.taskRunId().equals(row.taskRunId()))) {
                    return stage;
                }
                stage.clear();
            } else {
                stage.add(other);
            }
        }
        return stage;
    }

    private void checkRun(Changed<RunRow> changed) {
        var before = changed.before();
        var run = changed.after();
        if (before == null) {
            must(messages.containsKey(run.triggerId()), Invariant.I2, run.runId() + " has no message");
            if (run.rerunOf() == null) {
                var same = runs.values().stream()
                        .filter(other -> other.rerunOf() == null
                                && other.triggerId().equals(run.triggerId())
                                && other.group().key().equals(run.group().key()))
                        .count();
                must(same == 1, Invariant.I1, "message of " + run.runId() + " made " + same + " runs");
            }
        } else {
            must(
                    run.version() > before.version(),
                    Invariant.I8,
                    run.runId() + " changed under version " + run.version());
        }
        if (run.state() == RunState.SKIPPED && (before == null || before.state() != RunState.SKIPPED)) {
            skipped(run);
        }
        if (run.state() == RunState.RUNNING && (before == null || before.state() != RunState.RUNNING)) {
            promoted(run);
        }
    }

    private void skipped(RunRow run) {
        if (run.group().whenActive() == WhenActive.SKIP) {
            must(
                    wasReleasedByNobody(run)
                            || runs.values().stream()
                                    .anyMatch(other -> sameKey(run, other)
                                            && (!other.state().isEnded() || awaitsCancel(other))),
                    Invariant.BLOCKING,
                    run.runId() + " was skipped, but no other one was active");
        }
        if (run.group().whenActive() != WhenActive.MERGE_LATEST
                && run.group().whenActive() != WhenActive.CANCEL_THEN_START) {
            return;
        }
        var into = run.mergedInto() == null ? null : runs.get(run.mergedInto());
        // without a link it may only have been left behind by the end of a pause
        var byResume = run.mergedInto() == null && wasReleasedByNobody(run);
        must(
                byResume
                        || (into != null
                                && into.orderingKey().equals(run.orderingKey())
                                && into.inboxPlace() > run.inboxPlace()),
                Invariant.I1,
                run.runId() + " was skipped, but is not said to be merged into a newer run");
    }

    private boolean wasReleasedByNobody(RunRow run) {
        return lastMoves.getOrDefault(run.runId(), MoveCause.MERGED) == MoveCause.RELEASED_BY_NOBODY;
    }

    private void promoted(RunRow run) {
        if (run.needsSlot()) {
            for (RunRow other : runs.values()) {
                if (!sameKey(run, other)) {
                    continue;
                }
                must(
                        other.state() != RunState.RUNNING && !awaitsCancel(other),
                        Invariant.BLOCKING,
                        run.runId() + " started while " + other.runId() + " was active");
                must(
                        other.state() != RunState.QUEUED || other.held() || other.inboxPlace() > run.inboxPlace(),
                        Invariant.BLOCKING,
                        run.runId() + " overtook " + other.runId());
            }
        }
        if (run.group().whenActive() == WhenActive.PARALLEL) {
            var active = activeIn(run);
            must(
                    active <= run.group().maxActive(),
                    Invariant.BLOCKING,
                    active + " runs of " + run.group().key() + " are active");
        }
    }

    private static boolean sameKey(RunRow run, RunRow other) {
        return !other.runId().equals(run.runId())
                && other.needsSlot()
                && other.group().key().equals(run.group().key())
                && other.orderingKey().equals(run.orderingKey());
    }

    private boolean awaitsCancel(RunRow run) {
        return taskRuns.values().stream().anyMatch(task -> task.runId().equals(run.runId()) && task.cancelPending());
    }

    // ---- outcomes, callbacks, messages as they are committed

    private void written(Written row, Map<String, Written> applied) {
        if (row.cancel()) {
            return;
        }
        if (row.applied()) {
            must(
                    applied.put(row.taskRunId(), row) == null,
                    Invariant.I8,
                    "two outcomes of " + row.taskRunId() + " counted at once");
        } else {
            world.happened(Fault.STALE_OUTCOME_REJECTED, row.taskRunId());
        }
    }

    private void kept(SimulatedCallbacks.Kept row) {
        var id = row.taskRunId() + " " + row.callbackId();
        must(
                keptCallbacks.put(id, row.applied()) == null,
                Invariant.I15,
                "callback " + row.callbackId() + " of " + row.taskRunId() + " is kept twice");
        var report = reports.get(row.callbackId());
        if (row.applied()) {
            must(
                    report != null && report.taskRunId().equals(row.taskRunId()) && report.attempt() == row.attempt(),
                    Invariant.I14,
                    "callback " + row.callbackId() + " counted for attempt " + row.attempt() + " of " + row.taskRunId()
                            + ", which it was not sent for");
        }
    }

    private void stored(SimulatedInbox.Message message) {
        messages.put(message.triggerId(), message);
        world.history.name(message.triggerId(), () -> "trigger of " + message.id());
        if (message.status() == TriggerStatus.ACCEPTED) {
            var first = takenMessages.putIfAbsent(message.source() + " " + message.id(), message);
            must(first == null, Invariant.I1, "message " + message.id() + " was taken twice");
        }
    }

    // ---- what senders hear

    void judged(Senders.Message message, Judgement judgement) {
        if (!Senders.isTaken(judgement)) {
            return;
        }
        var content = acknowledgedContent.putIfAbsent(message.id(), message.content());
        must(
                content == null || content == message.content(),
                Invariant.I3,
                "message " + message.id() + " was acknowledged with two contents");
        var triggerId = Objects.requireNonNull(judgement.id());
        var first = acknowledged.putIfAbsent(message.id(), triggerId);
        must(
                first == null || first.equals(triggerId),
                Invariant.I1,
                "message " + message.id() + " was acknowledged as two triggers");
    }

    // ---- calls

    void called(SimulatedNode node, Call call) {
        var id = call.taskRunId();
        var row = taskRuns.get(id);
        if (row == null) {
            fail(Invariant.I2, "a call for a task run that there is not: " + id, null);
            return;
        }
        if (call.cancel()) {
            return;
        }
        var fence = claimedFence.get(id + "/" + call.round());
        must(fence != null, Invariant.I7, id + " is called in round " + call.round() + ", which nobody claimed");
        must(started.add(id + "/" + call.round()), Invariant.I7, id + " is called twice in round " + call.round());
        var isCurrent = fence != null && fence == row.fence();
        must(
                !isCurrent || row.state() == TaskRunState.CALLING || row.state() == TaskRunState.RUNNING,
                Invariant.I7,
                id + " is called though it is " + row.state());
        var content = call.key() + " " + call.content();
        var known = contentOfAttempt.putIfAbsent(id + "." + call.attempt(), content);
        must(
                known == null || known.equals(content),
                Invariant.I5,
                "two calls of attempt " + call.attempt() + " of " + id + " differ: " + known + " and " + content);
        must(
                call.key().equals("\"" + id + "." + call.attempt() + "\""),
                Invariant.I5,
                "attempt " + call.attempt() + " of " + id + " has the key " + call.key());
        calledTaskRuns.add(id);
        if (isCurrent) {
            var earliest = notBefore.getOrDefault(id, Instant.MIN);
            must(
                    earliest.equals(Instant.MIN) || !world.now().isBefore(earliest.minus(TOLERANCE)),
                    Invariant.I12,
                    id + " is called at " + world.now() + ", not to be called before " + earliest);
        }
        for (TaskRunRow other : inOrder(row.runId())) {
            var before = other.taskNo() < row.taskNo()
                    && (other.task().mode() == Mode.SYNC || row.task().mode() == Mode.SYNC);
            must(
                    !before || other.state().opensTheBarrier(),
                    Invariant.I13,
                    id + " is called while " + other.taskRunId() + " is " + other.state());
        }
    }

    void answered(Call call, Answer answer) {
        if (answer.status() == 200 && answer.body().equals(Downstream.UNBEGUN)) {
            unbegun.add(call.taskRunId() + "/" + call.round());
        }
        var text = answer.retryAfter();
        if (text == null) {
            return;
        }
        var wait = Duration.ZERO;
        if (text.matches("[0-9]+")) {
            wait = Duration.ofSeconds(Long.parseLong(text));
        } else if (text.endsWith("GMT")) {
            wait = Duration.between(world.now(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
        }
        retryAfter.put(call.taskRunId() + "/" + call.round(), wait.minusSeconds(1));
    }

    /** An operator may call at once. */
    void operator(String taskRunId, TaskAction action) {
        if (action == TaskAction.CALL_NOW) {
            toBeCalledNow.add(taskRunId);
        }
    }

    // ---- downstream

    void hadEffect(String key) {
        var all = effects.merge(key, 1, Integer::sum);
        must(all == 1, Invariant.I6, key + " had " + all + " effects");
    }

    void reported(Report report) {
        reports.put(report.id(), report);
        reportedStatus.add(report.taskRunId() + "." + report.attempt() + " " + report.status());
    }

    /** The attempt that a task run is in, as far as anybody can see. */
    int attemptOf(String taskRunId, int otherwise) {
        var row = taskRuns.get(taskRunId);
        return row == null || row.state() == TaskRunState.WAITING ? otherwise : row.attempt();
    }

    void told(Report report, SimulatedCallbacks.Told told) {
        failed(told);
        must(
                told.refusal() == null || told.refusal() >= 500,
                Invariant.I4,
                "callback " + report.id() + " was refused with " + told.refusal());
        var answer = told.answer();
        if (answer == null) {
            return;
        }
        var id = report.taskRunId() + " " + report.id();
        if (answer.applied()) {
            must(callbacksApplied.add(id), Invariant.I15, "callback " + report.id() + " was applied twice");
        }
        if (answer.reason() == CallbackAnswer.Reason.DUPLICATE) {
            must(
                    Objects.equals(answer.firstApplied(), keptCallbacks.get(id)),
                    Invariant.I15,
                    "the copy of " + report.id() + " is told another story");
        } else {
            must(
                    keptCallbacks.containsKey(id),
                    Invariant.I1,
                    "callback " + report.id() + " was answered but is not kept");
        }
    }

    void toldOfForged(SimulatedCallbacks.Told told) {
        failed(told);
        must(told.answer() == null, Invariant.I14, "a forged callback was answered: " + told.answer());
    }

    private void failed(SimulatedCallbacks.Told told) {
        var failure = told.failure();
        if (failure != null && !PassingFailure.is(failure)) {
            fail(Invariant.UNEXPECTED, "a callback could not be stored: " + failure, failure);
        }
    }

    // ---- schedules

    private void dealt(Instant from, Instant through, List<Change> changes) {
        // The half minutes, as the schedule of the group says.
        var times = new ArrayList<Instant>();
        for (var time = half(from); !time.isAfter(through); time = time.plusSeconds(30)) {
            times.add(time);
        }
        if (times.isEmpty()) {
            return;
        }
        var started = new TreeSet<Instant>();
        for (Change change : changes) {
            if (change.table() == world.schedules.missed() && change.after() != null) {
                var key = change.key().toString();
                started.add(Instant.parse(key.substring(key.indexOf(' ') + 1)));
            } else if (change.table() == world.inbox.rows()) {
                var message = SimulatedInbox.message(Objects.requireNonNull(change.after()));
                started.add(Instant.parse(message.id()));
            }
        }
        var missed = times.get(0).isBefore(through.minusSeconds(60));
        var expected = new TreeSet<Instant>();
        if (!missed || misfire == Misfire.CATCH_UP) {
            expected.addAll(times);
        } else if (misfire == Misfire.FIRE_ONCE) {
            expected.add(times.get(times.size() - 1));
        } else {
            times.stream()
                    .filter(time -> !time.isBefore(through.minusSeconds(60)))
                    .forEach(expected::add);
        }
        if (missed) {
            world.happened(Fault.FIRE_TIME_MISSED, misfire.name());
        }
        must(
                started.equals(expected),
                Invariant.I11,
                misfire + " of " + times + " started " + started + " at " + through);
    }

    /** The first half minute after a time. */
    private static Instant half(Instant after) {
        var second = after.getEpochSecond();
        return Instant.ofEpochSecond(second - second % 30 + 30);
    }

    // ---- the end

    boolean hasSettled() {
        return runs.values().stream().allMatch(run -> run.state().isEnded())
                && taskRuns.values().stream()
                        .allMatch(task -> task.state().isEnded() && task.leaseNode() == null && !task.cancelPending())
                && !world.schedules.anyMissed()
                && world.runs.holders().isEmpty();
    }

    /** In a healed world: what is due is called, what may start starts. */
    void lookForWhatIsLate() {
        var now = world.now();
        var still = new HashMap<String, Instant>();
        for (TaskRunRow task : taskRuns.values()) {
            var leased = task.leaseUntil() != null && task.leaseUntil().isAfter(now);
            if (!task.state().isEnded() && task.dueAt() != null && !task.dueAt().isAfter(now) && !leased) {
                wait(task.taskRunId(), still);
            }
        }
        for (RunRow run : runs.values()) {
            if (run.state() == RunState.QUEUED && !run.held() && couldStart(run)) {
                wait(run.runId(), still);
            }
        }
        ready.clear();
        ready.putAll(still);
    }

    private void wait(String id, Map<String, Instant> still) {
        var since = ready.getOrDefault(id, world.now());
        still.put(id, since);
        must(
                !world.now().isAfter(since.plus(TAKEOVER)),
                Invariant.I26,
                id + " could go on since " + since + ", and does not at " + world.now());
    }

    private boolean couldStart(RunRow run) {
        if (awaitsCancel(run)) {
            return false;
        }
        if (run.needsSlot()
                && runs.values().stream()
                        .anyMatch(other ->
                                sameKey(run, other) && (other.state() == RunState.RUNNING || awaitsCancel(other)))) {
            return false;
        }
        return run.group().whenActive() != WhenActive.PARALLEL
                || activeIn(run) < run.group().maxActive();
    }

    private long activeIn(RunRow run) {
        return runs.values().stream()
                .filter(other -> other.group().key().equals(run.group().key()))
                .filter(other -> other.state() == RunState.RUNNING || awaitsCancel(other))
                .count();
    }

    /** Everything has ended: alarms about what was open have passed, those about failures stand. */
    private void alarms() {
        for (SimulatedAlerts.Standing one : world.alerts.all()) {
            must(
                    !OF_WHAT_IS_OPEN.contains(one.condition()),
                    Invariant.I19,
                    one.condition() + " of " + one.subject() + " stands, but it has ended");
            var id = one.subject().substring(one.subject().indexOf(':') + 1);
            must(
                    !one.condition().isFailure() || taskRuns.get(id).state() == TaskRunState.FAILED,
                    Invariant.I19,
                    one.condition() + " of " + one.subject() + " stands, but it has not failed");
        }
    }

    void finish() {
        alarms();
        for (RunRow run : runs.values()) {
            must(run.state().isEnded(), Invariant.I4, run.runId() + " is still " + run.state());
        }
        for (TaskRunRow task : taskRuns.values()) {
            must(task.state().isEnded(), Invariant.I4, task.taskRunId() + " is still " + task.state());
            must(task.leaseNode() == null, Invariant.I4, task.taskRunId() + " still has a lease");
            must(!task.cancelPending(), Invariant.I4, task.taskRunId() + " still awaits a cancel");
            if (task.state() == TaskRunState.COMPLETED && !task.manual()) {
                must(
                        effects.getOrDefault("\"" + task.taskRunId() + "." + task.attempt() + "\"", 0) <= 1,
                        Invariant.I6,
                        task.taskRunId() + " had several effects");
            }
        }
        must(world.runs.holders().isEmpty(), Invariant.I4, "places are still taken: " + world.runs.holders());
        acknowledged.forEach((message, triggerId) -> must(
                runs.values().stream()
                                .filter(run ->
                                        run.rerunOf() == null && run.triggerId().equals(triggerId))
                                .count()
                        == 1,
                Invariant.I1,
                "message " + message + " was acknowledged, but has not made its run"));
        for (SimulatedInbox.Message message : takenMessages.values()) {
            must(
                    runs.values().stream().anyMatch(run -> run.triggerId().equals(message.triggerId())),
                    Invariant.I1,
                    "message " + message.id() + " was taken, but has not made a run");
        }
    }
}
