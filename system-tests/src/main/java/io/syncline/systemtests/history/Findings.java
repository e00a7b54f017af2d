package io.syncline.systemtests.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the rules found, and how much each had to look at: a rule that saw nothing proves nothing. */
public final class Findings {

    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Long> looks = new LinkedHashMap<>();
    private final List<Long> takeovers = new ArrayList<>();
    private final List<Long> hindered = new ArrayList<>();

    void violated(String invariant, String format, Object... arguments) {
        violations.add(new Violation(invariant, String.format(Locale.ROOT, format, arguments)));
    }

    void looked(String invariant) {
        looks.merge(invariant, 1L, Long::sum);
    }

    void takenOverAfter(long micros) {
        takeovers.add(micros);
    }

    void takenOverHindered(long micros) {
        hindered.add(micros);
    }

    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** How many things were looked at, by invariant. */
    public Map<String, Long> looks() {
        return Map.copyOf(looks);
    }

    /** From the loss of a node to the next sign of each call that it lost, in microseconds, where nothing else was wrong. */
    public List<Long> takeovers() {
        return List.copyOf(takeovers);
    }

    /** As {@link #takeovers}, of calls for whose way on the database, all nodes or the downstream were missing meanwhile. */
    public List<Long> hinderedTakeovers() {
        return List.copyOf(hindered);
    }
}
