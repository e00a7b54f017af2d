package io.syncline.scheduler.simulation;

import io.syncline.outbox.SimulatedOutbox;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.testing.InMemoryTables;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What people have to know now: raised, cured and put into the outbox in the transactions that cause it. */
final class SimulatedAlerts {

    /** A condition of a subject that stands. */
    record Standing(AlertCondition condition, String subject) {}

    private final InMemoryTables database;
    private final Map<String, Standing> standing = new TreeMap<>();

    SimulatedAlerts(InMemoryTables database) {
        this.database = database;
    }

    /** As a node tells of them. */
    AlertSignals through(SimulatedOutbox.Node outbox) {
        return new AlertSignals() {
            @Override
            public void raise(Collection<AlertSignal> signals) {
                for (AlertSignal signal : signals) {
                    var one = new Standing(signal.condition(), signal.subject());
                    if (!one.equals(standing.get(key(one.condition(), one.subject())))) {
                        tell(outbox, one.condition(), one.subject() + " raised");
                    }
                    database.put(standing, key(one.condition(), one.subject()), one);
                }
            }

            @Override
            public void cure(AlertCondition condition, Collection<String> subjects) {
                for (String subject : subjects) {
                    if (standing.containsKey(key(condition, subject))) {
                        database.remove(standing, key(condition, subject));
                        tell(outbox, condition, subject + " cured");
                    }
                }
            }
        };
    }

    /** Failures and warnings go to different people, to each in order. */
    private static void tell(SimulatedOutbox.Node outbox, AlertCondition condition, String what) {
        outbox.append(People.KIND, condition.isFailure() ? "failures" : "warnings", condition + " of " + what);
    }

    boolean stands(AlertCondition condition, String subject) {
        return standing.containsKey(key(condition, subject));
    }

    List<Standing> all() {
        return List.copyOf(standing.values());
    }

    private static String key(AlertCondition condition, String subject) {
        return subject + " " + condition;
    }
}
