package io.syncline.scheduler.ops;

import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.security.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which runs a list shows. Several values of one parameter mean any of them; all parameters must hold. A group or a state
 * with a {@code -} before it is left out.
 *
 * @param unresolved failed, and nobody has dealt with it
 * @param within runs made so long ago at most, told from the moment of the question, so that a page's cursor stays good
 * @param since when that is; null until the question is asked
 * @param from runs made at or after
 * @param to runs made before
 */
record RunFilter(
        List<String> groups,
        List<String> withoutGroups,
        List<String> states,
        List<String> withoutStates,
        List<String> businessKeys,
        List<String> runIds,
        @Nullable Boolean overdue,
        @Nullable Boolean unresolved,
        @Nullable Duration within,
        @Nullable Instant since,
        @Nullable Instant from,
        @Nullable Instant to) {

    private static final Set<String> KNOWN =
            Set.of("group", "state", "businessKey", "overdue", "unresolved", "within", "from", "to", "limit", "cursor");
    private static final String WITHOUT = "-";
    private static final Duration LONGEST_WITHIN = Duration.ofDays(3650);
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
        var groups = texts(members, "group", faults);
        var states = states(members, faults);
        return new RunFilter(
                wanted(groups),
                unwanted(groups),
                wanted(states),
                unwanted(states),
                texts(members, "businessKey", faults),
                texts(members, "runId", faults),
                flag(members, "overdue", faults),
                flag(members, "unresolved", faults),
                within(members, faults),
                null,
                instant(members, "from", faults),
                instant(members, "to", faults));
    }

    private static List<String> wanted(List<String> values) {
        return values.stream().filter(value -> !value.startsWith(WITHOUT)).toList();
    }

    private static List<String> unwanted(List<String> values) {
        return values.stream()
                .filter(value -> value.startsWith(WITHOUT) && !value.equals(WITHOUT))
                .map(value -> value.substring(WITHOUT.length()))
                .toList();
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
            var named = state.startsWith(WITHOUT) ? state.substring(WITHOUT.length()) : state;
            if (Set.of(RunState.values()).stream()
                    .noneMatch(known -> known.name().equals(named))) {
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

    private static @Nullable Duration within(MultiValueMap<String, String> query, Faults faults) {
        var value = single(query, "within", faults);
        if (value == null) {
            return null;
        }
        try {
            var within = Duration.parse(value);
            if (!within.isNegative() && !within.isZero() && within.compareTo(LONGEST_WITHIN) <= 0) {
                return within;
            }
        } catch (DateTimeParseException e) {
            // told below
        }
        faults.add(
                "within",
                "is a duration such as PT24H, of at most " + LONGEST_WITHIN.toDays() + " days",
                "invalid-value");
        return null;
    }

    /** As it is asked now. */
    RunFilter at(Instant now) {
        return within == null
                ? this
                : new RunFilter(
                        groups,
                        withoutGroups,
                        states,
                        withoutStates,
                        businessKeys,
                        runIds,
                        overdue,
                        unresolved,
                        within,
                        now.minus(within),
                        from,
                        to);
    }

    /** The same conditions at any time. */
    RunFilter atAnyTime() {
        return new RunFilter(
                groups,
                withoutGroups,
                states,
                withoutStates,
                businessKeys,
                runIds,
                overdue,
                unresolved,
                null,
                null,
                null,
                null);
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
