package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs by state over the time in which they were made.
 *
 * @param to exclusive
 * @param step length of a span, ISO 8601; the first and the last may be shorter
 * @param spans oldest first, without a gap
 */
record RunHistogram(Instant from, Instant to, String step, List<Span> spans) {

    /** How many runs of one span are counted at most. */
    static final int MOST_COUNTED = 500;

    static final int MOST_SPANS = 31;

    private static final Duration UNTOLD = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(3600);

    private static final List<Duration> STEPS = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofDays(1),
            Duration.ofDays(2),
            Duration.ofDays(7),
            Duration.ofDays(30),
            Duration.ofDays(120));

    /**
     * @param runs counted; {@code gte}: there are more, and {@code states} are of the newest of them
     * @param states how many are in each state, those in which none is left out
     */
    record Span(Instant from, Instant to, BoundedCount runs, Map<String, Integer> states) {}

    /** @param to exclusive */
    record Bounds(Instant from, Instant to) {}

    /**
     * What a filter asks for: its own times, 30 days where it names no earliest one, 3,600 at most; nothing later than now.
     *
     * @param filter as it is asked now
     */
    static Bounds bounds(RunFilter filter, Instant now) {
        var latest = filter.to();
        var to = latest == null || latest.isAfter(now) ? now : latest;
        @Nullable Instant from = later(filter.from(), filter.since());
        var earliest = to.minus(LONGEST);
        return from == null
                ? new Bounds(to.minus(UNTOLD), to)
                : new Bounds(from.isBefore(earliest) ? earliest : from.isAfter(to) ? to : from, to);
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;
    }

    /** The shortest step of which so few cover the bounds, wherever in a step these begin. */
    static Duration step(Bounds bounds) {
        var whole = Duration.between(bounds.from(), bounds.to());
        return STEPS.stream()
                .filter(step -> whole.compareTo(step.multipliedBy(MOST_SPANS - 1)) <= 0)
                .findFirst()
                .orElseThrow();
    }

    /** Of whole steps since the epoch, cut at the bounds. */
    static List<Bounds> spans(Bounds bounds, Duration step) {
        var spans = new ArrayList<Bounds>();
        var begin = bounds.from();
        while (begin.isBefore(bounds.to())) {
            var next = Instant.ofEpochSecond(
                    (Math.floorDiv(begin.getEpochSecond(), step.toSeconds()) + 1) * step.toSeconds());
            var end = next.isBefore(bounds.to()) ? next : bounds.to();
            spans.add(new Bounds(begin, end));
            begin = end;
        }
        return spans;
    }
}
