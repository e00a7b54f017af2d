package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueTimesTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String EACH_QUARTER = "0 0/15 * * * ?";

    @Test
    void aTimeThatHasJustComeIsStartedAtOnce() {
        for (var misfire : Misfire.values()) {
            var due = due(EACH_QUARTER, misfire, 10, NOON.minusSeconds(900), NOON.plusSeconds(59));

            assertThat(due).isEqualTo(new DueTimes(List.of(NOON), List.of()));
        }
    }

    @Test
    void nothingIsDueBeforeItsTime() {
        assertThat(due(EACH_QUARTER, Misfire.CATCH_UP, 10, NOON, NOON.plusSeconds(899)))
                .isEqualTo(new DueTimes(List.of(), List.of()));
    }

    @Test
    void afterAnOutageOneRunStandsForAllThatWasMissed() {
        assertThat(twoHoursLater(Misfire.FIRE_ONCE, 10).paced()).containsExactly(NOON.plus(Duration.ofMinutes(120)));
    }

    @Test
    void afterAnOutageWhatWasMissedIsSkipped() {
        assertThat(twoHoursLater(Misfire.SKIP, 10).paced()).isEmpty();
    }

    @Test
    void afterAnOutageTheNewestAreMadeUpForInOrder() {
        assertThat(twoHoursLater(Misfire.CATCH_UP, 3).paced())
                .containsExactly(
                        NOON.plus(Duration.ofMinutes(90)),
                        NOON.plus(Duration.ofMinutes(105)),
                        NOON.plus(Duration.ofMinutes(120)));
        assertThat(twoHoursLater(Misfire.CATCH_UP, 1000).paced()).hasSize(8);
    }

    @Test
    void ofWhatWaitsThePolicyKeepsTheNewest() {
        var waiting = List.of(NOON.minusSeconds(300), NOON.minusSeconds(200), NOON.minusSeconds(100), NOON);

        assertThat(keptFrom(Misfire.FIRE_ONCE, waiting)).isEqualTo(NOON);
        assertThat(keptFrom(Misfire.SKIP, waiting)).isEqualTo(NOON);
        assertThat(keptFrom(Misfire.CATCH_UP, waiting)).isEqualTo(NOON.minusSeconds(200));
        assertThat(keptFrom(Misfire.SKIP, waiting.subList(0, 3))).isAfter(waiting.get(2));
    }

    private static Instant keptFrom(Misfire misfire, List<Instant> waiting) {
        var schedule = new Schedule(EACH_QUARTER, ZoneOffset.UTC, null, misfire, 2);
        return DueTimes.keptFrom(schedule, waiting, NOON.plusSeconds(5));
    }

    @Test
    void whatCameInTimeIsNotSkippedWithWhatWasMissed() {
        var due = due("0 0 12 * * ?", Misfire.SKIP, 10, NOON.minus(Duration.ofDays(2)), NOON.plusSeconds(5));

        assertThat(due.paced()).containsExactly(NOON);
    }

    @Test
    void aLongOutageOfABusyScheduleIsNotCountedThrough() {
        var due = due("* * * * * ?", Misfire.CATCH_UP, 1000, NOON.minus(Duration.ofDays(3650)), NOON);

        assertThat(due.paced()).hasSize(1061).last().isEqualTo(NOON);
    }

    private static DueTimes twoHoursLater(Misfire misfire, int most) {
        var due = due(EACH_QUARTER, misfire, most, NOON, NOON.plus(Duration.ofMinutes(125)));
        assertThat(due.now()).isEmpty();
        return due;
    }

    private static DueTimes due(String cron, Misfire misfire, int most, Instant dealtThrough, Instant now) {
        var schedule = new Schedule(cron, ZoneOffset.UTC, null, misfire, most);
        return DueTimes.of(schedule, new CronTimes(schedule, null), dealtThrough, now);
    }
}
