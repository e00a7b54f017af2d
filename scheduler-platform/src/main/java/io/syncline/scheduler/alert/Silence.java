package io.syncline.scheduler.alert;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.PatternMatchUtils;

/**
 * From when until when nobody is told of some incidents; they stand on the list all the same.
 *
 * @param labels whose incidents it can quiet: those that its maker reached; null: all
 */
record Silence(
        String id,
        List<Matcher> matchers,
        @Nullable List<String> labels,
        String reason,
        String createdBy,
        Instant createdAt,
        Instant from,
        Instant until,
        @Nullable Instant endedAt,
        @Nullable String endedBy) {

    /** What of an incident is looked at. */
    enum Of {
        GROUP,
        CONDITION,
        SYSTEM,
        LABEL;

        String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** @param pattern the text itself, or with {@code *} for any run of characters */
    record Matcher(Of of, boolean glob, String pattern) {

        boolean matches(Collection<String> values) {
            return glob
                    ? values.stream().anyMatch(value -> PatternMatchUtils.simpleMatch(pattern, value))
                    : values.contains(pattern);
        }
    }

    /** All matchers hold, each for any of what the incident has of its kind. */
    boolean quiets(Incident incident, Collection<String> groups, Instant now) {
        return endedAt == null && until.isAfter(now) && !from.isAfter(now) && isAbout(incident, groups);
    }

    /** Whether it quiets the incident while it stands. */
    boolean isAbout(Incident incident, Collection<String> groups) {
        return (labels == null || incident.labels().stream().anyMatch(labels::contains))
                && matchers.stream().allMatch(matcher -> matcher.matches(values(matcher.of(), incident, groups)));
    }

    private static Collection<String> values(Of of, Incident incident, Collection<String> groups) {
        return switch (of) {
            case GROUP -> groups;
            case CONDITION ->
                incident.condition().isFailure()
                        ? List.of(incident.condition().name(), "FAILED")
                        : List.of(incident.condition().name());
            case SYSTEM -> incident.system() == null ? List.of() : List.of(String.valueOf(incident.system()));
            case LABEL -> incident.labels();
        };
    }
}
