package io.syncline.portal.page;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a group has done lately: its last runs as shapes, oldest first, and how fresh its data are.
 *
 * @param summary the shapes in words: {@code 18 completed, 2 failed}
 * @param target at most so long between two successes, in words; null: none is set
 */
public record Lately(
        List<Shape> shapes,
        String summary,
        @Nullable Moment lastSuccess,
        @Nullable String target,
        boolean overTarget) {

    /** A run as the platform answers it. */
    public record Run(String runId, String state) {}

    public record Shape(String runId, StateMark mark) {}

    /** @param freshness the target, as ISO 8601 writes it */
    public static Lately of(
            List<Run> runs,
            @Nullable Instant lastSuccess,
            @Nullable String freshness,
            boolean overTarget,
            Moments moments) {
        return new Lately(
                runs.stream()
                        .map(run -> new Shape(run.runId(), StateMark.ofRun(run.state())))
                        .toList(),
                summary(runs),
                moments.orNull(lastSuccess),
                target(freshness, moments),
                overTarget);
    }

    private static String summary(List<Run> runs) {
        var counts = new LinkedHashMap<String, Integer>();
        runs.forEach(run -> counts.merge(run.state(), 1, Integer::sum));
        return counts.isEmpty()
                ? "no runs yet"
                : counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
    }

    private static @Nullable String target(@Nullable String freshness, Moments moments) {
        if (freshness == null) {
            return null;
        }
        try {
            return Moments.span(moments.now().minus(Duration.parse(freshness)), moments.now());
        } catch (DateTimeParseException | ArithmeticException asItIs) {
            return freshness;
        }
    }
}
