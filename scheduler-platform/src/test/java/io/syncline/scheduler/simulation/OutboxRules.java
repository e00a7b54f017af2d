package io.syncline.scheduler.simulation;

import io.syncline.outbox.SimulatedOutbox.MessageRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** I17 and I18: each message that was committed arrives, nothing else does, and the first arrivals keep the order of their key. */
final class OutboxRules {

    private final Simulation world;
    private final Findings findings;
    private final Map<String, MessageRow> rows = new HashMap<>();
    private final Set<String> pending = new HashSet<>();
    private final Set<String> arrived = new HashSet<>();
    private final Set<String> refused = new HashSet<>();

    /** By key what has been committed and not come yet, in the order of the commits. */
    private final Map<String, LinkedHashSet<String>> awaited = new LinkedHashMap<>();

    OutboxRules(Simulation world, Findings findings) {
        this.world = world;
        this.findings = findings;
    }

    /** A row of the outbox was committed. */
    void stored(MessageRow message) {
        if (rows.put(message.id(), message) == null) {
            awaited.computeIfAbsent(message.orderingKey(), key -> new LinkedHashSet<>())
                    .add(message.id());
        }
        if (message.pending()) {
            pending.add(message.id());
        } else {
            pending.remove(message.id());
        }
    }

    /** The receiver has it, for the first time or again. */
    void arrived(String id) {
        var row = rows.get(id);
        if (row == null) {
            findings.fail(Invariant.I17, id + " arrived, but was never committed", null);
            return;
        }
        if (!arrived.add(id)) {
            world.happened(Fault.MESSAGE_REPEATED, id);
            return;
        }
        var open = awaited.get(row.orderingKey());
        if (!refused.contains(id)) {
            passedOver(id, open.iterator().next());
        }
        open.remove(id);
    }

    /** What has not come before it is late if it may still come, and lost if nobody will send it any more. */
    private void passedOver(String id, String first) {
        if (!id.equals(first)) {
            var waits = rows.get(first).pending();
            findings.fail(
                    waits ? Invariant.I18 : Invariant.I17,
                    id + " arrived before " + first + ", which " + (waits ? "waits" : "counts as delivered"),
                    null);
        }
    }

    /** The receiver will never take it, and has said so. */
    void refused(String id) {
        var row = rows.get(id);
        if (refused.add(id) && row != null) {
            awaited.get(row.orderingKey()).remove(id);
        }
    }

    boolean hasSettled() {
        return pending.isEmpty();
    }

    void finish() {
        awaited.forEach((key, open) ->
                findings.must(open.isEmpty(), Invariant.I17, "of " + key + " has never arrived: " + open));
        findings.must(pending.isEmpty(), Invariant.I17, "still in the outbox: " + pending);
        for (var message : rows.values()) {
            findings.must(
                    !message.dead() || refused.contains(message.id()),
                    Invariant.I17,
                    message.id() + " was given up, but nobody has refused it");
        }
    }
}
