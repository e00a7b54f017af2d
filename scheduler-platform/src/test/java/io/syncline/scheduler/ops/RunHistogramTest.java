package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.migrations.oracle.OracleGate;
import io.syncline.scheduler.ops.RunHistogram.Bounds;
import io.syncline.scheduler.security.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.util.LinkedMultiValueMap;

class RunHistogramTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:34:56Z");

    private static RunFilter filter(String... namesAndValues) {
        var query = new LinkedMultiValueMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return RunFilter.of(query).at(NOW);
    }

    @Test
    void aFilterWithoutAnEarliestTimeIsToldOfThirtyDays() {
        assertThat(RunHistogram.bounds(filter(), NOW)).isEqualTo(new Bounds(NOW.minus(Duration.ofDays(30)), NOW));
        assertThat(RunHistogram.bounds(filter("to", "2026-11-01T00:00:00Z"), NOW))
                .isEqualTo(new Bounds(Instant.parse("2026-10-02T00:00:00Z"), Instant.parse("2026-11-01T00:00:00Z")));
    }

    @Test
    void theLaterOfTwoEarliestTimesHoldsAndNothingIsLaterThanNow() {
        var both = filter("within", "PT1H", "from", "2026-11-20T12:00:00Z", "to", "2027-01-01T00:00:00Z");

        assertThat(RunHistogram.bounds(both, NOW)).isEqualTo(new Bounds(Instant.parse("2026-11-20T12:00:00Z"), NOW));
        assertThat(RunHistogram.bounds(filter("within", "PT1H", "from", "2020-01-01T00:00:00Z"), NOW))
                .isEqualTo(new Bounds(NOW.minus(Duration.ofHours(1)), NOW));
        assertThat(RunHistogram.bounds(filter("from", "1970-01-01T00:00:00Z"), NOW))
                .isEqualTo(new Bounds(NOW.minus(Duration.ofDays(3600)), NOW));
    }

    @Test
    void timesInTheWrongOrderHoldNothing() {
        var bounds = RunHistogram.bounds(filter("from", "2026-11-10T00:00:00Z", "to", "2026-11-09T00:00:00Z"), NOW);

        assertThat(RunHistogram.spans(bounds, RunHistogram.step(bounds))).isEmpty();
    }

    @Test
    void aDayIsToldByTheHourFromWholeHourToWholeHour() {
        var bounds = RunHistogram.bounds(filter("within", "PT24H"), NOW);
        var step = RunHistogram.step(bounds);

        var spans = RunHistogram.spans(bounds, step);

        assertThat(step).isEqualTo(Duration.ofHours(1));
        assertThat(spans).hasSize(25);
        assertThat(spans.get(0)).isEqualTo(new Bounds(bounds.from(), Instant.parse("2026-11-19T13:00:00Z")));
        assertThat(spans.get(24)).isEqualTo(new Bounds(Instant.parse("2026-11-20T12:00:00Z"), NOW));
    }

    @Test
    void spansCoverAnyBoundsWithoutAGapAndAreFew() {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            var to = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000), random.nextInt(1_000_000_000));
            var seconds = (long) Math.pow(10, random.nextDouble() * Math.log10(3600.0 * 86_400));
            var bounds = new Bounds(to.minusSeconds(seconds), to);

            var spans = RunHistogram.spans(bounds, RunHistogram.step(bounds));

            assertThat(spans).hasSizeBetween(1, RunHistogram.MOST_SPANS);
            assertThat(spans.get(0).from()).isEqualTo(bounds.from());
            assertThat(spans.get(spans.size() - 1).to()).isEqualTo(bounds.to());
            for (int i = 1; i < spans.size(); i++) {
                assertThat(spans.get(i).from()).isEqualTo(spans.get(i - 1).to());
            }
        }
    }

    @Test
    void theStatementPassesOraclesGrammar() {
        var spans = List.of(new Bounds(NOW.minusSeconds(60), NOW), new Bounds(NOW, NOW.plusSeconds(60)));

        for (var filter : List.of(filter(), filter("group", "a", "state", "-SKIPPED", "overdue", "true"))) {
            assertThat(OracleGate.faults(new JdbcRunViews.HistogramQuery(filter, spans, Labels.ALL).sql))
                    .isEmpty();
        }
    }
}
