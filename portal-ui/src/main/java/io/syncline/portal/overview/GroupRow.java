package io.syncline.portal.overview;

import io.syncline.portal.overview.OverviewAnswer.Group;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a group has done lately.
 *
 * @param summary the shapes in words: {@code 18 completed, 2 failed}
 */
record GroupRow(
        String group,
        boolean isPaused,
        List<Shape> shapes,
        String summary,
        @Nullable Moment lastSuccess,
        @Nullable String target,
        boolean overTarget) {

    record Shape(String runId, StateMark mark) {}

    static GroupRow of(Group group, Moments moments) {
        var counts = new LinkedHashMap<String, Integer>();
        group.runs().forEach(run -> counts.merge(run.state(), 1, Integer::sum));
        return new GroupRow(
                group.group(),
                group.paused() != null,
                group.runs().stream()
                        .map(run -> new Shape(run.runId(), StateMark.ofRun(run.state())))
                        .toList(),
                counts.isEmpty()
                        ? "no runs yet"
                        : counts.entrySet().stream()
                                .map(count ->
                                        count.getValue() + " " + count.getKey().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")),
                moments.orNull(group.lastSuccess()),
                target(group.freshness(), moments),
                group.overTarget());
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
