package io.syncline.scheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where runs are kept: locks, loads and guarded writes, no decisions. Locks are taken in one order by everybody: slots by
 * key, runs by id, task runs by id. Everything but {@link #inTransaction} is called inside one.
 */
interface RunStore {

    /** Runs the work in one transaction, the caller's if there is one. */
    <T extends @Nullable Object> T inTransaction(Supplier<T> work);

    /** The database's time in this transaction. */
    Instant now();

    /** Locks slots that are expected to be there, in order. */
    SortedMap<SlotKey, Slot> lockSlots(Collection<SlotKey> keys);

    /** Locks those of the slots that are there and that no other transaction holds, and waits for none; returns which. */
    Set<SlotKey> tryLockSlots(Collection<SlotKey> keys);

    /** Locks the slots in order, making those that are not there. */
    SortedMap<SlotKey, Slot> openSlots(Collection<SlotKey> keys);

    /** The first queued run of each key that is not held; keys without one are left out. Reads without locks. */
    Map<SlotKey, String> nextQueued(Collection<SlotKey> keys);

    /** Locks these runs with all their task runs, and these further task runs alone. Unknown ids are left out. */
    Locked lock(Collection<String> runIds, Collection<String> taskRunIds);

    /** What {@link #lock} found; {@code taskRuns} holds those of the runs as well. */
    record Locked(Map<String, Run> runs, Map<String, TaskRun> taskRuns) {}

    /** A run with its task runs, without locks and not to be saved; null when there is none. */
    @Nullable
    Run read(String runId);

    void insert(Collection<Run> runs, Instant now);

    /**
     * Writes what has changed, guarded by the version that was read, and the journal of all moves.
     *
     * @return ids of rows that somebody else had changed; they were not written, and neither were their moves
     */
    Set<String> save(Collection<Run> runs, Collection<TaskRun> taskRuns, Collection<Slot> slots, Instant now);

    /**
     * Takes due task runs of one system for this node: lease, fence, round and state go up, unlocked ones first come first
     * served. The returned ones stand as after the claim.
     */
    List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now);

    /** A claimed task run, with the run that it belongs to. */
    record Claim(TaskRun taskRun, RunHead run, boolean takenOver) {}

    /** What a call needs to know of its run. */
    record RunHead(
            String runId,
            @Nullable String businessKey,
            String triggerBody,
            @Nullable String traceparent) {}

    /** Prolongs those of these leases that this node still holds under these fences; returns how many there are. */
    int renewLeases(Map<String, Long> fences, Instant leaseUntil);

    /** Makes task runs whose lease ran out due before all others; each once, and none that another node works on. */
    int hastenLost(Instant now, Instant front);

    /** Which of these systems have task runs that are due. */
    Set<String> dueSystems(Collection<String> systems, Instant now);

    /** Task runs whose cancel call is due, leased by moving the due time on. */
    List<Claim> claimCancels(int limit, Duration lease, Instant now);

    /** Of each known task run, read without a lock. */
    Map<String, TaskRunHead> heads(Collection<String> taskRunIds);

    /** The slot key of a run; null when there is no such run. */
    @Nullable
    SlotKey slotOf(String runId);

    /** Flags the task runs whose downstream has been silent for too long. */
    List<Flagged> flagSilent(int limit, Instant now);

    /** Flags the task runs that are overdue now. */
    List<Flagged> flagOverdue(int limit, Instant now);

    /** Flags the task runs whose attempt got no answer in time. */
    List<Flagged> flagNoAnswer(int limit, Instant now);

    /** Flags the queued runs that should have started. */
    List<Flagged> flagLate(int limit, Instant now);

    /**
     * A task run, or a run, that has just been flagged.
     *
     * @param task and {@code system}: null for a run
     */
    record Flagged(
            String id,
            String runId,
            String group,
            @Nullable String task,
            @Nullable String system,
            Instant since) {}

    /** Open task runs whose time-out has passed. */
    List<String> timedOut(int limit, Instant now);

    /** Keys whose slot is free, or held by an ended run, while a run waits for it. */
    Set<SlotKey> stalledSlots(int limit);

    /** Removes slots that nobody holds or waits for; returns how many. */
    int purgeIdleSlots(int limit, Instant unusedSince);

    /** The queued runs that need this key, held ones included, newest first. */
    List<Waiter> waiting(SlotKey key, int limit);

    /** @param keyed whether its message named a partitionkey */
    record Waiter(String runId, SlotKey key, boolean keyed, boolean held) {}

    /** How many runs of a group are queued, counted no further than {@code upTo}. */
    int countQueued(String group, int upTo);

    /** Locks the gate of a group, before any slot; waits for nobody. */
    boolean tryGate(String group);

    /** Locks the gate of a group, before any slot. */
    void lockGate(String group);

    /** How many places of the group are taken; exact while its gate is locked. */
    int activeInGate(String group);

    /** The first queued runs that need a place of the group and are kept by nothing else. Reads without locks. */
    List<Waiter> nextInGate(String group, int limit);

    /** Groups in which runs wait for a place. */
    Set<String> waitingGates();

    /** To be done once this transaction has been committed, in transactions of its own; lost if the node dies. */
    void afterCommit(Runnable work);

    /** The queued runs of a group, by id, with their keys. */
    Map<String, SlotKey> queued(String group);

    boolean hasOpenRuns(String group);

    /** How many runs of the group have not ended, by their version. */
    Map<Integer, Long> openRunsByVersion(String group);

    List<TriggeredRun> ofTrigger(String triggerId);

    /** The same for several messages, by message; one without runs is left out. */
    Map<String, List<TriggeredRun>> ofTriggers(Collection<String> triggerIds);

    /** What became of these runs, by run. */
    Map<String, TriggeredRun> outcomes(Collection<String> runIds);

    /** Those of these runs that are not open. */
    Set<String> ended(Collection<String> runIds);

    /** Failed runs that nobody has dealt with, by time and id, those after the given one. */
    List<Unresolved> unresolved(@Nullable Unresolved after, int limit);

    /** A failed run, and since when it waits for somebody. */
    record Unresolved(Instant since, String runId) {}

    /**
     * For those of these runs that have one: a later run of the same group and business key that completed after their end,
     * or a re-run that did. What has no business key is repeated by what comes without one under the same ordering key,
     * unless runs ignore that key.
     */
    Map<String, String> laterSuccesses(Collection<String> runIds);

    /** Runs whose resolution was for a time that is over. */
    List<String> lapsedResolutions(int limit, Instant now);
}
