package io.syncline.scheduler.simulation;

import io.syncline.outbox.Delivery;
import io.syncline.outbox.DeliveryResult;
import io.syncline.outbox.OutboxEntry;
import io.syncline.outbox.RetryRules;
import java.time.Duration;

/** Where alerts are sent to: most arrive at once, some late, more than once or not yet, and few are refused for good. */
final class People {

    /** What a message to them is called in the outbox. */
    static final String KIND = "alert";

    private static final RetryRules RULES =
            new RetryRules(Duration.ofMillis(500), Duration.ofSeconds(8), Integer.MAX_VALUE, Duration.ofDays(3));

    private final Simulation world;

    People(Simulation world) {
        this.world = world;
    }

    /** The way of one node to them. */
    Delivery from(SimulatedNode node) {
        return new Delivery() {
            @Override
            public String kind() {
                return KIND;
            }

            @Override
            public RetryRules retryRules() {
                return RULES;
            }

            @Override
            public DeliveryResult deliver(OutboxEntry entry) {
                node.comesTo(SimulatedNode.Point.SEND);
                var result = send(entry);
                if (world.strikes(Fault.CRASH_BEFORE_NOTED, 2)) {
                    world.crash(node);
                    throw new NodeGone(node.name);
                }
                node.comesTo(SimulatedNode.Point.SENT);
                return result;
            }
        };
    }

    private DeliveryResult send(OutboxEntry entry) {
        var id = entry.id();
        if (world.strikes(Fault.MESSAGE_LOST, 8)) {
            throw new IllegalStateException("no connection");
        }
        if (world.strikes(Fault.MESSAGE_LATE, 5)) {
            world.at(world.millis(1000, 60_000), id + " arrives late", () -> arrive(entry));
            throw new IllegalStateException("no answer in time");
        }
        if (world.strikes(Fault.RECEIVER_BUSY, 6)) {
            return DeliveryResult.retry(world.millis(0, 20_000), "busy");
        }
        if (world.strikes(Fault.RECEIVER_CLOSED, 4)) {
            return DeliveryResult.later(world.millis(500, 8000), "not tried");
        }
        if (world.strikes(Fault.MESSAGE_REFUSED, 2)) {
            world.checker.messageRefused(id);
            return DeliveryResult.dead("refused");
        }
        arrive(entry);
        if (world.strikes(Fault.MESSAGE_ANSWER_LOST, 8)) {
            throw new IllegalStateException("the connection was lost");
        }
        return DeliveryResult.delivered();
    }

    private void arrive(OutboxEntry entry) {
        world.history.tell(
                () -> "  people get " + entry.id() + " " + entry.message().payload());
        world.checker.messageArrived(entry.id());
    }
}
