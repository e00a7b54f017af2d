package io.syncline.portal.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a run's time that its timeline shows, in thousandths of the whole, so that a link to it stays good while the
 * run goes on.
 */
record Window(int from, int to) {

    static final Window ALL = new Window(0, 1000);
    private static final int NARROWEST = 10;

    Window {
        if (from < 0 || to > 1000 || to - from < NARROWEST) {
            throw new IllegalArgumentException("a window lies within 0 and 1000: " + from + " to " + to);
        }
    }

    /** As in an address, {@code 250-750}; what is none is all of it. */
    static Window of(@Nullable String text) {
        if (text == null || !text.matches("\\d{1,4}-\\d{1,4}")) {
            return ALL;
        }
        var parts = text.split("-", 2);
        int from = Integer.parseInt(parts[0]);
        int to = Integer.parseInt(parts[1]);
        return from >= 0 && to <= 1000 && to - from >= NARROWEST ? new Window(from, to) : ALL;
    }

    boolean isAll() {
        return equals(ALL);
    }

    Window closer() {
        return around((from + to) / 2, (to - from) / 2);
    }

    Window wider() {
        return around((from + to) / 2, (to - from) * 2);
    }

    Window earlier() {
        return around((from + to) / 2 - (to - from) / 2, to - from);
    }

    Window later() {
        return around((from + to) / 2 + (to - from) / 2, to - from);
    }

    private static Window around(int middle, int width) {
        int wide = Math.max(NARROWEST, Math.min(1000, width));
        int start = Math.max(0, Math.min(1000 - wide, middle - wide / 2));
        return new Window(start, start + wide);
    }

    String text() {
        return from + "-" + to;
    }

    Instant at(Instant begin, Instant end, int thousandths) {
        return begin.plus(Duration.between(begin, end).multipliedBy(thousandths).dividedBy(1000));
    }

    /** Five points in time, from its begin to its end. */
    List<Instant> ticks(Instant begin, Instant end) {
        return IntStream.rangeClosed(0, 4)
                .mapToObj(n -> at(begin, end, from + (to - from) * n / 4))
                .toList();
    }
}
