package io.syncline.scheduler.simulation;

import io.syncline.scheduler.run.SimulatedRuns.RunRow;
import io.syncline.scheduler.trigger.Judgement;
import io.syncline.scheduler.trigger.SimulatedInbox;
import io.syncline.scheduler.trigger.TriggerStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** I1 to I3: what was acknowledged runs once, nothing else runs, and the first content of an id stands. */
final class MessageRules {

    private final Simulation world;
    private final Rows rows;
    private final Findings findings;
    private final Map<String, SimulatedInbox.Message> takenMessages = new HashMap<>();
    private final Map<String, SimulatedInbox.Message> messages = new HashMap<>();
    private final Map<String, Integer> acknowledgedContent = new HashMap<>();
    private final Map<String, String> acknowledged = new LinkedHashMap<>();

    MessageRules(Simulation world, Rows rows, Findings findings) {
        this.world = world;
        this.rows = rows;
        this.findings = findings;
    }

    /** A run that is new. */
    void started(RunRow run) {
        findings.must(messages.containsKey(run.triggerId()), Invariant.I2, run.runId() + " has no message");
        if (run.rerunOf() == null) {
            var same = rows.runs.values().stream()
                    .filter(other -> other.rerunOf() == null
                            && other.triggerId().equals(run.triggerId())
                            && other.group().key().equals(run.group().key()))
                    .count();
            findings.must(same == 1, Invariant.I1, "message of " + run.runId() + " made " + same + " runs");
        }
    }

    void stored(SimulatedInbox.Message message) {
        messages.put(message.triggerId(), message);
        world.history.name(message.triggerId(), () -> "trigger of " + message.id());
        if (message.status() == TriggerStatus.ACCEPTED) {
            var first = takenMessages.putIfAbsent(message.source() + " " + message.id(), message);
            findings.must(first == null, Invariant.I1, "message " + message.id() + " was taken twice");
        }
    }

    void judged(Senders.Message message, Judgement judgement) {
        if (!Senders.isTaken(judgement)) {
            return;
        }
        var content = acknowledgedContent.putIfAbsent(message.id(), message.content());
        findings.must(
                content == null || content == message.content(),
                Invariant.I3,
                "message " + message.id() + " was acknowledged with two contents");
        var triggerId = Objects.requireNonNull(judgement.id());
        var first = acknowledged.putIfAbsent(message.id(), triggerId);
        findings.must(
                first == null || first.equals(triggerId),
                Invariant.I1,
                "message " + message.id() + " was acknowledged as two triggers");
    }

    void finish() {
        acknowledged.forEach((message, triggerId) -> findings.must(
                rows.runs.values().stream()
                                .filter(run ->
                                        run.rerunOf() == null && run.triggerId().equals(triggerId))
                                .count()
                        == 1,
                Invariant.I1,
                "message " + message + " was acknowledged, but has not made its run"));
        for (SimulatedInbox.Message message : takenMessages.values()) {
            findings.must(
                    rows.runs.values().stream().anyMatch(run -> run.triggerId().equals(message.triggerId())),
                    Invariant.I1,
                    "message " + message.id() + " was taken, but has not made a run");
        }
    }
}
