package io.syncline.scheduler.run;

import io.syncline.contracts.CallbackAnswer.Reason;
import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.HeldMode;
import io.syncline.scheduler.catalog.HeldRuns;
import io.syncline.scheduler.catalog.OpenRuns;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.run.RunStore.Flagged;
import io.syncline.scheduler.run.RunStore.Locked;
import io.syncline.scheduler.run.RunStore.Unresolved;
import io.syncline.scheduler.run.RunStore.Waiter;
import io.syncline.scheduler.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The room's face: starts runs, hands due task runs to a node, judges outcomes and reports, carries out operators' actions
 * and repairs what was missed. Each method is one transaction, or part of the caller's.
 *
 * <p>What can end a task run, and everything that starts, queues, cancels or reopens a run, locks the slots first, then the
 * runs it may touch (the next queued one included), then the task runs. What cannot end one locks task runs alone.
 */
public final class Runs implements HeldRuns, OpenRuns {

    /** How long a claim holds without renewal. */
    public static final Duration LEASE = Duration.ofSeconds(12);

    // Longer than work waits when calls are made at all.
    private static final Duration FRONT = Duration.ofDays(30);

    private static final int SWEEP_BATCH = 200;
    private static final int MOST_REPLACED = 1000;

    /** Of runs that were merged into one another, one behind the other. */
    private static final Duration IDLE_SLOT_KEPT = Duration.ofHours(1);

    /** Who does what no operator asked for. */
    private static final String PLATFORM = "syncline";

    private final RunStore store;
    private final QueueLimit queueLimit;
    private final TaskGroups groups;
    private final RandomGenerator random;
    private final Consumer<DueWork> wakeUp;
    private final Consumer<RunsMoved> moved;
    private final AlertSignals alerts;
    private final String node;

    /** How far the sweep over unresolved failures has come; null: at the beginning. */
    private volatile @Nullable Unresolved sweptUpTo;

    /**
     * @param random spreads back-offs; seeded in tests
     * @param wakeUp hears of work that became due, inside the transaction
     * @param moved hears of state changes, inside the transaction
     * @param alerts hears of what went wrong, inside the transaction
     */
    Runs(
            RunStore store,
            TaskGroups groups,
            RandomGenerator random,
            Consumer<DueWork> wakeUp,
            Consumer<RunsMoved> moved,
            AlertSignals alerts,
            String node) {
        this.store = store;
        this.queueLimit = new QueueLimit(store::countQueued);
        this.groups = groups;
        this.random = random;
        this.wakeUp = wakeUp;
        this.moved = moved;
        this.alerts = alerts;
        this.node = node;
    }

    // ---- starting

    /**
     * Makes the runs of a trigger message: each starts now, waits for its turn, is held by a pause, or is skipped.
     *
     * @throws QueueFullException when one would wait where too many do; then nothing is kept
     */
    public List<StartedRun> start(List<NewRun> newRuns) {
        return store.inTransaction(() -> {
            var paused = new HashMap<String, Boolean>();
            newRuns.stream()
                    .map(run -> run.group().key())
                    .sorted()
                    .forEach(group -> paused.computeIfAbsent(
                            group, key -> groups.pausedSinceAndHold(key).isPresent()));
            var free = freePlaces(newRuns, paused);
            var now = store.now();
            var keys = new TreeSet<SlotKey>();
            newRuns.forEach(run -> keys.add(slotKey(run)));
            var slots = store.openSlots(keys);
            var waited =
                    new HashSet<>(store.nextQueued(withoutReplacing(newRuns)).keySet());
            var change = new Change(slots, Map.of(), store.lock(replaceable(newRuns, slots, waited), List.of()), now);
            var taken = slots.values().stream().filter(slot -> !slot.isFree()).toList();
            var arrivals = new Arrivals(slots, change.locked.runs(), waited, free, now);
            var runs = new ArrayList<Run>();
            for (NewRun newRun : newRuns) {
                var run = make(newRun, slotOf(slots, slotKey(newRun)).nextPlace(now), now);
                arrivals.judge(run, Boolean.TRUE.equals(paused.get(run.group.key())));
                runs.add(run);
            }
            arrivals.queued().forEach((group, more) -> queueLimit.check(group, more, now));
            store.insert(runs, now);
            change.gates.addAll(arrivals.gatesToServe());
            save(change);
            var freed =
                    taken.stream().filter(Slot::isFree).map(slot -> slot.key).toList();
            if (!freed.isEmpty()) {
                // Others wait for these keys whose runs are not locked here.
                store.afterCommit(() -> promoteNext(freed));
            }
            var taskRuns = runs.stream().flatMap(run -> run.taskRuns.stream()).toList();
            announce(taskRuns, now);
            tell(Moves.made(runs, taskRuns, now));
            return runs.stream()
                    .map(run -> new StartedRun(run.runId, run.group.key(), run.state))
                    .toList();
        });
    }

    private static SlotKey slotKey(NewRun run) {
        return new SlotKey(run.group().key(), run.orderingKey());
    }

    /** Locks the gates that are at hand; starts never wait for each other there. */
    private Map<String, Integer> freePlaces(List<NewRun> newRuns, Map<String, Boolean> paused) {
        var free = new TreeMap<String, Integer>();
        newRuns.stream()
                .map(NewRun::group)
                .filter(group -> group.whenActive() == WhenActive.PARALLEL)
                .filter(group -> !Boolean.TRUE.equals(paused.get(group.key())))
                .sorted(Comparator.comparing(TaskGroup::key))
                .forEach(group -> {
                    if (!free.containsKey(group.key()) && store.tryGate(group.key())) {
                        free.put(group.key(), group.maxActive() - store.activeInGate(group.key()));
                    }
                });
        return free;
    }

    private static Set<SlotKey> withoutReplacing(List<NewRun> newRuns) {
        var keys = new TreeSet<SlotKey>();
        newRuns.stream().filter(run -> !Arrivals.replacesOthers(run)).forEach(run -> keys.add(slotKey(run)));
        return keys;
    }

    /**
     * The runs that new ones may end.
     *
     * @param waited gets the keys for which others wait that the new ones do not end
     */
    private Set<String> replaceable(List<NewRun> newRuns, SortedMap<SlotKey, Slot> slots, Set<SlotKey> waited) {
        var ids = new HashSet<String>();
        for (NewRun newRun : newRuns) {
            if (!Arrivals.replacesOthers(newRun)) {
                continue;
            }
            var key = slotKey(newRun);
            for (var waiter : store.waiting(key, MOST_REPLACED)) {
                if (!waiter.keyed()) {
                    ids.add(waiter.runId());
                } else if (!waiter.held()) {
                    waited.add(key);
                }
            }
            var active = slotOf(slots, key).activeRunId;
            if (active != null && newRun.group().whenActive() == WhenActive.CANCEL_THEN_START) {
                ids.add(active);
            }
        }
        return ids;
    }

    private void promoteNext(Collection<SlotKey> keys) {
        store.<@Nullable Object>inTransaction(() -> {
            finish(begin(keys, List.of(), List.of(), store.now()));
            return null;
        });
    }

    /** Gives the free places of a group that limits its active runs to those that wait longest; returns how many. */
    private int servePlaces(String group) {
        return store.inTransaction(() -> {
            if (groups.pausedSinceAndHold(group).isPresent()) {
                return 0;
            }
            store.lockGate(group);
            var now = store.now();
            var free = groups.current(group).map(TaskGroup::maxActive).orElse(TaskGroup.DEFAULT_MAX_ACTIVE)
                    - store.activeInGate(group);
            var waiters = free <= 0 ? List.<Waiter>of() : store.nextInGate(group, Math.min(free, SWEEP_BATCH));
            if (waiters.isEmpty()) {
                return 0;
            }
            var slots = store.lockSlots(
                    waiters.stream().filter(Waiter::keyed).map(Waiter::key).toList());
            var locked = store.lock(waiters.stream().map(Waiter::runId).toList(), List.of());
            var change = new Change(slots, Map.of(), locked, now);
            int promoted = 0;
            for (Run run : locked.runs().values()) {
                var slot = run.keyed ? slots.get(run.slotKey()) : null;
                if (run.isQueuedAndFree() && !run.holdsSlot() && (slot == null || slot.isFree())) {
                    if (slot != null) {
                        slot.occupy(run.runId);
                    }
                    run.promote(now);
                    promoted++;
                }
            }
            save(change);
            return promoted;
        });
    }

    private static Run make(NewRun newRun, long place, Instant now) {
        var group = newRun.group();
        var run = new Run(
                Ids.next(),
                group,
                newRun.businessKey(),
                newRun.orderingKey(),
                newRun.triggerId(),
                newRun.triggerBody(),
                newRun.traceparent(),
                place,
                newRun.rerunOf(),
                now);
        run.keyed = newRun.keyed();
        run.startByAt = group.startBy() == null ? null : now.plus(group.startBy());
        int number = 0;
        for (var task : group.tasks()) {
            run.taskRuns.add(new TaskRun(
                    Ids.next(), run.runId, group.key(), group.version(), newRun.orderingKey(), number++, task, now));
        }
        return run;
    }

    /** The runs that a trigger message caused, as they stand. */
    public List<TriggeredRun> ofTrigger(String triggerId) {
        return store.inTransaction(() -> store.ofTrigger(triggerId));
    }

    /** The same of several messages, by the message; one without runs is not there. */
    public Map<String, List<TriggeredRun>> ofTriggers(Collection<String> triggerIds) {
        return triggerIds.isEmpty() ? Map.of() : store.inTransaction(() -> store.ofTriggers(triggerIds));
    }

    // ---- the working queue

    /** Which of these systems have work that is due. */
    public Set<String> dueSystems(Collection<String> systems) {
        return systems.isEmpty() ? Set.of() : store.inTransaction(() -> store.dueSystems(systems, store.now()));
    }

    /** Takes up to {@code limit} due task runs of one system for this node, for {@link #LEASE}. */
    public List<ClaimedTask> claim(String system, int limit) {
        return store.inTransaction(() -> {
            var now = store.now();
            return store.claim(system, limit, now.plus(LEASE), now).stream()
                    .map(claim -> claimed(claim, now))
                    .toList();
        });
    }

    private static ClaimedTask claimed(RunStore.Claim claim, Instant now) {
        var task = claim.taskRun();
        return new ClaimedTask(
                task.taskRunId,
                task.runId,
                task.group,
                task.orderingKey,
                claim.run().businessKey(),
                task.task,
                task.attempt,
                task.round,
                task.fence,
                task.deadlineAt == null ? now : task.deadlineAt,
                now,
                claim.run().triggerBody(),
                claim.run().traceparent(),
                claim.takenOver());
    }

    /**
     * Prolongs the leases of calls that this node has in hand; to be called each 3 s. Others that bear the node's name, left
     * by a former life or by a claim whose commit was not heard of, are not prolonged: nobody will answer for them.
     */
    public int renewLeases(Collection<ClaimedTask> inHand) {
        if (inHand.isEmpty()) {
            return 0;
        }
        var fences = new HashMap<String, Long>();
        inHand.forEach(claim -> fences.merge(claim.taskRunId(), claim.fence(), Math::max));
        return store.inTransaction(() -> store.renewLeases(fences, store.now().plus(LEASE)));
    }

    /**
     * Puts work that a dead node left, once its lease has run out, before everything that waits: it was called first, and
     * a backlog must not hold its takeover back. To be called each 3 s.
     */
    public int hastenLost() {
        return store.inTransaction(
                () -> store.hastenLost(store.now(), store.now().minus(FRONT)));
    }

    /** Writes the outcomes of calls; for each whether its claim still stood. A stale one changes nothing. */
    public List<Boolean> record(List<CallOutcome> outcomes) {
        return store.inTransaction(() -> {
            var now = store.now();
            var ending = outcomes.stream().filter(Runs::mayEnd).toList();
            var keys = new TreeSet<SlotKey>();
            ending.forEach(outcome -> keys.add(
                    new SlotKey(outcome.claim().group(), outcome.claim().orderingKey())));
            var runIds =
                    new HashSet<>(ending.stream().map(o -> o.claim().runId()).toList());
            var change = begin(
                    keys,
                    runIds,
                    outcomes.stream().map(o -> o.claim().taskRunId()).toList(),
                    now);
            var applied = new ArrayList<Boolean>();
            for (CallOutcome outcome : outcomes) {
                var task = change.locked.taskRuns().get(outcome.claim().taskRunId());
                applied.add(task != null && task.answered(outcome, random, now));
            }
            finish(change);
            return applied;
        });
    }

    private static boolean mayEnd(CallOutcome outcome) {
        var result = outcome.result();
        if (result instanceof CallResult.Reported reported) {
            return reported.report().status().isTerminal();
        }
        return result instanceof CallResult.Refused || result instanceof CallResult.Unauthorized;
    }

    // ---- reports

    /** What must be known of task runs before a report on them is let in; unknown ones are left out. */
    public Map<String, TaskRunHead> heads(Collection<String> taskRunIds) {
        return store.inTransaction(() -> store.heads(taskRunIds));
    }

    /**
     * Those of these task runs whose ordering key another transaction holds, such as one of a node that hears of the same runs.
     * The keys of the others are the caller's until its transaction ends. Waits for nobody.
     */
    public Set<String> heldByOthers(Collection<TaskRunHead> heads) {
        return store.inTransaction(() -> {
            var mine = store.tryLockSlots(
                    heads.stream().map(TaskRunHead::slot).collect(Collectors.toCollection(TreeSet::new)));
            return heads.stream()
                    .filter(head -> !mine.contains(head.slot()))
                    .map(TaskRunHead::taskRunId)
                    .collect(Collectors.toSet());
        });
    }

    /**
     * Judges callbacks in the order given.
     *
     * @param heads of all their task runs, as read in this transaction
     */
    public List<Verdict> report(List<IncomingReport> reports, Map<String, TaskRunHead> heads, KnownCallbacks known) {
        return store.inTransaction(() -> {
            var now = store.now();
            var ids = reports.stream().map(IncomingReport::taskRunId).distinct().toList();
            var keys = new TreeSet<SlotKey>();
            var runIds = new HashSet<String>();
            for (IncomingReport report : reports) {
                var head = heads.get(report.taskRunId());
                if (head != null && report.report().status().isTerminal()) {
                    keys.add(head.slot());
                    runIds.add(head.runId());
                }
            }
            var change = begin(keys, runIds, ids, now);
            var copies = known.firstApplied(reports);
            var seen = new HashMap<String, Boolean>();
            var verdicts = new ArrayList<Verdict>();
            for (IncomingReport report : reports) {
                var task = change.locked.taskRuns().get(report.taskRunId());
                if (task == null) {
                    throw new IllegalStateException("no task run " + report.taskRunId());
                }
                verdicts.add(judge(report, task, copies, seen, now));
            }
            finish(change);
            return verdicts;
        });
    }

    private Verdict judge(
            IncomingReport report,
            TaskRun task,
            Map<IncomingReport, Boolean> copies,
            Map<String, Boolean> seen,
            Instant now) {
        var id = report.taskRunId() + "\n" + report.callbackId();
        var first = copies.containsKey(report) ? copies.get(report) : seen.get(id);
        if (first != null) {
            return Verdict.duplicate(task.state, first);
        }
        var verdict = report.attempt() > task.attempt
                ? Verdict.notApplied(Reason.OUT_OF_ORDER, task.state)
                : task.report(report.report(), report.attempt(), random, now);
        seen.put(id, verdict.applied());
        return verdict;
    }

    // ---- operators

    /** Ends a run and all its open task runs at once; downstreams that offer a cancel path are told afterwards. */
    public ActionResult cancel(String runId, Operator operator, boolean dryRun) {
        return act(runId, RunAction.CANCEL, dryRun, (run, now) -> run.cancel(operator, now));
    }

    /** Reopens what failed and what that cancelled; what completed stays completed. */
    public ActionResult rerunFailed(String runId, Operator operator, boolean dryRun) {
        return act(runId, RunAction.RERUN_FAILED, dryRun, (run, now) -> run.rerunFailed(operator, now));
    }

    /**
     * What people made of a failure; RESOLVED and IGNORED close its alerts.
     *
     * @param until when it lapses; null: never
     */
    public ActionResult resolve(
            String runId, ResolutionStatus status, @Nullable Instant until, Operator operator, boolean dryRun) {
        return act(
                runId,
                RunAction.RESOLUTION,
                dryRun,
                (run, now) -> run.resolve(new Resolution(status, operator.name(), now, until, operator.reason()), now));
    }

    private interface Action {
        void on(Run run, Instant now);
    }

    private ActionResult act(String runId, RunAction action, boolean dryRun, Action effect) {
        return store.inTransaction(() -> {
            var key = store.slotOf(runId);
            if (key == null) {
                return new ActionResult.UnknownRun(runId);
            }
            groups.pausedSinceAndHold(key.group());
            var now = store.now();
            var change = begin(Set.of(key), Set.of(runId), List.of(), now);
            var run = change.locked.runs().get(runId);
            if (run == null) {
                return new ActionResult.UnknownRun(runId);
            }
            var allowed = run.allowedActions(hasGroup(run));
            if (!allowed.contains(action)) {
                return new ActionResult.Illegal(run.state, allowed);
            }
            carryOut(change, run, () -> effect.on(run, now), dryRun);
            return new ActionResult.Applied(run.state, movesOf(run));
        });
    }

    /** What an operator does to a run, with all that follows from it; in a dry run nothing is stored and nobody told. */
    private void carryOut(Change change, Run run, Runnable effect, boolean dryRun) {
        var waited = run.state == RunState.QUEUED;
        effect.run();
        if (run.state == RunState.QUEUED
                && !waited
                && groups.pausedSince(run.group.key()).isPresent()) {
            run.hold(change.now);
        }
        conclude(change);
        if (!dryRun) {
            save(change);
        }
    }

    private boolean hasGroup(Run run) {
        return groups.current(run.group.key()).isPresent();
    }

    /** Starts a new run of the same trigger message. The caller's transaction decides whether it stays. */
    public RerunResult rerun(String runId, RerunVersion version) {
        return store.inTransaction(() -> {
            // Without locks: should another reopen the old run at this moment, both wait for their turn.
            var old = store.read(runId);
            if (old == null) {
                return new RerunResult.UnknownRun(runId);
            }
            var current = groups.current(old.group.key());
            var allowed = old.allowedActions(current.isPresent());
            if (!allowed.contains(RunAction.RERUN) || current.isEmpty()) {
                return new RerunResult.Illegal(old.state, allowed);
            }
            var group = switch (version) {
                case PINNED -> old.group;
                case CURRENT -> current.get();
            };
            var started = start(List.of(new NewRun(
                    group,
                    old.businessKey,
                    old.orderingKey,
                    old.keyed,
                    old.triggerId,
                    old.triggerBody,
                    old.traceparent,
                    runId)));
            return new RerunResult.Started(old.state, started.get(0), group.version());
        });
    }

    // ---- operators, on one task run

    /**
     * Does something to one task run, with all that follows for its run.
     *
     * @param callbackId which late report to accept; null: the last one; of no meaning for the other actions
     */
    public TaskActionResult act(
            String taskRunId,
            TaskAction action,
            @Nullable String callbackId,
            KeptReports reports,
            Operator operator,
            boolean dryRun) {
        return store.inTransaction(() -> {
            var head = store.heads(List.of(taskRunId)).get(taskRunId);
            if (head == null) {
                return new TaskActionResult.UnknownTaskRun(taskRunId);
            }
            groups.pausedSinceAndHold(head.slot().group());
            var now = store.now();
            var change = begin(Set.of(head.slot()), Set.of(head.runId()), List.of(), now);
            var run = change.locked.runs().get(head.runId());
            var task = change.locked.taskRuns().get(taskRunId);
            if (run == null || task == null) {
                return new TaskActionResult.UnknownTaskRun(taskRunId);
            }
            var late = lateReport(task, callbackId, reports);
            var allowed = run.allowedActions(task, late, now);
            if (!allowed.contains(action)) {
                return refusal(action, run, task, callbackId, late, allowed, now);
            }
            carryOut(change, run, () -> run.act(action, task, late, operator, now), dryRun);
            return new TaskActionResult.Applied(run.runId, task.state, run.state, movesOf(run));
        });
    }

    private static @Nullable StatusReport lateReport(TaskRun task, @Nullable String callbackId, KeptReports reports) {
        return task.state == TaskRunState.FAILED ? reports.completed(task.taskRunId, task.attempt, callbackId) : null;
    }

    private static TaskActionResult refusal(
            TaskAction action,
            Run run,
            TaskRun task,
            @Nullable String callbackId,
            @Nullable StatusReport late,
            Set<TaskAction> allowed,
            Instant now) {
        if (action == TaskAction.ACCEPT_LATE && late != null) {
            var fault = task.faultOf(late);
            return new TaskActionResult.Unbalanced(fault == null ? "" : fault, task.state, allowed);
        }
        if (action == TaskAction.ACCEPT_LATE && callbackId != null && task.state == TaskRunState.FAILED) {
            return new TaskActionResult.UnknownReport(callbackId);
        }
        var inFlight = action == TaskAction.CALL_NOW && task.isOpen() && task.isBeingCalled(now);
        return new TaskActionResult.Illegal(inFlight ? TaskRunState.CALLING : task.state, run.state, allowed);
    }

    /** What may be done to a run and its task runs now; null when there is no such run. Reads without locks. */
    public @Nullable AllowedActions allowedActions(String runId, KeptReports reports) {
        return store.inTransaction(() -> {
            var run = store.read(runId);
            if (run == null) {
                return null;
            }
            var now = store.now();
            var ofTasks = new HashMap<String, Set<TaskAction>>();
            for (TaskRun task : run.taskRuns) {
                ofTasks.put(task.taskRunId, run.allowedActions(task, lateReport(task, null, reports), now));
            }
            return new AllowedActions(run.allowedActions(hasGroup(run)), ofTasks);
        });
    }

    // ---- failures that were dealt with

    /**
     * Takes failures off the list that a later run of the same key has made good, and puts those back whose resolution was for
     * a time; bounded, and goes on where it stopped. Returns how many changed.
     */
    public int sweepFailures() {
        return store.inTransaction(this::supersede) + store.inTransaction(this::lapse);
    }

    private int supersede() {
        var page = store.unresolved(sweptUpTo, SWEEP_BATCH);
        sweptUpTo = page.size() < SWEEP_BATCH ? null : page.get(page.size() - 1);
        var successors =
                store.laterSuccesses(page.stream().map(Unresolved::runId).toList());
        if (successors.isEmpty()) {
            return 0;
        }
        var now = store.now();
        var locked = store.lock(successors.keySet(), List.of());
        var settled = locked.runs().values().stream()
                .filter(run -> run.state == RunState.FAILED && run.unresolvedSince != null)
                .toList();
        settled.forEach(run -> run.resolve(superseded(successors.get(run.runId), now), now));
        save(new Change(new TreeMap<>(), Map.of(), locked, now));
        return settled.size();
    }

    private int lapse() {
        var now = store.now();
        var ids = store.lapsedResolutions(SWEEP_BATCH, now);
        if (ids.isEmpty()) {
            return 0;
        }
        var successors = store.laterSuccesses(ids);
        var locked = store.lock(ids, List.of());
        locked.runs().values().stream().filter(run -> run.hasLapsed(now)).forEach(run -> {
            if (successors.containsKey(run.runId)) {
                run.resolve(superseded(successors.get(run.runId), now), now);
            } else {
                run.lapse(now);
            }
        });
        save(new Change(new TreeMap<>(), Map.of(), locked, now));
        return locked.runs().size();
    }

    private static Resolution superseded(@Nullable String successor, Instant now) {
        return new Resolution(
                ResolutionStatus.SUPERSEDED,
                PLATFORM,
                now,
                null,
                "run " + successor + " of the same key completed later");
    }

    private static List<Move> movesOf(Run run) {
        var moves = new ArrayList<>(run.moves);
        run.taskRuns.forEach(task -> moves.addAll(task.moves));
        return moves;
    }

    @Override
    public void hold(String group, Instant pausedSince) {
        store.<@Nullable Object>inTransaction(() -> {
            var now = store.now();
            var change = lockQueued(group, now);
            change.locked.runs().values().stream().filter(Run::isQueuedAndFree).forEach(run -> run.hold(pausedSince));
            save(change);
            return null;
        });
    }

    @Override
    public void release(String group, HeldMode mode, Instant pausedSince) {
        store.<@Nullable Object>inTransaction(() -> {
            var now = store.now();
            var change = lockQueued(group, now);
            var newest = new HashMap<SlotKey, Run>();
            var held = change.locked.runs().values().stream()
                    .filter(run -> run.state == RunState.QUEUED && run.heldSince != null)
                    .toList();
            for (Run run : held) {
                if (cameDuring(run, pausedSince)) {
                    newest.merge(run.slotKey(), run, (one, other) -> one.inboxPlace > other.inboxPlace ? one : other);
                }
            }
            for (Run run : held) {
                var letGo = !cameDuring(run, pausedSince)
                        || switch (mode) {
                            case ALL -> true;
                            case LATEST -> newest.get(run.slotKey()) == run;
                            case NONE -> false;
                        };
                if (letGo) {
                    run.release();
                } else {
                    run.skip(now);
                }
            }
            finish(change);
            return null;
        });
    }

    private static boolean cameDuring(Run run, Instant pausedSince) {
        // An operator's re-run repeats a message that came before.
        return !run.createdAt.isBefore(pausedSince) && run.startedAt == null && run.rerunOf == null;
    }

    private Change lockQueued(String group, Instant now) {
        var queued = store.queued(group);
        var slots = store.lockSlots(new TreeSet<>(queued.values()));
        return new Change(slots, Map.of(), store.lock(queued.keySet(), List.of()), now);
    }

    @Override
    public boolean any(String groupKey) {
        return store.inTransaction(() -> store.hasOpenRuns(groupKey));
    }

    @Override
    public Map<Integer, Long> byVersion(String groupKey) {
        return store.inTransaction(() -> store.openRunsByVersion(groupKey));
    }

    // ---- cancel calls

    /** Takes cancel calls that are due; none is taken twice within the lease. */
    public List<CancelCall> claimCancels(int limit) {
        return store.inTransaction(() -> store.claimCancels(limit, LEASE, store.now()).stream()
                .map(Runs::cancelCall)
                .toList());
    }

    private static CancelCall cancelCall(RunStore.Claim claim) {
        var task = claim.taskRun();
        return new CancelCall(
                task.taskRunId,
                task.runId,
                task.group,
                task.orderingKey,
                claim.run().businessKey(),
                task.task,
                task.cancelledAttempt(),
                task.fence,
                task.cancelReason == null ? "" : task.cancelReason,
                task.failedCalls,
                claim.run().traceparent());
    }

    /** Writes the answers to cancel calls; the last one of a run frees its ordering key. */
    public void recordCancels(List<CancelOutcome> outcomes) {
        store.<@Nullable Object>inTransaction(() -> {
            var now = store.now();
            var keys = new TreeSet<SlotKey>();
            outcomes.forEach(outcome ->
                    keys.add(new SlotKey(outcome.call().group(), outcome.call().orderingKey())));
            var runIds = new HashSet<>(
                    outcomes.stream().map(outcome -> outcome.call().runId()).toList());
            var change = begin(keys, runIds, List.of(), now);
            for (CancelOutcome outcome : outcomes) {
                var task = change.locked.taskRuns().get(outcome.call().taskRunId());
                if (task != null) {
                    task.cancelAnswered(outcome, random, now);
                }
            }
            finish(change);
            return null;
        });
    }

    // ---- repair

    /** Raises flags and time-outs that have come and promotes runs whose turn was missed; bounded, so call it again. */
    public SweepResult sweep() {
        int overdue = flag(store::flagOverdue, AlertCondition.OVERDUE, TaskRun.OVERDUE);
        int silent = flag(store::flagSilent, AlertCondition.SILENT, TaskRun.SILENT);
        int noAnswer = flag(store::flagNoAnswer, AlertCondition.NO_ANSWER, TaskRun.NO_ANSWER);
        int late = flagLate();
        int timedOut = timeOut();
        int promoted = promoteStalled();
        for (String group : store.inTransaction(store::waitingGates)) {
            promoted += servePlaces(group);
        }
        int freed = store.inTransaction(
                () -> store.purgeIdleSlots(SWEEP_BATCH, store.now().minus(IDLE_SLOT_KEPT)));
        return new SweepResult(timedOut, overdue, silent, noAnswer, late, promoted, freed);
    }

    private interface Flags {
        List<Flagged> raise(int limit, Instant now);
    }

    private int flag(Flags flags, AlertCondition condition, String detail) {
        return store.inTransaction(() -> {
            var flagged = flags.raise(SWEEP_BATCH, store.now());
            if (!flagged.isEmpty()) {
                alerts.raise(flagged.stream()
                        .map(one -> Signals.ofTask(one, condition, detail))
                        .toList());
            }
            return flagged.size();
        });
    }

    private int flagLate() {
        return store.inTransaction(() -> {
            var flagged = store.flagLate(SWEEP_BATCH, store.now());
            if (!flagged.isEmpty()) {
                alerts.raise(flagged.stream()
                        .map(one -> Signals.startLate(one.runId(), one.group(), one.since()))
                        .toList());
            }
            return flagged.size();
        });
    }

    private int timeOut() {
        return store.inTransaction(() -> {
            var now = store.now();
            var ids = store.timedOut(SWEEP_BATCH, now);
            if (ids.isEmpty()) {
                return 0;
            }
            var keys = new TreeSet<SlotKey>();
            var runIds = new HashSet<String>();
            store.heads(ids).values().forEach(head -> {
                keys.add(head.slot());
                runIds.add(head.runId());
            });
            var change = begin(keys, runIds, List.of(), now);
            int ended = 0;
            for (String id : ids) {
                var task = change.locked.taskRuns().get(id);
                if (task != null && task.isOpen()) {
                    task.timeOut(now);
                    ended += task.isOpen() ? 0 : 1;
                }
            }
            finish(change);
            return ended;
        });
    }

    private int promoteStalled() {
        return store.inTransaction(() -> {
            var now = store.now();
            var stalled = store.stalledSlots(SWEEP_BATCH);
            if (stalled.isEmpty()) {
                return 0;
            }
            var slots = store.lockSlots(stalled);
            var next = store.nextQueued(stalled);
            var runIds = new HashSet<>(next.values());
            slots.values().forEach(slot -> {
                if (slot.activeRunId != null) {
                    runIds.add(slot.activeRunId);
                }
            });
            var change = new Change(slots, next, store.lock(runIds, List.of()), now);
            finish(change);
            return (int) next.values().stream()
                    .map(change.locked.runs()::get)
                    .filter(run -> run != null && run.state == RunState.RUNNING)
                    .count();
        });
    }

    // ---- one change: lock, decide, settle, save

    /** @param gates groups whose free places are to be given away after the commit */
    private record Change(
            SortedMap<SlotKey, Slot> slots, Map<SlotKey, String> next, Locked locked, Instant now, Set<String> gates) {

        Change(SortedMap<SlotKey, Slot> slots, Map<SlotKey, String> next, Locked locked, Instant now) {
            this(slots, next, locked, now, new TreeSet<>());
        }
    }

    private Change begin(
            Collection<SlotKey> keys, Collection<String> runIds, Collection<String> taskRunIds, Instant now) {
        var slots = store.lockSlots(keys);
        var next = store.nextQueued(keys);
        var all = new HashSet<>(runIds);
        all.addAll(next.values());
        return new Change(slots, next, store.lock(all, taskRunIds), now);
    }

    private void finish(Change change) {
        conclude(change);
        save(change);
    }

    /** Ends runs that have nothing open, frees their slots and gives each free slot to the next in line. */
    private void conclude(Change change) {
        change.locked.runs().values().forEach(run -> run.settle(change.now));
        var nextInLine = nextInLine(change.locked.runs().values());
        var paused = new HashMap<String, Boolean>();
        for (Slot slot : change.slots.values()) {
            var active = slot.activeRunId == null ? null : change.locked.runs().get(slot.activeRunId);
            if (active != null && !active.holdsSlot()) {
                slot.free();
            }
            var next = nextInLine.get(slot.key);
            if (slot.isFree() && next != null && next.isGated()) {
                change.gates.add(slot.key.group());
            } else if (slot.isFree() && next != null) {
                var isPaused = paused.computeIfAbsent(
                        slot.key.group(), group -> groups.pausedSince(group).isPresent());
                promote(next, slot, isPaused, change.now);
            }
        }
    }

    /** Of the locked runs, the first queued and free one of each key. */
    private static Map<SlotKey, Run> nextInLine(Collection<Run> runs) {
        var next = new HashMap<SlotKey, Run>();
        for (Run run : runs) {
            if (run.isQueuedAndFree() && run.needsSlot()) {
                next.merge(run.slotKey(), run, (one, other) -> one.inboxPlace < other.inboxPlace ? one : other);
            }
        }
        return next;
    }

    private static void promote(Run run, Slot slot, boolean isPaused, Instant now) {
        if (isPaused) {
            run.hold(now);
        } else {
            slot.occupy(run.runId);
            run.promote(now);
        }
    }

    private void save(Change change) {
        var runs = change.locked.runs().values();
        runs.stream()
                .filter(run -> run.isGated() && run.hasChanged() && !run.holdsSlot())
                .forEach(run -> change.gates.add(run.group.key()));
        change.gates.forEach(group -> store.afterCommit(() -> servePlaces(group)));
        var taskRuns = change.locked.taskRuns().values();
        var lost = store.save(runs, taskRuns, change.slots.values(), change.now);
        announce(taskRuns, change.now);
        tell(Moves.saved(runs, taskRuns, lost, change.now));
        signal(runs, taskRuns, lost);
    }

    /** What was raised before what passed: an alarm that comes with its own end is told, and told to be over. */
    private void signal(Collection<Run> runs, Collection<TaskRun> taskRuns, Set<String> lost) {
        var raised = new ArrayList<AlertSignal>();
        var cured = new EnumMap<AlertCondition, Set<String>>(AlertCondition.class);
        for (Run run : runs) {
            if (!lost.contains(run.runId)) {
                raised.addAll(run.raised);
                run.cured.forEach(condition ->
                        cured.computeIfAbsent(condition, any -> new TreeSet<>()).add(AlertSignal.run(run.runId)));
            }
        }
        for (TaskRun task : taskRuns) {
            if (!lost.contains(task.taskRunId)) {
                raised.addAll(task.raised);
                task.cured.forEach(condition -> cured.computeIfAbsent(condition, any -> new TreeSet<>())
                        .add(AlertSignal.taskRun(task.taskRunId)));
            }
        }
        if (!raised.isEmpty()) {
            alerts.raise(raised);
        }
        cured.forEach(alerts::cure);
    }

    private void tell(RunsMoved moves) {
        if (!moves.runs().isEmpty() || !moves.taskRuns().isEmpty()) {
            moved.accept(moves);
        }
    }

    private void announce(Collection<TaskRun> taskRuns, Instant now) {
        var systems = new HashMap<String, Duration>();
        for (TaskRun task : taskRuns) {
            var due = task.isCancelPending() ? task.cancelDueAt : task.leaseNode == null ? task.dueAt : null;
            if (task.changed && due != null && !due.isAfter(now.plus(DueWork.SHORTLY))) {
                var wait = due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO;
                systems.merge(task.task.system(), wait, (one, other) -> one.compareTo(other) <= 0 ? one : other);
            }
        }
        if (!systems.isEmpty()) {
            wakeUp.accept(new DueWork(systems));
        }
    }

    private static Slot slotOf(SortedMap<SlotKey, Slot> slots, SlotKey key) {
        var slot = slots.get(key);
        if (slot == null) {
            throw new IllegalStateException("slot was not locked: " + key);
        }
        return slot;
    }

    /** This node's id, as leases and the journal name it. */
    public String node() {
        return node;
    }

    /** Which of these runs have ended, or are there no more. */
    public Set<String> ended(Collection<String> runIds) {
        return runIds.isEmpty() ? Set.of() : store.inTransaction(() -> store.ended(runIds));
    }

    /**
     * Where the runs of several trigger messages stand, by message. A run that was merged into another one is told with what
     * became of that one.
     */
    public Map<String, List<TriggeredRun>> outcomes(Collection<String> triggerIds) {
        if (triggerIds.isEmpty()) {
            return Map.of();
        }
        return store.inTransaction(() -> {
            var found = new LinkedHashMap<>(store.ofTriggers(triggerIds));
            found.replaceAll((triggerId, runs) -> new ArrayList<>(runs));
            var into = new HashMap<String, TriggeredRun>();
            var asked = new HashSet<String>();
            var next = mergedInto(found.values().stream().flatMap(List::stream));
            while (asked.addAll(next)) {
                var outcomes = store.outcomes(next);
                into.putAll(outcomes);
                next = mergedInto(outcomes.values().stream());
                next.removeAll(asked);
            }
            found.values().forEach(runs -> runs.replaceAll(run -> followed(run, into)));
            return found;
        });
    }

    private static Set<String> mergedInto(Stream<TriggeredRun> runs) {
        return runs.flatMap(run -> mergedInto(run).stream()).collect(Collectors.toCollection(HashSet::new));
    }

    /** The run whose end is this one's outcome. */
    private static Optional<String> mergedInto(TriggeredRun run) {
        return run.state() == RunState.SKIPPED ? Optional.ofNullable(run.mergedInto()) : Optional.empty();
    }

    private static TriggeredRun followed(TriggeredRun run, Map<String, TriggeredRun> into) {
        var last = run;
        var seen = new HashSet<String>();
        for (var next = mergedInto(run); next.isPresent() && seen.add(next.get()); next = mergedInto(last)) {
            last = into.getOrDefault(next.get(), last);
        }
        if (last == run) {
            return run;
        }
        var mergedInto = last.mergedInto() == null ? last.runId() : last.mergedInto();
        return new TriggeredRun(run.runId(), run.group(), last.state(), mergedInto, last.results(), last.error());
    }
}
