package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Routing;
import io.syncline.scheduler.catalog.SyncSystem;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What this node has under way at one system: its slots, its rate and its instances. One lock guards all of it; the share
 * is asked for under the lock, so that {@link #fits} never overlooks a reservation made by an older, larger share.
 */
final class SystemGate {

    /** Fine enough to share a rate of fractions of a call per second. */
    private static final int RATE_PARTS = 1_000_000;

    private final IntUnaryOperator share;
    private final TokenBucket bucket;
    private @Nullable SyncSystem system;
    private Map<URI, Instance> instances = Map.of();
    private int taken;
    private int turn;

    SystemGate(IntUnaryOperator share, long nowNanos) {
        this.share = share;
        this.bucket = new TokenBucket(nowNanos);
    }

    synchronized void configure(SyncSystem current) {
        if (system == current) {
            return;
        }
        Map<URI, Instance> next = new LinkedHashMap<>();
        for (URI url : current.instances()) {
            Instance known = instances.get(url);
            next.put(url, known == null ? new Instance(url) : known);
        }
        instances = next;
        system = current;
    }

    synchronized @Nullable SyncSystem system() {
        return system;
    }

    /** Whether nothing but trial calls gets through to it. */
    synchronized boolean isShutOff() {
        return !instances.isEmpty() && instances.values().stream().allMatch(instance -> instance.health.isOpen());
    }

    synchronized Map<String, InstanceStates.State> states(long nowNanos) {
        Map<String, InstanceStates.State> states = new LinkedHashMap<>();
        for (Instance instance : instances.values()) {
            InstanceStates.State state = instance.health.state(nowNanos);
            if (state != null) {
                states.put(instance.url.toString(), state);
            }
        }
        return states;
    }

    synchronized int reserve(int wanted, long nowNanos) {
        int slots = Math.min(wanted, free(nowNanos));
        if (slots > 0) {
            taken += slots;
            bucket.take(slots);
        }
        return Math.max(0, slots);
    }

    synchronized boolean hasFree(long nowNanos) {
        return free(nowNanos) > 0;
    }

    private int free(long nowNanos) {
        if (system == null) {
            return 0;
        }
        int room = share.applyAsInt(system.concurrency()) - taken;
        if (room <= 0) {
            return 0;
        }
        double rate = Double.isInfinite(system.ratePerSecond())
                ? Double.POSITIVE_INFINITY
                : system.ratePerSecond() * share.applyAsInt(RATE_PARTS) / RATE_PARTS;
        return Math.min(Math.min(room, bucket.available(rate, nowNanos)), letThrough(nowNanos));
    }

    /** With every breaker open only trial calls pass, one for each instance that is due for one. */
    private int letThrough(long nowNanos) {
        int trials = 0;
        for (Instance instance : instances.values()) {
            if (!instance.health.isOpen()) {
                return Integer.MAX_VALUE;
            }
            if (instance.health.isDueForTrial(nowNanos)) {
                trials++;
            }
        }
        return instances.isEmpty() ? Integer.MAX_VALUE : Math.max(0, trials - taken);
    }

    /** Gives back slots that were never used for a call; returns how many had been reserved at all. */
    synchronized int giveBack(int unused) {
        int back = Math.min(unused, taken);
        taken -= back;
        bucket.giveBack(back);
        return back;
    }

    /** A call has ended; false when none was reserved. */
    synchronized boolean free() {
        if (taken == 0) {
            return false;
        }
        taken--;
        return true;
    }

    /** Whether what is under way fits the present share. */
    synchronized boolean fits() {
        return system == null || taken <= share.applyAsInt(system.concurrency());
    }

    synchronized int taken() {
        return taken;
    }

    /**
     * The instance for the next call, counted as busy from now on: one whose breaker is due for a trial first, then the
     * reachable ones in turn or by load, then those left out, then any. Null when {@code callable} takes none.
     */
    synchronized @Nullable Instance choose(Predicate<Instance> callable, long nowNanos) {
        List<Instance> all = instances.values().stream().filter(callable).toList();
        Instance chosen = pick(all, instance -> instance.health.isDueForTrial(nowNanos) && instance.inFlight == 0);
        if (chosen == null) {
            chosen = pick(all, instance -> !instance.health.isOpen() && !instance.health.isLeftOut(nowNanos));
        }
        if (chosen == null) {
            chosen = pick(all, instance -> !instance.health.isOpen());
        }
        if (chosen == null) {
            chosen = pick(all, instance -> true);
        }
        if (chosen != null) {
            chosen.inFlight++;
        }
        return chosen;
    }

    private @Nullable Instance pick(List<Instance> from, Predicate<Instance> fit) {
        List<Instance> fitting = new ArrayList<>(from.size());
        for (Instance instance : from) {
            if (fit.test(instance)) {
                fitting.add(instance);
            }
        }
        if (fitting.isEmpty()) {
            return null;
        }
        turn = (turn + 1) & Integer.MAX_VALUE;
        Instance chosen = fitting.get(turn % fitting.size());
        if (system != null && system.routing() == Routing.LEAST_BUSY) {
            for (int i = 1; i < fitting.size(); i++) {
                Instance other = fitting.get((turn + i) % fitting.size());
                if (other.inFlight < chosen.inFlight) {
                    chosen = other;
                }
            }
        }
        return chosen;
    }

    /** What a call has shown about its instance. */
    enum Sign {
        WORKS,
        FAILS,
        UNREACHABLE,
        NOTHING
    }

    synchronized void ended(Instance instance, Sign sign, long nowNanos) {
        instance.inFlight--;
        switch (sign) {
            case WORKS -> instance.health.succeeded();
            case FAILS -> instance.health.failed(nowNanos);
            case UNREACHABLE -> instance.health.unreachable(nowNanos);
            case NOTHING -> {}
        }
    }
}
