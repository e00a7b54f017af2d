package io.syncline.portal.runs;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Runs by state over time, as the platform answers it. */
record HistogramAnswer(Instant from, Instant to, String step, List<Span> spans) {

    record Span(Instant from, Instant to, Count runs, Map<String, Integer> states) {}

    record Count(long value, String relation) {

        boolean isAll() {
            return !relation.equals("gte");
        }
    }
}
