package io.syncline.scheduler.run;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.InMemoryTables;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs in maps, for tests and simulations: one transaction at a time, undone when it fails. Readers get copies; only what is
 * saved is kept, under the same versions as in the database. Several nodes share the tables of the first.
 */
final class InMemoryRunStore implements RunStore {

    /** What the journal keeps of a move. */
    record Entry(Move move, String node, Instant at) {}

    /** How the work of a transaction is carried out. */
    interface Transactions {
        <T extends @Nullable Object> T in(Supplier<T> work);
    }

    /** The rows of all nodes. */
    static final class Tables {
        final InMemoryTables database;
        final SortedMap<String, Run> runs = new TreeMap<>();
        final SortedMap<String, TaskRun> taskRuns = new TreeMap<>();
        final SortedMap<SlotKey, Slot> slots = new TreeMap<>();
        final List<Entry> journal = new ArrayList<>();

        Tables(InMemoryTables database) {
            this.database = database;
        }

        <K, V> void put(Map<K, V> table, K key, V row) {
            database.put(table, key, row);
        }
    }

    private final Tables tables;
    private final Transactions transactions;
    private final DatabaseClock clock;
    private final String node;

    InMemoryRunStore(DatabaseClock clock, String node) {
        this(new Tables(new InMemoryTables()), clock, node);
    }

    private InMemoryRunStore(Tables tables, DatabaseClock clock, String node) {
        this(tables, tables.database::inTransaction, clock, node);
    }

    InMemoryRunStore(Tables tables, Transactions transactions, DatabaseClock clock, String node) {
        this.tables = tables;
        this.transactions = transactions;
        this.clock = clock;
        this.node = node;
    }

    /** The same tables, as another node sees them. */
    InMemoryRunStore onNode(String other) {
        return new InMemoryRunStore(tables, clock, other);
    }

    List<Entry> journal() {
        return List.copyOf(tables.journal);
    }

    /** As a lost promotion leaves a slot. */
    void freeSlot(SlotKey key) {
        var slot = copy(Objects.requireNonNull(tables.slots.get(key)));
        slot.free();
        tables.slots.put(key, slot);
    }

    boolean hasSlot(SlotKey key) {
        return tables.slots.containsKey(key);
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
        return transactions.in(work);
    }

    @Override
    public void afterCommit(Runnable work) {
        tables.database.afterCommit(work);
    }

    @Override
    public boolean tryGate(String group) {
        return true;
    }

    @Override
    public void lockGate(String group) {}

    @Override
    public int activeInGate(String group) {
        return (int) tables.runs.values().stream()
                .filter(run -> run.isGated() && run.group.key().equals(group))
                .filter(run -> lock(Set.of(run.runId), Set.of()).runs().values().stream()
                        .allMatch(Run::holdsSlot))
                .count();
    }

    @Override
    public List<Waiter> nextInGate(String group, int limit) {
        var keys = new HashSet<SlotKey>();
        return tables.runs.values().stream()
                .filter(run -> run.isGated()
                        && run.isQueuedAndFree()
                        && run.group.key().equals(group))
                .filter(run -> lock(Set.of(run.runId), Set.of()).runs().values().stream()
                        .noneMatch(Run::holdsSlot))
                .sorted(Comparator.comparingLong(run -> run.inboxPlace))
                .filter(run -> !run.keyed
                        || (Objects.requireNonNull(tables.slots.get(run.slotKey()))
                                        .isFree()
                                && keys.add(run.slotKey())))
                .limit(limit)
                .map(InMemoryRunStore::waiter)
                .toList();
    }

    @Override
    public Set<String> waitingGates() {
        var waiting = new TreeSet<String>();
        tables.runs.values().stream()
                .filter(run -> run.isGated() && run.isQueuedAndFree())
                .forEach(run -> waiting.add(run.group.key()));
        return waiting;
    }

    @Override
    public List<Waiter> waiting(SlotKey key, int limit) {
        return tables.runs.values().stream()
                .filter(run -> run.state == RunState.QUEUED
                        && run.needsSlot()
                        && run.slotKey().equals(key))
                .sorted(Comparator.comparingLong((Run run) -> -run.inboxPlace))
                .limit(limit)
                .map(InMemoryRunStore::waiter)
                .toList();
    }

    private static Waiter waiter(Run run) {
        return new Waiter(run.runId, run.slotKey(), run.keyed, run.heldSince != null);
    }

    @Override
    public int countQueued(String group, int upTo) {
        return (int) tables.runs.values().stream()
                .filter(run -> run.state == RunState.QUEUED && run.group.key().equals(group))
                .limit(upTo)
                .count();
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public SortedMap<SlotKey, Slot> lockSlots(Collection<SlotKey> keys) {
        return openSlots(keys);
    }

    /** Transactions follow one another here: nobody holds anything. */
    @Override
    public Set<SlotKey> tryLockSlots(Collection<SlotKey> keys) {
        return keys.stream().filter(tables.slots::containsKey).collect(Collectors.toSet());
    }

    @Override
    public SortedMap<SlotKey, Slot> openSlots(Collection<SlotKey> keys) {
        var slots = new TreeMap<SlotKey, Slot>();
        for (SlotKey key : keys) {
            if (!tables.slots.containsKey(key)) {
                tables.put(tables.slots, key, new Slot(key, null, 0));
            }
            slots.put(key, copy(Objects.requireNonNull(tables.slots.get(key))));
        }
        return slots;
    }

    @Override
    public Map<SlotKey, String> nextQueued(Collection<SlotKey> keys) {
        var next = new HashMap<SlotKey, String>();
        for (SlotKey key : keys) {
            tables.runs.values().stream()
                    .filter(run -> run.isQueuedAndFree()
                            && run.needsSlot()
                            && run.slotKey().equals(key))
                    .min(Comparator.comparingLong(run -> run.inboxPlace))
                    .ifPresent(run -> next.put(key, run.runId));
        }
        return next;
    }

    @Override
    public Locked lock(Collection<String> runIds, Collection<String> taskRunIds) {
        var runs = new LinkedHashMap<String, Run>();
        var tasks = new LinkedHashMap<String, TaskRun>();
        for (String id : new TreeSet<>(runIds)) {
            var kept = tables.runs.get(id);
            if (kept != null) {
                runs.put(id, copy(kept));
            }
        }
        for (TaskRun kept : tables.taskRuns.values()) {
            var run = runs.get(kept.runId);
            if (run != null || taskRunIds.contains(kept.taskRunId)) {
                var task = copy(kept);
                tasks.put(task.taskRunId, task);
                if (run != null) {
                    run.taskRuns.add(task);
                }
            }
        }
        runs.values().forEach(Run::orderTaskRuns);
        return new Locked(runs, tasks);
    }

    @Override
    public void insert(Collection<Run> runs, Instant now) {
        for (Run run : runs) {
            tables.put(tables.runs, run.runId, copy(run));
            log(new Move(run.runId, null, null, RunState.QUEUED.name(), null, null, MoveCause.TRIGGERED, null, null));
            run.moves.forEach(this::log);
            for (TaskRun task : run.taskRuns) {
                tables.put(tables.taskRuns, task.taskRunId, copy(task));
                task.moves.forEach(this::log);
            }
        }
    }

    @Override
    public Set<String> save(Collection<Run> runs, Collection<TaskRun> taskRuns, Collection<Slot> slots, Instant now) {
        var lost = new HashSet<String>();
        for (Run run : runs) {
            if (run.changed) {
                var kept = tables.runs.get(run.runId);
                if (kept == null || kept.version != run.version) {
                    lost.add(run.runId);
                } else {
                    var row = copy(run);
                    row.version++;
                    tables.put(tables.runs, run.runId, row);
                    run.moves.forEach(this::log);
                }
            }
        }
        for (TaskRun task : taskRuns) {
            if (task.changed && !swap(task)) {
                lost.add(task.taskRunId);
            }
        }
        for (Slot slot : slots) {
            if (slot.changed) {
                tables.put(tables.slots, slot.key, copy(slot));
            }
        }
        return lost;
    }

    private boolean swap(TaskRun task) {
        var kept = tables.taskRuns.get(task.taskRunId);
        if (kept == null || kept.version != task.version) {
            return false;
        }
        var row = copy(task);
        row.version++;
        tables.put(tables.taskRuns, task.taskRunId, row);
        task.moves.forEach(this::log);
        return true;
    }

    private void log(Move move) {
        tables.database.append(tables.journal, new Entry(move, node, clock.now()));
    }

    private List<TaskRun> first(int limit, Comparator<TaskRun> order, Predicate<TaskRun> wanted) {
        return tables.taskRuns.values().stream()
                .filter(wanted)
                .sorted(order)
                .limit(limit)
                .map(InMemoryRunStore::copy)
                .toList();
    }

    @Override
    public List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now) {
        var claims = new ArrayList<Claim>();
        for (TaskRun task : first(
                limit,
                Comparator.comparing(task -> Objects.requireNonNull(task.dueAt)),
                task -> task.task.system().equals(system) && hasCome(task.dueAt, now))) {
            var takenOver = task.leaseNode != null;
            task.claimed(node, leaseUntil, now);
            swap(task);
            claims.add(new Claim(task, head(task), takenOver));
        }
        return claims;
    }

    private RunHead head(TaskRun task) {
        var run = Objects.requireNonNull(tables.runs.get(task.runId));
        return new RunHead(run.runId, run.businessKey, run.triggerBody, run.traceparent);
    }

    @Override
    public int hastenLost(Instant now, Instant front) {
        var lost = first(
                Integer.MAX_VALUE,
                Comparator.comparing(task -> task.taskRunId),
                task -> task.leaseNode != null
                        && hasCome(task.leaseUntil, now)
                        && Objects.equals(task.dueAt, task.leaseUntil));
        for (TaskRun task : lost) {
            task.dueAt = front;
            tables.put(tables.taskRuns, task.taskRunId, task);
        }
        return lost.size();
    }

    @Override
    public int renewLeases(Map<String, Long> fences, Instant leaseUntil) {
        var held = first(
                Integer.MAX_VALUE,
                Comparator.comparing(task -> task.taskRunId),
                task -> node.equals(task.leaseNode) && Long.valueOf(task.fence).equals(fences.get(task.taskRunId)));
        for (TaskRun task : held) {
            task.leaseUntil = leaseUntil;
            task.dueAt = leaseUntil;
            tables.put(tables.taskRuns, task.taskRunId, task);
        }
        return held.size();
    }

    @Override
    public Set<String> dueSystems(Collection<String> systems, Instant now) {
        var due = new HashSet<String>();
        for (TaskRun task : tables.taskRuns.values()) {
            if (hasCome(task.dueAt, now) && systems.contains(task.task.system())) {
                due.add(task.task.system());
            }
        }
        return due;
    }

    @Override
    public List<Claim> claimCancels(int limit, Duration lease, Instant now) {
        var claims = new ArrayList<Claim>();
        for (TaskRun task : first(
                limit,
                Comparator.comparing(task -> Objects.requireNonNull(task.cancelDueAt)),
                task -> hasCome(task.cancelDueAt, now))) {
            task.cancelDueAt = now.plus(lease);
            swap(task);
            claims.add(new Claim(task, head(task), false));
        }
        return claims;
    }

    @Override
    public Map<String, TaskRunHead> heads(Collection<String> taskRunIds) {
        var heads = new HashMap<String, TaskRunHead>();
        for (String id : taskRunIds) {
            var task = tables.taskRuns.get(id);
            if (task != null) {
                heads.put(
                        id,
                        new TaskRunHead(
                                id,
                                task.runId,
                                new SlotKey(task.group, task.orderingKey),
                                task.task.system(),
                                task.attempt,
                                task.state));
            }
        }
        return heads;
    }

    @Override
    public @Nullable SlotKey slotOf(String runId) {
        var run = tables.runs.get(runId);
        return run == null ? null : run.slotKey();
    }

    @Override
    public List<Flagged> flagOverdue(int limit, Instant now) {
        return flag(limit, now, task -> task.overdueAt, task -> task.flagOverdue(now));
    }

    @Override
    public List<Flagged> flagSilent(int limit, Instant now) {
        return flag(limit, now, task -> task.silentAt, task -> task.flagSilent(now));
    }

    @Override
    public List<Flagged> flagNoAnswer(int limit, Instant now) {
        return flag(limit, now, task -> task.answerAt, task -> task.flagNoAnswer(now));
    }

    private List<Flagged> flag(
            int limit, Instant now, Function<TaskRun, @Nullable Instant> pending, Consumer<TaskRun> flag) {
        var flagged = new ArrayList<Flagged>();
        for (TaskRun task : first(
                limit,
                Comparator.comparing(task -> Objects.requireNonNull(pending.apply(task))),
                task -> hasCome(pending.apply(task), now))) {
            flagged.add(new Flagged(
                    task.taskRunId,
                    task.runId,
                    task.group,
                    task.task.key(),
                    task.task.system(),
                    Objects.requireNonNull(pending.apply(task))));
            flag.accept(task);
            swap(task);
        }
        return flagged;
    }

    @Override
    public List<Flagged> flagLate(int limit, Instant now) {
        var flagged = new ArrayList<Flagged>();
        for (Run kept : List.copyOf(tables.runs.values())) {
            if (hasCome(kept.startByAt, now) && flagged.size() < limit) {
                var run = copy(kept);
                flagged.add(new Flagged(
                        run.runId, run.runId, run.group.key(), null, null, Objects.requireNonNull(run.startByAt)));
                run.flagLate(now);
                run.version++;
                tables.put(tables.runs, run.runId, run);
            }
        }
        return flagged;
    }

    @Override
    public List<String> timedOut(int limit, Instant now) {
        return first(
                        limit,
                        Comparator.comparing(task -> Objects.requireNonNull(task.timeoutAt)),
                        task -> hasCome(task.timeoutAt, now))
                .stream()
                .map(task -> task.taskRunId)
                .toList();
    }

    @Override
    public Set<SlotKey> stalledSlots(int limit) {
        var stalled = new TreeSet<SlotKey>();
        for (Run run : tables.runs.values()) {
            if (run.isQueuedAndFree()
                    && !run.isGated()
                    && stalled.size() < limit
                    && !isHeldByActiveRun(run.slotKey())) {
                stalled.add(run.slotKey());
            }
        }
        return stalled;
    }

    private boolean isHeldByActiveRun(SlotKey key) {
        var slot = tables.slots.get(key);
        var holder = slot == null || slot.activeRunId == null ? null : tables.runs.get(slot.activeRunId);
        var isHeld = holder != null
                && lock(Set.of(holder.runId), Set.of()).runs().values().stream().allMatch(Run::holdsSlot);
        return isHeld
                || tables.runs.values().stream()
                        .anyMatch(run -> run.state == RunState.RUNNING
                                && run.needsSlot()
                                && run.slotKey().equals(key));
    }

    @Override
    public int purgeIdleSlots(int limit, Instant unusedSince) {
        var unused = ChronoUnit.MICROS.between(Instant.EPOCH, unusedSince);
        var idle = tables.slots.values().stream()
                .filter(slot -> slot.isFree() && slot.lastPlace < unused)
                .filter(slot -> tables.runs.values().stream()
                        .noneMatch(run ->
                                run.state == RunState.QUEUED && run.slotKey().equals(slot.key)))
                .limit(limit)
                .toList();
        idle.forEach(slot -> tables.database.remove(tables.slots, slot.key));
        return idle.size();
    }

    @Override
    public Map<String, SlotKey> queued(String group) {
        var queued = new HashMap<String, SlotKey>();
        for (Run run : tables.runs.values()) {
            if (run.state == RunState.QUEUED && run.group.key().equals(group)) {
                queued.put(run.runId, run.slotKey());
            }
        }
        return queued;
    }

    @Override
    public boolean hasOpenRuns(String group) {
        return tables.runs.values().stream().anyMatch(run -> run.group.key().equals(group) && !run.state.isEnded());
    }

    @Override
    public Map<Integer, Long> openRunsByVersion(String group) {
        return tables.runs.values().stream()
                .filter(run -> run.group.key().equals(group) && !run.state.isEnded())
                .collect(Collectors.groupingBy(run -> run.group.version(), Collectors.counting()));
    }

    @Override
    public List<TriggeredRun> ofTrigger(String triggerId) {
        var ids = tables.runs.values().stream()
                .filter(run -> run.triggerId.equals(triggerId))
                .map(run -> run.runId)
                .toList();
        return lock(ids, Set.of()).runs().values().stream()
                .sorted(Comparator.comparing((Run run) -> run.group.key()).thenComparing(run -> run.runId))
                .map(Run::outcome)
                .toList();
    }

    @Override
    public Map<String, List<TriggeredRun>> ofTriggers(Collection<String> triggerIds) {
        var found = new HashMap<String, List<TriggeredRun>>();
        triggerIds.forEach(id -> found.put(id, ofTrigger(id)));
        found.values().removeIf(List::isEmpty);
        return found;
    }

    @Override
    public Map<String, TriggeredRun> outcomes(Collection<String> runIds) {
        var found = new HashMap<String, TriggeredRun>();
        lock(runIds, Set.of()).runs().values().forEach(run -> found.put(run.runId, run.outcome()));
        return found;
    }

    @Override
    public Set<String> ended(Collection<String> runIds) {
        var ended = new java.util.HashSet<>(runIds);
        tables.runs.values().stream().filter(run -> !run.state.isEnded()).forEach(run -> ended.remove(run.runId));
        return ended;
    }

    @Override
    public @Nullable Run read(String runId) {
        return lock(Set.of(runId), Set.of()).runs().get(runId);
    }

    @Override
    public List<Unresolved> unresolved(@Nullable Unresolved after, int limit) {
        var order = Comparator.comparing(Unresolved::since).thenComparing(Unresolved::runId);
        return tables.runs.values().stream()
                .filter(run -> run.unresolvedSince != null)
                .map(run -> new Unresolved(Objects.requireNonNull(run.unresolvedSince), run.runId))
                .filter(one -> after == null || order.compare(one, after) > 0)
                .sorted(order)
                .limit(limit)
                .toList();
    }

    @Override
    public Map<String, String> laterSuccesses(Collection<String> runIds) {
        var successes = new HashMap<String, String>();
        for (String id : runIds) {
            var failed = Objects.requireNonNull(tables.runs.get(id));
            tables.runs.values().stream()
                    .filter(run -> run.state == RunState.COMPLETED && repeats(run, failed))
                    .filter(run -> Objects.requireNonNull(run.endedAt).isAfter(Objects.requireNonNull(failed.endedAt)))
                    .max(Comparator.comparing(run -> run.runId))
                    .ifPresent(run -> successes.put(id, run.runId));
        }
        return successes;
    }

    private static boolean repeats(Run run, Run failed) {
        if (failed.runId.equals(run.rerunOf)) {
            return true;
        }
        if (!run.group.key().equals(failed.group.key()) || !Objects.equals(run.businessKey, failed.businessKey)) {
            return false;
        }
        if (run.orderingKey.equals(failed.orderingKey)) {
            return run.inboxPlace > failed.inboxPlace && (failed.businessKey != null || failed.needsSlot());
        }
        return failed.businessKey != null && run.createdAt.isAfter(failed.createdAt);
    }

    @Override
    public List<String> lapsedResolutions(int limit, Instant now) {
        return tables.runs.values().stream()
                .filter(run -> run.resolution != null && hasCome(run.resolution.until(), now))
                .map(run -> run.runId)
                .limit(limit)
                .toList();
    }

    private static boolean hasCome(@Nullable Instant at, Instant now) {
        return at != null && !at.isAfter(now);
    }

    private static Slot copy(Slot slot) {
        return new Slot(slot.key, slot.activeRunId, slot.lastPlace);
    }

    /** Without its task runs, which have a table of their own. */
    private static Run copy(Run run) {
        var copy = new Run(
                run.runId,
                run.group,
                run.businessKey,
                run.orderingKey,
                run.triggerId,
                run.triggerBody,
                run.traceparent,
                run.inboxPlace,
                run.rerunOf,
                run.createdAt);
        copy.keyed = run.keyed;
        copy.state = run.state;
        copy.version = run.version;
        copy.heldSince = run.heldSince;
        copy.mergedInto = run.mergedInto;
        copy.startByAt = run.startByAt;
        copy.lateSince = run.lateSince;
        copy.startedAt = run.startedAt;
        copy.endedAt = run.endedAt;
        copy.resolution = run.resolution;
        copy.unresolvedSince = run.unresolvedSince;
        return copy;
    }

    private static TaskRun copy(TaskRun task) {
        var copy = new TaskRun(
                task.taskRunId,
                task.runId,
                task.group,
                task.groupVersion,
                task.orderingKey,
                task.taskNo,
                task.task,
                task.createdAt);
        copy.state = task.state;
        copy.attempt = task.attempt;
        copy.round = task.round;
        copy.fence = task.fence;
        copy.version = task.version;
        copy.cause = task.cause;
        copy.message = task.message;
        copy.dueAt = task.dueAt;
        copy.leaseUntil = task.leaseUntil;
        copy.leaseNode = task.leaseNode;
        copy.firstDueAt = task.firstDueAt;
        copy.deadlineAt = task.deadlineAt;
        copy.overdueAt = task.overdueAt;
        copy.timeoutAt = task.timeoutAt;
        copy.silentAt = task.silentAt;
        copy.overdueSince = task.overdueSince;
        copy.silentSince = task.silentSince;
        copy.answerAt = task.answerAt;
        copy.noAnswerSince = task.noAnswerSince;
        copy.conflictSince = task.conflictSince;
        copy.attemptRound = task.attemptRound;
        copy.failedCalls = task.failedCalls;
        copy.unreadableCalls = task.unreadableCalls;
        copy.unauthorizedCalls = task.unauthorizedCalls;
        copy.failedReports = task.failedReports;
        copy.lastSequence = task.lastSequence;
        copy.acceptedAt = task.acceptedAt;
        copy.reportedAt = task.reportedAt;
        copy.progress = task.progress;
        copy.files = task.files;
        copy.reconciliation = task.reconciliation;
        copy.result = task.result;
        copy.manual = task.manual;
        copy.cancelState = task.cancelState;
        copy.cancelDueAt = task.cancelDueAt;
        copy.cancelUntil = task.cancelUntil;
        copy.cancelReason = task.cancelReason;
        copy.startedAt = task.startedAt;
        copy.endedAt = task.endedAt;
        return copy;
    }
}
