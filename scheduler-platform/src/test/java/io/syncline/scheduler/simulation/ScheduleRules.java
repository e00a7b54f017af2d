package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.testing.InMemoryTables.Change;
import io.syncline.scheduler.trigger.SimulatedInbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** I11: each fire time starts what the misfire policy says. */
final class ScheduleRules {

    private final Simulation world;
    private final Findings findings;
    private final Misfire misfire;

    ScheduleRules(Simulation world, Findings findings, Misfire misfire) {
        this.world = world;
        this.findings = findings;
        this.misfire = misfire;
    }

    void dealt(Instant from, Instant through, List<Change> changes) {
        // The half minutes, as the schedule of the group says.
        var times = new ArrayList<Instant>();
        for (var time = half(from); !time.isAfter(through); time = time.plusSeconds(30)) {
            times.add(time);
        }
        if (times.isEmpty()) {
            return;
        }
        var started = new TreeSet<Instant>();
        for (Change change : changes) {
            if (change.table() == world.schedules.missed() && change.after() != null) {
                var key = change.key().toString();
                started.add(Instant.parse(key.substring(key.indexOf(' ') + 1)));
            } else if (change.table() == world.inbox.rows()) {
                var message = SimulatedInbox.message(Objects.requireNonNull(change.after()));
                started.add(Instant.parse(message.id()));
            }
        }
        var missed = times.get(0).isBefore(through.minusSeconds(60));
        var expected = new TreeSet<Instant>();
        if (!missed || misfire == Misfire.CATCH_UP) {
            expected.addAll(times);
        } else if (misfire == Misfire.FIRE_ONCE) {
            expected.add(times.get(times.size() - 1));
        } else {
            times.stream()
                    .filter(time -> !time.isBefore(through.minusSeconds(60)))
                    .forEach(expected::add);
        }
        if (missed) {
            world.happened(Fault.FIRE_TIME_MISSED, misfire.name());
        }
        findings.must(
                started.equals(expected),
                Invariant.I11,
                misfire + " of " + times + " started " + started + " at " + through);
    }

    /** The first half minute after a time. */
    private static Instant half(Instant after) {
        var second = after.getEpochSecond();
        return Instant.ofEpochSecond(second - second % 30 + 30);
    }
}
