package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.testing.InMemoryTables;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What people would have to know now: raised and cured in the transactions that cause it. */
final class SimulatedAlerts implements AlertSignals {

    /** A condition of a subject that stands. */
    record Standing(AlertCondition condition, String subject) {}

    private final InMemoryTables database;
    private final Map<String, Standing> standing = new TreeMap<>();

    SimulatedAlerts(InMemoryTables database) {
        this.database = database;
    }

    @Override
    public void raise(Collection<AlertSignal> signals) {
        for (AlertSignal signal : signals) {
            database.put(
                    standing,
                    key(signal.condition(), signal.subject()),
                    new Standing(signal.condition(), signal.subject()));
        }
    }

    @Override
    public void cure(AlertCondition condition, Collection<String> subjects) {
        for (String subject : subjects) {
            if (standing.containsKey(key(condition, subject))) {
                database.remove(standing, key(condition, subject));
            }
        }
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
