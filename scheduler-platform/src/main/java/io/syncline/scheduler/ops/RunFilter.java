package io.syncline.scheduler.ops;

import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.security.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which runs a list shows. Several values of one parameter mean any of them; all parameters must hold.
 *
 * @param unresolved failed, and nobody has dealt with it
 * @param from runs made at or after
 * @param to runs made before
 */
record RunFilter(
        List<String> groups,
        List<String> states,
        List<String> businessKeys,
        List<String> runIds,
        @Nullable Boolean overdue,
        @Nullable Boolean unresolved,
        @Nullable Instant from,
        @Nullable Instant to) {

    private static final Set<String> KNOWN =
            Set.of("group", "state", "businessKey", "overdue", "unresolved", "from", "to", "limit", "cursor");
    private static final int MOST_VALUES = 100;
    private static final int LONGEST_VALUE = 512;

    /** Says what is wrong with a member of the filter. */
    interface Faults {
        void add(String name, String what, String code);
    }

    /** @throws ProblemException 400 naming every parameter that is wrong */
    static RunFilter of(MultiValueMap<String, String> query) {
        var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameters that the errors name.");
        for (var name : new TreeSet<>(query.keySet())) {
            if (!KNOWN.contains(name)) {
                problem.parameterError(name, "is not a parameter of this list", "unknown-parameter");
            }
        }
        var filter = read(query, problem::parameterError);
        if (problem.hasErrors()) {
            throw problem;
        }
        return filter;
    }

    /** The members that are known; the others are the caller's matter. */
    static RunFilter read(MultiValueMap<String, String> members, Faults faults) {
        return new RunFilter(
                texts(members, "group", faults),
                states(members, faults),
                texts(members, "businessKey", faults),
                texts(members, "runId", faults),
                flag(members, "overdue", faults),
                flag(members, "unresolved", faults),
                instant(members, "from", faults),
                instant(members, "to", faults));
    }

    private static List<String> texts(MultiValueMap<String, String> query, String name, Faults faults) {
        var values = query.getOrDefault(name, List.of());
        if (values.size() > MOST_VALUES) {
            faults.add(name, "may stand here " + MOST_VALUES + " times at most", "too-many-values");
        }
        for (var value : values) {
            if (value == null || value.isEmpty() || value.length() > LONGEST_VALUE) {
                faults.add(name, "has 1 to " + LONGEST_VALUE + " characters", "invalid-value");
            }
        }
        return List.copyOf(values.stream()
                .filter(value -> value != null && !value.isEmpty())
                .distinct()
                .sorted()
                .toList());
    }

    private static List<String> states(MultiValueMap<String, String> query, Faults faults) {
        var states = texts(query, "state", faults);
        for (var state : states) {
            if (Set.of(RunState.values()).stream()
                    .noneMatch(known -> known.name().equals(state))) {
                faults.add("state", "is one of " + new TreeSet<>(Set.of(RunState.values())), "invalid-value");
            }
        }
        return states;
    }

    private static @Nullable Boolean flag(MultiValueMap<String, String> query, String name, Faults faults) {
        var value = single(query, name, faults);
        if (value == null) {
            return null;
        }
        if (!value.equals("true") && !value.equals("false")) {
            faults.add(name, "is true or false", "invalid-value");
        }
        return value.equals("true");
    }

    private static @Nullable Instant instant(MultiValueMap<String, String> query, String name, Faults faults) {
        var value = single(query, name, faults);
        if (value == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            faults.add(name, "is a time such as 2026-11-20T02:30:00Z", "invalid-value");
            return null;
        }
    }

    private static @Nullable String single(MultiValueMap<String, String> query, String name, Faults faults) {
        var values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            faults.add(name, "may stand here once", "too-many-values");
        }
        return values.isEmpty() ? null : values.get(0);
    }
}
