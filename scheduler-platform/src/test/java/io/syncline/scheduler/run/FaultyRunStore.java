package io.syncline.scheduler.run;

import io.syncline.scheduler.run.StoreFaults.Plant;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node's view of the store under faults: what is locked by others is passed over, what is read without locks may be old. */
final class FaultyRunStore extends ForwardingRunStore {

    private final StoreFaults faults;

    /** The fences of this node's claims. */
    private final Map<String, Long> claimed = new HashMap<>();

    private final Set<String> reported = new HashSet<>();
    /** What was last read of each selection of rows, kept for a plant alone. */
    private final Map<Selection, Locked> lockedBefore = new HashMap<>();

    private @Nullable List<String> timedOutBefore;
    private @Nullable Set<SlotKey> stalledBefore;
    private @Nullable Set<String> dueBefore;

    private record Selection(Set<String> runIds, Set<String> taskRunIds) {}

    FaultyRunStore(RunStore real, StoreFaults faults) {
        super(real);
        this.faults = faults;
    }

    @Override
    public List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now) {
        var most = faults.rowsLocked() ? (limit + 1) / 2 : limit;
        var at = faults.has(Plant.NODE_CLOCK_IN_LEASE) ? faults.nodeClock() : now;
        var claims = super.claim(system, most, at.plus(Duration.between(now, leaseUntil)), at);
        claims.forEach(claim -> claimed.put(claim.taskRun().taskRunId, claim.taskRun().fence));
        return claims;
    }

    @Override
    public boolean tryGate(String group) {
        return !faults.rowsLocked() && super.tryGate(group);
    }

    @Override
    public int activeInGate(String group) {
        return faults.has(Plant.COUNTS_NO_PLACES) ? 0 : super.activeInGate(group);
    }

    @Override
    public Set<String> dueSystems(Collection<String> systems, Instant now) {
        var before = dueBefore;
        dueBefore = super.dueSystems(systems, now);
        return before != null && faults.staleRead() ? before : dueBefore;
    }

    @Override
    public List<String> timedOut(int limit, Instant now) {
        var before = timedOutBefore;
        timedOutBefore = super.timedOut(limit, now);
        return before != null && faults.staleRead() ? before : timedOutBefore;
    }

    @Override
    public Set<SlotKey> stalledSlots(int limit) {
        if (faults.has(Plant.LOSES_THE_PROMOTION)) {
            return Set.of();
        }
        var before = stalledBefore;
        stalledBefore = super.stalledSlots(limit);
        return before != null && faults.staleRead() ? before : stalledBefore;
    }

    @Override
    public Map<SlotKey, String> nextQueued(Collection<SlotKey> keys) {
        if (faults.has(Plant.LOSES_THE_PROMOTION)) {
            return Map.of();
        }
        var next = super.nextQueued(keys);
        if (!faults.has(Plant.TAKES_THE_NEWEST)) {
            return next;
        }
        var newest = new HashMap<SlotKey, String>();
        next.keySet()
                .forEach(key -> super.waiting(key, Integer.MAX_VALUE).stream()
                        .filter(waiter -> !waiter.held())
                        .findFirst()
                        .ifPresent(waiter -> newest.put(key, waiter.runId())));
        return newest;
    }

    @Override
    public Map<String, TaskRunHead> heads(Collection<String> taskRunIds) {
        reported.clear();
        reported.addAll(taskRunIds);
        return super.heads(taskRunIds);
    }

    @Override
    public Locked lock(Collection<String> runIds, Collection<String> taskRunIds) {
        var locked = faults.has(Plant.IGNORES_THE_VERSION)
                ? readWithoutLock(runIds, taskRunIds)
                : super.lock(runIds, taskRunIds);
        for (TaskRun task : locked.taskRuns().values()) {
            if (faults.has(Plant.IGNORES_THE_FENCE) && claimed.containsKey(task.taskRunId)) {
                task.fence = claimed.get(task.taskRunId);
            }
            if (faults.has(Plant.REOPENS_WHAT_COMPLETED)
                    && reported.contains(task.taskRunId)
                    && task.state == TaskRunState.COMPLETED) {
                task.state = TaskRunState.RUNNING;
            }
        }
        return locked;
    }

    private Locked readWithoutLock(Collection<String> runIds, Collection<String> taskRunIds) {
        var selection = new Selection(Set.copyOf(runIds), Set.copyOf(taskRunIds));
        var before = lockedBefore.put(selection, super.lock(runIds, taskRunIds));
        return before != null && faults.staleRead() ? before : super.lock(runIds, taskRunIds);
    }

    /** As if the update did not ask for the version that was read. */
    private void takeVersionsOf(Collection<Run> runs, Collection<TaskRun> taskRuns) {
        var kept = super.lock(
                runs.stream().map(run -> run.runId).toList(),
                taskRuns.stream().map(task -> task.taskRunId).toList());
        runs.forEach(run -> run.version = kept.runs().get(run.runId).version);
        taskRuns.forEach(task -> task.version = kept.taskRuns().get(task.taskRunId).version);
    }

    @Override
    public Set<String> save(Collection<Run> runs, Collection<TaskRun> taskRuns, Collection<Slot> slots, Instant now) {
        if (faults.has(Plant.MERGES_WITHOUT_LINKING)) {
            runs.forEach(run -> run.mergedInto = null);
        }
        if (faults.has(Plant.FORGETS_THE_JOURNAL)) {
            taskRuns.stream().filter(task -> task.state.isEnded()).forEach(task -> task.moves.clear());
        }
        if (faults.has(Plant.IGNORES_THE_VERSION)) {
            takeVersionsOf(runs, taskRuns);
        }
        return super.save(runs, taskRuns, slots, now);
    }
}
