package io.syncline.scheduler.simulation;

import io.syncline.outbox.SimulatedOutbox;
import io.syncline.scheduler.callback.SimulatedCallbacks;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.quartz.SimulatedSchedules;
import io.syncline.scheduler.run.SimulatedRuns;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.scheduler.testing.InMemoryTables;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.trigger.SimulatedInbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes, their database, their senders, their downstream and the network between them, on one thread and in virtual
 * time. One seeded source of random numbers decides everything, so a seed tells the whole story; what the nodes do is done by
 * the product's own classes.
 */
final class Simulation {

    private static final Instant START = SettableClock.NOON;
    private static final Duration LONGEST_SETTLING = Duration.ofHours(1);
    private static final int NODES = 3;
    private static final int FAULTS_IN_HUNDRED_STEPS = 7;
    private static final int REORDERED_IN_HUNDRED_STEPS = 15;
    private static final int WITHIN_REACH = 6;

    final Random random;
    final @Nullable Plant plant;
    final InMemoryTables database = new InMemoryTables();
    final SimulatedRuns runs = new SimulatedRuns(database);
    final List<Object> calls = new ArrayList<>();
    final SimulatedCallbacks callbacks;
    final SimulatedInbox inbox;
    final SimulatedSchedules schedules;
    final SimulatedGroups groups;
    final SimulatedAlerts alerts = new SimulatedAlerts(database);
    final SimulatedOutbox outbox;
    final People people = new People(this);
    final History history;
    final Checker checker;
    final Network network;
    final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Senders senders;
    private final Operators operators;
    private Instant now = START;
    private Instant databaseAwayUntil = Instant.MIN;
    private long scheduled;
    private int steps;
    private boolean healed;

    /** The node that stopped in the middle of what it does. */
    private @Nullable SimulatedNode frozen;

    /** @param node null: the world outside */
    private record Event(Instant at, long number, @Nullable SimulatedNode node, String what, Runnable action) {}

    /** @param told whether the history is written down, which takes time */
    Simulation(long seed, @Nullable Plant plant, boolean told) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.plant = plant;
        this.history = new History(told);
        this.callbacks = new SimulatedCallbacks(database, plant == Plant.COPIES_FORGOTTEN);
        this.inbox = new SimulatedInbox(database, plant == Plant.NO_UNIQUE_KEY);
        this.schedules = new SimulatedSchedules(database, plant == Plant.MISSED_FORGOTTEN);
        this.outbox = new SimulatedOutbox(database, this::now, plant == null ? null : plant.inOutbox);
        var misfire = Misfire.values()[random.nextInt(Misfire.values().length)];
        this.groups = new SimulatedGroups(database, misfire);
        this.checker = new Checker(this, misfire);
        this.network = new Network(this);
        this.senders = new Senders(this);
        this.operators = new Operators(this);
        database.onCommit(checker::committed);
        for (int i = 0; i < NODES; i++) {
            nodes.add(null);
            begin(i);
        }
        senders.begin();
        operators.begin();
    }

    /** Lets the world go on for so many steps, then heals it, waits until it is quiet and looks at what is left. */
    Simulation run(int most) {
        while (steps < most && !checker.hasFailed()) {
            step();
        }
        if (!checker.hasFailed()) {
            settle();
        }
        return this;
    }

    // ---- time and chance

    Instant now() {
        return now;
    }

    boolean isHealed() {
        return healed;
    }

    /** Whether something happens that happens so often in a hundred times. */
    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** The same for a fault, which is counted; never in a world that has been healed. */
    boolean strikes(Fault fault, int percent) {
        if (healed || !chance(percent)) {
            return false;
        }
        happened(fault, "");
        return true;
    }

    void happened(Fault fault, String detail) {
        faults.merge(fault, 1, Integer::sum);
        history.tell(() -> "  ! " + fault + " " + detail);
    }

    Duration millis(int from, int to) {
        return Duration.ofMillis(from + random.nextInt(to - from + 1));
    }

    <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    // ---- events

    /** Something outside of the nodes. */
    void at(Duration after, String what, Runnable action) {
        at(after, null, what, action);
    }

    /** Something a node does, unless it has crashed by then; while it sleeps it waits. */
    void at(Duration after, @Nullable SimulatedNode node, String what, Runnable action) {
        add(new Event(now.plus(after), scheduled++, node, what, action));
    }

    private void add(Event event) {
        int place = events.size();
        while (place > 0 && events.get(place - 1).at.isAfter(event.at)) {
            place--;
        }
        events.add(place, event);
    }

    private void step() {
        steps++;
        if (chance(FAULTS_IN_HUNDRED_STEPS)) {
            fault();
        } else {
            int place = 0;
            if (events.size() > WITHIN_REACH && chance(REORDERED_IN_HUNDRED_STEPS)) {
                place = random.nextInt(WITHIN_REACH);
                happened(Fault.STEPS_REORDERED, "");
            }
            take(place);
        }
    }

    private void take(int place) {
        var event = events.remove(place);
        var node = event.node;
        if (node != null && !node.isUp()) {
            return;
        }
        if (node != null && (node == frozen || node.asleepUntil.isAfter(now))) {
            var later = node.asleepUntil.isAfter(event.at) ? node.asleepUntil : event.at;
            add(new Event(later, scheduled++, node, event.what, event.action));
            return;
        }
        now = event.at.isAfter(now) ? event.at : now;
        history.tell(() -> history.time(START, now) + " " + (node == null ? "" : node.name + ": ") + event.what);
        carryOut(event.action);
    }

    private void carryOut(Runnable action) {
        try {
            action.run();
        } catch (NodeGone gone) {
            history.tell(() -> "  " + gone.getMessage());
        } catch (RuntimeException e) {
            history.tell(() -> "  failed: " + e);
            if (!PassingFailure.is(e)) {
                checker.fail(Invariant.UNEXPECTED, e.toString(), e);
            }
        }
    }

    // ---- nodes

    private void begin(int place) {
        var off = place == 0 ? Duration.ZERO : Duration.ofMinutes(random.nextInt(121) - 60);
        var node = new SimulatedNode("node-" + (char) ('a' + place), off, this);
        nodes.set(place, node);
        every(node, 800, 2500, "round", () -> node.round(true));
        every(node, 2800, 3200, "renew leases", () -> {
            node.dispatch.renewLeases();
            node.runs.hastenLost();
        });
        every(node, 7000, 11000, "sweep", () -> {
            node.runs.sweep();
            node.runs.sweepFailures();
        });
        every(node, 3500, 5500, "outbox", node::deliver);
        every(node, 9000, 11000, "schedules", () -> {
            node.schedules.align();
            node.schedules.turn(SimulatedGroups.BY_TIME);
            node.schedules.catchUp();
        });
    }

    private void every(SimulatedNode node, int from, int to, String what, Runnable action) {
        at(millis(from, to), node, what, () -> {
            // Before it is done: what fails is done again.
            every(node, from, to, what, action);
            action.run();
        });
    }

    /** A node that takes requests now; null when all are down or asleep. */
    @Nullable
    SimulatedNode anyNode() {
        var awake = nodes.stream().filter(SimulatedNode::isAwake).toList();
        return awake.isEmpty() ? null : oneOf(awake);
    }

    void crash(SimulatedNode node) {
        if (!node.isUp()) {
            return;
        }
        node.crash();
        int place = nodes.indexOf(node);
        at(millis(500, 25_000), node.name + " starts again", () -> {
            if (!nodes.get(place).isUp()) {
                begin(place);
            }
        });
    }

    /** Stops a node where it is, in the middle of what it does, while the others go on. */
    void freeze(SimulatedNode node) {
        if (frozen != null || healed) {
            return;
        }
        happened(Fault.FROZEN_BETWEEN_EFFECTS, node.name);
        frozen = node;
        node.asleepUntil = now.plus(millis(500, 40_000));
        var wakesAt = node.asleepUntil;
        while (now.isBefore(wakesAt) && !checker.hasFailed() && events.get(0).at.isBefore(wakesAt)) {
            step();
        }
        now = now.isBefore(wakesAt) ? wakesAt : now;
        node.asleepUntil = Instant.MIN;
        frozen = null;
        history.tell(() -> history.time(START, now) + " " + node.name + " goes on");
    }

    boolean databaseIsAway() {
        return databaseAwayUntil.isAfter(now);
    }

    // ---- faults of nodes and database

    private void fault() {
        var node = oneOf(nodes);
        int kind = random.nextInt(100);
        if (kind < 22) {
            node.crashAfter(random.nextInt(8));
        } else if (kind < 26) {
            happened(Fault.CRASH_BETWEEN_STEPS, node.name);
            crash(node);
        } else if (kind < 46) {
            node.freezeAfter(random.nextInt(6));
        } else if (kind < 60) {
            if (node.isUp()) {
                happened(Fault.FROZEN_BETWEEN_STEPS, node.name);
                node.asleepUntil = now.plus(millis(1000, 40_000));
            }
        } else if (kind < 70) {
            node.hearNothingOfTheNextCommit(true);
        } else if (kind < 80) {
            node.hearNothingOfTheNextCommit(false);
        } else if (kind < 88) {
            happened(Fault.DATABASE_AWAY, "");
            databaseAwayUntil = now.plus(millis(500, 20_000));
        } else if (kind < 92) {
            happened(Fault.TIME_JUMP, "");
            now = now.plus(millis(10_000, 150_000));
        } else {
            network.forge();
        }
    }

    // ---- the end

    private void settle() {
        healed = true;
        history.tell(() -> history.time(START, now) + " ---- all faults end");
        databaseAwayUntil = Instant.MIN;
        nodes.forEach(SimulatedNode::heal);
        network.heal();
        for (int place = 0; place < NODES; place++) {
            if (!nodes.get(place).isUp()) {
                begin(place);
            }
        }
        operators.resumeAll();
        var until = now.plus(LONGEST_SETTLING);
        while (!checker.hasFailed() && now.isBefore(until) && !(senders.isQuiet() && checker.hasSettled())) {
            take(0);
            checker.lookForWhatIsLate();
        }
        checker.finish();
    }

    int steps() {
        return steps;
    }
}
