package io.syncline.scheduler.simulation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.outbox.SimulatedOutbox;
import io.syncline.scheduler.callback.SimulatedCallbacks;
import io.syncline.scheduler.callback.SimulatedCallbacks.Incoming;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.dispatch.SimulatedDispatch;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.quartz.SimulatedSchedules;
import io.syncline.scheduler.run.DueWork;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.StoreFaults;
import io.syncline.scheduler.trigger.Intake;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One life of one node: the product's own classes over the ports of the simulation, without threads. All that it remembers
 * is lost when it crashes; the next life bears the same name.
 */
final class SimulatedNode {

    /** Where a node may stop between two side effects. */
    enum Point {
        BEGIN,
        COMMIT,
        COMMITTED,
        SEND,
        SENT
    }

    private static final int SLOTS = 4;

    /** Its meters are nobody's concern here. */
    private static final MeterRegistry METERS = new SimpleMeterRegistry();

    final String name;
    final Runs runs;
    final SimulatedDispatch dispatch;
    final SimulatedCallbacks.Judge callbacks;
    final Intake intake;
    final NodeTransactions transactions;
    final SimulatedSchedules.Turns schedules;

    private final Simulation world;
    private final Duration clockOff;
    private final Set<String> announced = new TreeSet<>();
    private final List<Received> received = new ArrayList<>();
    private final SimulatedOutbox.Relay relay;
    private int slotsTaken;
    private boolean looksSoon;
    private boolean dead;
    private int stopsUntilCrash = -1;
    private int stopsUntilFreeze = -1;
    private NodeTransactions.Fate nextCommit = NodeTransactions.Fate.DONE;

    /** Nothing of it runs before. */
    Instant asleepUntil = Instant.MIN;

    private record Received(Incoming callback, Consumer<SimulatedCallbacks.Told> sender) {}

    SimulatedNode(String name, Duration clockOff, Simulation world) {
        this.name = name;
        this.clockOff = clockOff;
        this.world = world;
        this.transactions = new NodeTransactions(this, world.database);
        var outbox = world.outbox.on(transactions, new OutboxFaults());
        outbox.onCommit(this::lookSoon);
        this.relay = outbox.relay(List.of(world.people.from(this)), () -> 0.8 + 0.4 * world.random.nextDouble());
        var alerts = world.alerts.through(outbox);
        this.runs = world.runs.on(
                name, transactions, world::now, world.groups, world.random, this::heard, alerts, new Faults());
        this.dispatch = new SimulatedDispatch(
                runs,
                new Slots(),
                world::now,
                transactions,
                world.database,
                world.calls,
                () -> world.now().toEpochMilli() * 1_000_000,
                world.random,
                METERS);
        this.callbacks = world.callbacks.on(runs, world::now, transactions, METERS);
        this.intake = world.inbox.on(
                runs,
                world.groups,
                world::now,
                transactions,
                alerts,
                METERS,
                () -> world.strikes(Fault.STALE_READ, 25));
        this.schedules = world.schedules.on(world.groups, intake, world::now, transactions);
    }

    boolean isUp() {
        return !dead;
    }

    boolean isAwake() {
        return !dead && !asleepUntil.isAfter(world.now());
    }

    private final class Faults implements StoreFaults {
        @Override
        public boolean has(Plant plant) {
            return world.plant != null && world.plant.inStore == plant;
        }

        @Override
        public boolean staleRead() {
            return world.strikes(Fault.STALE_READ, 8);
        }

        @Override
        public boolean rowsLocked() {
            return world.strikes(Fault.ROWS_LOCKED, 8);
        }

        @Override
        public Instant nodeClock() {
            return world.now().plus(clockOff);
        }
    }

    private final class OutboxFaults implements SimulatedOutbox.Faults {
        @Override
        public boolean staleRead() {
            return world.strikes(Fault.STALE_READ, 8);
        }

        @Override
        public boolean rowsLocked() {
            return world.strikes(Fault.ROWS_LOCKED, 8);
        }

        @Override
        public void refusedByFence(String messageId) {
            world.happened(Fault.STALE_DELIVERY_REJECTED, messageId);
        }
    }

    // ---- its faults

    void crashAfter(int stops) {
        stopsUntilCrash = stops;
    }

    void freezeAfter(int stops) {
        stopsUntilFreeze = stops;
    }

    void hearNothingOfTheNextCommit(boolean butItIsDone) {
        nextCommit = butItIsDone ? NodeTransactions.Fate.UNKNOWN_AND_DONE : NodeTransactions.Fate.UNKNOWN_AND_UNDONE;
    }

    void heal() {
        stopsUntilCrash = -1;
        stopsUntilFreeze = -1;
        nextCommit = NodeTransactions.Fate.DONE;
        asleepUntil = Instant.MIN;
    }

    void crash() {
        dead = true;
        received.forEach(one -> one.sender().accept(new SimulatedCallbacks.Told(null, null, null)));
        received.clear();
    }

    boolean databaseIsAway() {
        return world.databaseIsAway();
    }

    NodeTransactions.Fate fateOfCommit() {
        var fate = nextCommit;
        nextCommit = NodeTransactions.Fate.DONE;
        if (fate == NodeTransactions.Fate.UNKNOWN_AND_DONE) {
            world.happened(Fault.COMMITTED_BUT_UNKNOWN, name);
        } else if (fate == NodeTransactions.Fate.UNKNOWN_AND_UNDONE) {
            world.happened(Fault.ROLLED_BACK_AND_UNKNOWN, name);
            if (world.plant == Plant.ACKNOWLEDGED_BEFORE_COMMIT) {
                return NodeTransactions.Fate.TOLD_BUT_UNDONE;
            }
        }
        return fate;
    }

    /** A side effect is next, or has just been made. */
    void comesTo(Point point) {
        if (dead) {
            throw new NodeGone(name);
        }
        if (stopsUntilCrash == 0) {
            world.happened(
                    switch (point) {
                        case BEGIN -> Fault.CRASH_BETWEEN_STEPS;
                        case COMMIT -> Fault.CRASH_BEFORE_COMMIT;
                        case COMMITTED -> Fault.CRASH_AFTER_COMMIT;
                        case SEND -> Fault.CRASH_BEFORE_SEND;
                        case SENT -> Fault.CRASH_BEFORE_NOTED;
                    },
                    name);
            world.crash(this);
            throw new NodeGone(name);
        }
        stopsUntilCrash = Math.max(-1, stopsUntilCrash - 1);
        if (point != Point.COMMIT) {
            if (stopsUntilFreeze == 0) {
                stopsUntilFreeze = -1;
                world.freeze(this);
            }
            stopsUntilFreeze = Math.max(-1, stopsUntilFreeze - 1);
        }
    }

    // ---- its work

    /** What a commit left to be done; lost in a crash. */
    void doLater(Runnable work) {
        world.at(world.millis(1, 20), this, "after a commit", work);
    }

    private void heard(DueWork work) {
        work.systems()
                .forEach((system, wait) -> world.at(wait.plusMillis(1), this, "wake-up", () -> {
                    announced.add(system);
                    round(false);
                }));
    }

    void round(boolean poll) {
        var systems = Set.copyOf(announced);
        announced.clear();
        dispatch.round(systems, poll);
    }

    void write() {
        var wait = dispatch.write();
        if (!wait.isZero()) {
            world.at(wait, this, "write outcomes", this::write);
        }
    }

    /** Looks for messages to deliver, and again behind each delivery. */
    void deliver() {
        looksSoon = false;
        relay.look(delivery -> world.at(world.millis(1, 300), this, "deliver a message", () -> {
            delivery.run();
            lookSoon();
        }));
    }

    private void lookSoon() {
        if (!looksSoon) {
            looksSoon = true;
            world.at(world.millis(1, 20), this, "outbox", this::deliver);
        }
    }

    /** Takes a callback; those that come close together are judged in one transaction. */
    void receive(Incoming callback, Consumer<SimulatedCallbacks.Told> sender) {
        received.add(new Received(callback, sender));
        if (received.size() == 1) {
            world.at(world.millis(0, 10), this, "write callbacks", this::judge);
        }
    }

    private void judge() {
        var batch = List.copyOf(received);
        received.clear();
        var told = callbacks.judge(batch.stream().map(Received::callback).toList());
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).sender().accept(told.get(i));
        }
    }

    /** The way out, with a few slots. */
    private final class Slots implements Downstreams {

        @Override
        public int reserve(String system, int wanted) {
            int free = Math.min(wanted, SLOTS - slotsTaken);
            slotsTaken += free;
            return free;
        }

        @Override
        public void release(String system, int unused) {
            slotsTaken -= unused;
        }

        @Override
        public CompletableFuture<Reply> call(OutboundCall call) {
            comesTo(Point.SEND);
            var future = new CompletableFuture<Reply>();
            world.network.send(SimulatedNode.this, call, reply -> {
                slotsTaken--;
                future.complete(reply);
                world.at(world.millis(0, 20), SimulatedNode.this, "write outcomes", SimulatedNode.this::write);
            });
            return future;
        }

        @Override
        public void refreshCredential(String system, Auth auth) {}

        @Override
        public Set<String> withFreeSlots() {
            return slotsTaken < SLOTS ? Set.of(io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM) : Set.of();
        }
    }
}
