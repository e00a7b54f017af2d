package io.syncline.scheduler.simulation;

import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.scheduler.trigger.Judgement;
import io.syncline.scheduler.trigger.SimulatedInbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Upstream systems: they send a message until they have heard what became of it, some of them more often. */
final class Senders {

    /** One message; its id names its content unless somebody makes a mistake. */
    record Message(
            String id,
            String group,
            String subject,
            @Nullable String partitionKey,
            int content) {}

    private final Simulation world;
    private final List<Message> sent = new ArrayList<>();
    private int numbers;
    private int unheard;

    Senders(Simulation world) {
        this.world = world;
    }

    void begin() {
        world.at(world.millis(0, 500), "a sender", this::next);
    }

    boolean isQuiet() {
        return unheard == 0;
    }

    private void next() {
        if (world.isHealed()) {
            return;
        }
        world.at(world.millis(1500, 9_000), "a sender", this::next);
        if (!sent.isEmpty() && world.strikes(Fault.TRIGGER_DUPLICATED, 25)) {
            send(world.oneOf(sent));
        } else if (!sent.isEmpty() && world.strikes(Fault.TRIGGER_CONFLICTING, 8)) {
            var first = world.oneOf(sent);
            send(new Message(first.id, first.group, first.subject, first.partitionKey, first.content + 1000));
        } else {
            var group = world.oneOf(SimulatedGroups.KEYS);
            var message = new Message(
                    "m" + ++numbers,
                    group,
                    world.oneOf(List.of("k1", "k1", "k2")),
                    world.chance(15) ? "p1" : null,
                    numbers);
            sent.add(message);
            int times = world.strikes(Fault.TRIGGER_DUPLICATED, 15) ? 2 : 1;
            for (int i = 0; i < times; i++) {
                send(message);
            }
        }
    }

    private void send(Message message) {
        unheard++;
        world.at(world.millis(1, 800), "trigger " + message.id + " for " + message.group, () -> arrive(message));
    }

    private void arrive(Message message) {
        var node = world.anyNode();
        if (node == null) {
            again(message);
            return;
        }
        world.at(Duration.ZERO, "trigger " + message.id + " at " + node.name, () -> {
            try {
                var judgement = SimulatedInbox.send(
                        node.intake,
                        SimulatedGroups.SOURCE,
                        message.id,
                        message.group,
                        message.subject,
                        message.partitionKey,
                        message.content);
                unheard--;
                world.history.tell(() -> "  " + judgement);
                world.checker.judged(message, judgement);
            } catch (NodeGone gone) {
                again(message);
                throw gone;
            } catch (ProblemException problem) {
                world.happened(Fault.QUEUE_FULL, message.group);
                again(message);
            } catch (RuntimeException e) {
                if (!PassingFailure.is(e)) {
                    throw e;
                }
                again(message);
            }
        });
    }

    private void again(Message message) {
        unheard--;
        if (!world.isHealed()) {
            world.happened(Fault.TRIGGER_SENT_AGAIN, message.id);
        }
        unheard++;
        world.at(world.millis(1000, 6000), "trigger " + message.id + " once more", () -> arrive(message));
    }

    /** What the judgement of a message says to its sender. */
    static boolean isTaken(Judgement judgement) {
        return judgement instanceof Judgement.Accepted || judgement instanceof Judgement.Duplicate;
    }
}
