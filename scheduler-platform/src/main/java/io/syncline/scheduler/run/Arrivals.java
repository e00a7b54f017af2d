package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.WhenActive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What becomes of new runs, by the policies of their groups. A run is judged once, on arrival: one that an operator queues
 * again later waits for its turn like any other.
 */
final class Arrivals {

    private static final String PLATFORM = "syncline";

    private final SortedMap<SlotKey, Slot> slots;
    private final Map<String, Run> known;
    private final Set<SlotKey> waited;
    private final Map<String, Integer> free;
    private final Instant now;
    private final List<Run> judged = new ArrayList<>();
    private final Map<SlotKey, List<Run>> replaceable = new HashMap<>();
    private final Set<String> gatesToServe = new TreeSet<>();
    private final Map<String, Integer> queued = new HashMap<>();
    private final Map<String, TaskGroup> newest = new HashMap<>();

    /**
     * @param known the locked runs that an arrival may end: active ones, and queued ones that it may stand for
     * @param waited keys for which other runs wait that no arrival ends
     * @param free how many places each group that limits its active runs has left; without those that could not be told
     */
    Arrivals(
            SortedMap<SlotKey, Slot> slots,
            Map<String, Run> known,
            Set<SlotKey> waited,
            Map<String, Integer> free,
            Instant now) {
        this.slots = slots;
        this.known = known;
        this.waited = Set.copyOf(waited);
        this.free = new HashMap<>(free);
        this.now = now;
        known.values().stream()
                .filter(run -> run.state == RunState.QUEUED && !run.keyed && run.needsSlot())
                .forEach(run -> replaceable(run.slotKey()).add(run));
    }

    /** Whether a new run may end others of its key. */
    static boolean replacesOthers(NewRun run) {
        return !run.keyed()
                && (run.group().whenActive() == WhenActive.MERGE_LATEST
                        || run.group().whenActive() == WhenActive.CANCEL_THEN_START);
    }

    void judge(Run run, boolean isPaused) {
        switch (run.keyed ? WhenActive.QUEUE : run.group.whenActive()) {
            case QUEUE, PARALLEL -> startOrWait(run, isPaused);
            case SKIP -> {
                var slot = slot(run);
                if (isFree(slot)) {
                    startOrWait(run, isPaused);
                } else {
                    run.skipBehind(slot.activeRunId, now);
                }
            }
            case MERGE_LATEST -> {
                replaceWaiting(run);
                startOrWait(run, isPaused);
            }
            case CANCEL_THEN_START -> {
                replaceWaiting(run);
                if (!isPaused) {
                    cancelActive(run);
                }
                startOrWait(run, isPaused);
            }
        }
        if (run.state == RunState.QUEUED) {
            queued.merge(run.group.key(), 1, Integer::sum);
            newest.merge(run.group.key(), run.group, (one, other) -> one.version() >= other.version() ? one : other);
            if (!run.keyed) {
                replaceable(run.slotKey()).add(run);
            }
        }
        judged.add(run);
    }

    private void startOrWait(Run run, boolean isPaused) {
        var slot = slot(run);
        if (isPaused) {
            run.hold(now);
        } else if ((!run.needsSlot() || isFree(slot)) && takesPlace(run)) {
            if (run.needsSlot()) {
                slot.occupy(run.runId);
            }
            run.promote(now);
        }
    }

    private boolean isFree(Slot slot) {
        return slot.isFree()
                && !waited.contains(slot.key)
                && judged.stream()
                        .noneMatch(run -> run.isQueuedAndFree()
                                && run.needsSlot()
                                && run.slotKey().equals(slot.key));
    }

    private boolean takesPlace(Run run) {
        if (!run.isGated()) {
            return true;
        }
        var group = run.group.key();
        var left = free.get(group);
        if (left == null) {
            // somebody else is giving places away: asked again after the commit, so that starts do not wait for each
            // other
            gatesToServe.add(group);
            return false;
        }
        free.put(group, Math.max(0, left - 1));
        return left > 0;
    }

    private void replaceWaiting(Run run) {
        var waiting = replaceable.remove(run.slotKey());
        if (waiting == null) {
            return;
        }
        for (Run older : waiting) {
            older.merge(run.runId, now);
            queued.merge(run.group.key(), -1, Integer::sum);
        }
    }

    private void cancelActive(Run run) {
        var slot = slot(run);
        var active = slot.activeRunId == null ? null : known.get(slot.activeRunId);
        if (active == null || active.keyed) {
            return;
        }
        if (active.state == RunState.RUNNING) {
            active.cancel(new Operator(PLATFORM, "replaced by run " + run.runId), now);
        }
        if (!active.holdsSlot()) {
            slot.free();
        }
    }

    private List<Run> replaceable(SlotKey key) {
        return replaceable.computeIfAbsent(key, any -> new ArrayList<>());
    }

    private Slot slot(Run run) {
        var slot = slots.get(run.slotKey());
        if (slot == null) {
            throw new IllegalStateException("slot was not locked: " + run.slotKey());
        }
        return slot;
    }

    /** Groups whose free places are to be given away after the commit. */
    Set<String> gatesToServe() {
        return gatesToServe;
    }

    /** How many more runs of each group are queued than before; fewer where one stands for several. */
    Map<TaskGroup, Integer> queued() {
        var more = new IdentityHashMap<TaskGroup, Integer>();
        newest.forEach((key, group) -> more.put(group, queued.getOrDefault(key, 0)));
        return more;
    }
}
