package io.syncline.scheduler.testing;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Keeps what was raised and cured, in order. */
public final class HeardSignals implements AlertSignals {

    /** Takes no notice; for tests of other things. */
    public static final AlertSignals DEAF = new AlertSignals() {
        @Override
        public void raise(Collection<AlertSignal> signals) {}

        @Override
        public void cure(AlertCondition condition, Collection<String> subjects) {}
    };

    private final List<AlertSignal> raised = new ArrayList<>();
    private final List<String> cured = new ArrayList<>();

    @Override
    public synchronized void raise(Collection<AlertSignal> signals) {
        raised.addAll(signals);
    }

    @Override
    public synchronized void cure(AlertCondition condition, Collection<String> subjects) {
        subjects.forEach(subject -> cured.add(condition + " " + subject));
    }

    public synchronized List<AlertSignal> raised() {
        return List.copyOf(raised);
    }

    /** As {@code CONDITION subject}. */
    public synchronized List<String> cured() {
        return List.copyOf(cured);
    }
}
