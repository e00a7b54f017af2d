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

/** Passes everything on, for stores of tests that do one thing otherwise. */
abstract class ForwardingRunStore implements RunStore {

    private final RunStore real;

    ForwardingRunStore(RunStore real) {
        this.real = real;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
        return real.inTransaction(work);
    }

    @Override
    public Instant now() {
        return real.now();
    }

    @Override
    public SortedMap<SlotKey, Slot> lockSlots(Collection<SlotKey> keys) {
        return real.lockSlots(keys);
    }

    @Override
    public Set<SlotKey> tryLockSlots(Collection<SlotKey> keys) {
        return real.tryLockSlots(keys);
    }

    @Override
    public SortedMap<SlotKey, Slot> openSlots(Collection<SlotKey> keys) {
        return real.openSlots(keys);
    }

    @Override
    public Map<SlotKey, String> nextQueued(Collection<SlotKey> keys) {
        return real.nextQueued(keys);
    }

    @Override
    public Locked lock(Collection<String> runIds, Collection<String> taskRunIds) {
        return real.lock(runIds, taskRunIds);
    }

    @Override
    public @Nullable Run read(String runId) {
        return real.read(runId);
    }

    @Override
    public void insert(Collection<Run> runs, Instant now) {
        real.insert(runs, now);
    }

    @Override
    public Set<String> save(Collection<Run> runs, Collection<TaskRun> taskRuns, Collection<Slot> slots, Instant now) {
        return real.save(runs, taskRuns, slots, now);
    }

    @Override
    public List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now) {
        return real.claim(system, limit, leaseUntil, now);
    }

    @Override
    public int renewLeases(Map<String, Long> fences, Instant leaseUntil) {
        return real.renewLeases(fences, leaseUntil);
    }

    @Override
    public int hastenLost(Instant now, Instant front) {
        return real.hastenLost(now, front);
    }

    @Override
    public Set<String> dueSystems(Collection<String> systems, Instant now) {
        return real.dueSystems(systems, now);
    }

    @Override
    public List<Claim> claimCancels(int limit, Duration lease, Instant now) {
        return real.claimCancels(limit, lease, now);
    }

    @Override
    public Map<String, TaskRunHead> heads(Collection<String> taskRunIds) {
        return real.heads(taskRunIds);
    }

    @Override
    public @Nullable SlotKey slotOf(String runId) {
        return real.slotOf(runId);
    }

    @Override
    public List<Flagged> flagSilent(int limit, Instant now) {
        return real.flagSilent(limit, now);
    }

    @Override
    public List<Flagged> flagOverdue(int limit, Instant now) {
        return real.flagOverdue(limit, now);
    }

    @Override
    public List<Flagged> flagNoAnswer(int limit, Instant now) {
        return real.flagNoAnswer(limit, now);
    }

    @Override
    public List<Flagged> flagLate(int limit, Instant now) {
        return real.flagLate(limit, now);
    }

    @Override
    public List<String> timedOut(int limit, Instant now) {
        return real.timedOut(limit, now);
    }

    @Override
    public Set<SlotKey> stalledSlots(int limit) {
        return real.stalledSlots(limit);
    }

    @Override
    public int purgeIdleSlots(int limit, Instant unusedSince) {
        return real.purgeIdleSlots(limit, unusedSince);
    }

    @Override
    public List<Waiter> waiting(SlotKey key, int limit) {
        return real.waiting(key, limit);
    }

    @Override
    public int countQueued(String group, int upTo) {
        return real.countQueued(group, upTo);
    }

    @Override
    public boolean tryGate(String group) {
        return real.tryGate(group);
    }

    @Override
    public void lockGate(String group) {
        real.lockGate(group);
    }

    @Override
    public int activeInGate(String group) {
        return real.activeInGate(group);
    }

    @Override
    public List<Waiter> nextInGate(String group, int limit) {
        return real.nextInGate(group, limit);
    }

    @Override
    public Set<String> waitingGates() {
        return real.waitingGates();
    }

    @Override
    public void afterCommit(Runnable work) {
        real.afterCommit(work);
    }

    @Override
    public Map<String, SlotKey> queued(String group) {
        return real.queued(group);
    }

    @Override
    public boolean hasOpenRuns(String group) {
        return real.hasOpenRuns(group);
    }

    @Override
    public Map<Integer, Long> openRunsByVersion(String group) {
        return real.openRunsByVersion(group);
    }

    @Override
    public List<TriggeredRun> ofTrigger(String triggerId) {
        return real.ofTrigger(triggerId);
    }

    @Override
    public Map<String, List<TriggeredRun>> ofTriggers(Collection<String> triggerIds) {
        return real.ofTriggers(triggerIds);
    }

    @Override
    public Map<String, TriggeredRun> outcomes(Collection<String> runIds) {
        return real.outcomes(runIds);
    }

    @Override
    public Set<String> ended(Collection<String> runIds) {
        return real.ended(runIds);
    }

    @Override
    public List<Unresolved> unresolved(@Nullable Unresolved after, int limit) {
        return real.unresolved(after, limit);
    }

    @Override
    public Map<String, String> laterSuccesses(Collection<String> runIds) {
        return real.laterSuccesses(runIds);
    }

    @Override
    public List<String> lapsedResolutions(int limit, Instant now) {
        return real.lapsedResolutions(limit, now);
    }
}
