package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which audit entries a list shows; all that is given must hold.
 *
 * @param from entries recorded at or after
 * @param to entries recorded before
 */
record AuditFilter(
        @Nullable String kind,
        @Nullable String key,
        @Nullable String actor,
        @Nullable String action,
        @Nullable String how,
        @Nullable Instant from,
        @Nullable Instant to) {

    static final AuditFilter NONE = new AuditFilter(null, null, null, null, null, null, null);

    private static final Set<String> KNOWN =
            Set.of("kind", "key", "object", "actor", "action", "how", "from", "to", "limit", "cursor");
    private static final int LONGEST_VALUE = 240;

    /** @throws ProblemException 400 naming every parameter that is wrong */
    static AuditFilter of(MultiValueMap<String, String> query) {
        var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameters that the errors name.");
        for (var name : new TreeSet<>(query.keySet())) {
            if (!KNOWN.contains(name)) {
                problem.parameterError(name, "is not a parameter of this list", "unknown-parameter");
            }
        }
        var kind = text(query, "kind", problem);
        var key = text(query, "key", problem);
        var object = text(query, "object", problem);
        if (object != null) {
            if (kind != null || key != null) {
                problem.parameterError("object", "stands for kind and key; send one or the other", "invalid-value");
            }
            int colon = object.indexOf(':');
            kind = colon < 0 ? object : object.substring(0, colon);
            key = colon < 0 ? null : object.substring(colon + 1);
        }
        var how = text(query, "how", problem);
        if (how != null
                && Arrays.stream(How.values()).noneMatch(road -> road.name().equals(how))) {
            problem.parameterError("how", "is one of " + Arrays.toString(How.values()), "invalid-value");
        }
        var filter = new AuditFilter(
                kind,
                key,
                text(query, "actor", problem),
                text(query, "action", problem),
                how,
                instant(query, "from", problem),
                instant(query, "to", problem));
        if (problem.hasErrors()) {
            throw problem;
        }
        return filter;
    }

    private static @Nullable Instant instant(
            MultiValueMap<String, String> query, String name, ProblemException problem) {
        var value = text(query, name, problem);
        if (value == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            problem.parameterError(name, "is a time such as 2026-11-20T02:30:00Z", "invalid-value");
            return null;
        }
    }

    private static @Nullable String text(MultiValueMap<String, String> query, String name, ProblemException problem) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            problem.parameterError(name, "may stand here once", "too-many-values");
        }
        var value = values.isEmpty() ? null : values.get(0);
        if (value != null && (value.isEmpty() || value.length() > LONGEST_VALUE)) {
            problem.parameterError(name, "has 1 to " + LONGEST_VALUE + " characters", "invalid-value");
            return null;
        }
        return value;
    }
}
