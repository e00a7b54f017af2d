package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import io.syncline.scheduler.ops.JdbcSla.Run;
import io.syncline.scheduler.security.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlaSumsTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-11-20T00:00:00Z");
    private static final BoundedCount ANY = new BoundedCount(0, "eq");

    private static Run run(String state, Instant createdAt, @Nullable Instant endedAt, boolean late) {
        return new Run(state + createdAt, state, createdAt, createdAt, endedAt, late);
    }

    private static Run completed(Instant createdAt, long seconds) {
        return run("COMPLETED", createdAt, createdAt.plusSeconds(seconds), false);
    }

    private static SlaRange range(String from, String to, @Nullable String zone) {
        return SlaRange.of(from, to, zone, Instant.parse("2026-12-31T00:00:00Z"));
    }

    @Test
    void eachRunIsCountedOnceByWhatBecameOfIt() {
        var totals = SlaSums.of(List.of(
                        completed(MIDNIGHT, 10),
                        run("COMPLETED", MIDNIGHT, MIDNIGHT.plusSeconds(30), true),
                        run("FAILED", MIDNIGHT, MIDNIGHT.plusSeconds(99), true),
                        run("CANCELLED", MIDNIGHT, MIDNIGHT, false),
                        run("SKIPPED", MIDNIGHT, MIDNIGHT, false),
                        run("RUNNING", MIDNIGHT, null, false),
                        run("QUEUED", MIDNIGHT, null, false)))
                .totals(ANY);

        assertThat(totals).isEqualTo(new SlaView.Totals(ANY, 1, 1, 1, 2, 2, 10_000L, 30_000L));
    }

    @Test
    void theBudgetIsThePartOfTheJudgedRunsThatMayBeMissed() {
        var runs = List.of(
                completed(MIDNIGHT, 1),
                completed(MIDNIGHT, 2),
                run("COMPLETED", MIDNIGHT, MIDNIGHT, true),
                run("FAILED", MIDNIGHT, MIDNIGHT, false),
                run("CANCELLED", MIDNIGHT, MIDNIGHT, false),
                run("RUNNING", MIDNIGHT, null, false));
        var range = range("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", null);

        assertThat(SlaSums.of(runs).budget(range, 75, true))
                .isEqualTo(new SlaView.Budget(range.from(), range.to(), 75, new BoundedCount(4, "eq"), 2, 1));
        assertThat(SlaSums.of(List.of()).budget(range, 99, false))
                .isEqualTo(new SlaView.Budget(range.from(), range.to(), 99, new BoundedCount(0, "gte"), 0, 0));
    }

    @Test
    void anObjectiveIsAPercentage() {
        assertThat(SlaRange.objective(null)).isEqualTo(99);
        assertThat(SlaRange.objective("99.95")).isEqualTo(99.95);
        for (var wrong : List.of("100", "49.9", "1e2", "", "99,5", "99.9999", "-99")) {
            assertThatThrownBy(() -> SlaRange.objective(wrong)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void theSlowestTaskComesFirst() {
        var tasks = SlaSums.tasks(
                Map.of("extract", List.of(30L, 10L, 20L), "load", List.of(500L), "notify", List.of(500L, 500L)));

        assertThat(tasks)
                .containsExactly(
                        new SlaView.TaskTimes("load", 1, 500, 500, 500),
                        new SlaView.TaskTimes("notify", 2, 500, 500, 500),
                        new SlaView.TaskTimes("extract", 3, 20, 30, 30));
    }

    @Test
    void percentilesAreThoseThatSoManyDoNotExceed() {
        var hundred = IntStream.rangeClosed(1, 100)
                .mapToObj(seconds -> completed(MIDNIGHT, seconds))
                .toList();

        var totals = SlaSums.of(hundred).totals(ANY);
        assertThat(totals.p50Millis()).isEqualTo(50_000);
        assertThat(totals.p95Millis()).isEqualTo(95_000);
        assertThat(SlaSums.of(List.of(completed(MIDNIGHT, 7))).totals(ANY).p95Millis())
                .isEqualTo(7_000);
        assertThat(SlaSums.of(List.of()).totals(ANY).p50Millis()).isNull();
    }

    @Test
    void daysAreThoseOfTheZoneAndEmptyOnesAreTold() {
        var range = range("2026-11-20T00:00:00+01:00", "2026-11-23T00:00:00+01:00", "Europe/Warsaw");

        var days = SlaSums.days(
                range,
                List.of(completed(MIDNIGHT.minusSeconds(60), 5), completed(MIDNIGHT.plusSeconds(86_400), 9)),
                null);

        assertThat(days)
                .extracting(SlaView.Day::day)
                .containsExactly(
                        LocalDate.parse("2026-11-20"), LocalDate.parse("2026-11-21"), LocalDate.parse("2026-11-22"));
        assertThat(days).extracting(SlaView.Day::onTime).containsExactly(1, 1, 0);
        assertThat(days).extracting(SlaView.Day::p95Millis).containsExactly(5_000L, 9_000L, null);
    }

    @Test
    void theAgeOfTheLastSuccessGrowsOverDaysWithoutOne() {
        var range = range("2026-11-20T00:00:00Z", "2026-11-22T12:00:00Z", null);
        var noon = MIDNIGHT.plus(Duration.ofHours(12));

        var days = SlaSums.days(
                range,
                List.of(completed(noon, 0), run("FAILED", noon.plusSeconds(9), noon.plusSeconds(10), false)),
                MIDNIGHT.minus(Duration.ofHours(6)));
        var unknown = SlaSums.days(range, List.of(completed(MIDNIGHT.plus(Duration.ofHours(36)), 0)), null);

        assertThat(days)
                .extracting(day -> Duration.ofMillis(day.oldestMillis()))
                .containsExactly(Duration.ofHours(18), Duration.ofHours(36), Duration.ofHours(48));
        assertThat(unknown).extracting(SlaView.Day::oldestMillis).containsExactly(null, 43_200_000L, 86_400_000L);
    }

    @Test
    void aRangeHasThirtyDaysUpToNowUnlessItIsSaid() {
        var range = SlaRange.of(null, null, null, MIDNIGHT);

        assertThat(range).isEqualTo(new SlaRange(MIDNIGHT.minus(Duration.ofDays(30)), MIDNIGHT, ZoneOffset.UTC));
        assertThat(SlaRange.of("2026-11-19T00:00:00Z", "2027-01-01T00:00:00Z", "UTC", MIDNIGHT)
                        .to())
                .isEqualTo(MIDNIGHT);
    }

    @Test
    void aRangeThatIsNoneIsRefusedByName() {
        for (var wrong : List.of(
                List.of("from", "yesterday", "2026-11-20T00:00:00Z", "UTC"),
                List.of("to", "2026-11-19T00:00:00Z", "2026-11-20", "UTC"),
                List.of("from", "2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z", "UTC"),
                List.of("from", "2026-08-01T00:00:00Z", "2026-11-20T00:00:00Z", "UTC"),
                List.of("zone", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", "Mars/Olympus"))) {
            assertThatThrownBy(() -> range(wrong.get(1), wrong.get(2), wrong.get(3)))
                    .as(wrong.toString())
                    .isInstanceOfSatisfying(ProblemException.class, problem -> {
                        assertThat(problem.status()).isEqualTo(400);
                        assertThat(problem.errors())
                                .singleElement()
                                .satisfies(
                                        error -> assertThat(error.parameter()).isEqualTo(wrong.get(0)));
                    });
        }
    }
}
