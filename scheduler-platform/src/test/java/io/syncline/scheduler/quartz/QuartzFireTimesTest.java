package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuartzFireTimesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final String NIGHTLY = "0 30 2 * * ?";

    /** Two years with a 29 February and four changes of the clocks. */
    private static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");

    private static final Instant END = Instant.parse("2029-01-01T00:00:00Z");

    private final QuartzFireTimes fireTimes = new QuartzFireTimes();

    @Test
    void timesAreThoseOfTheZone() {
        assertThat(next(NIGHTLY, BERLIN, "2026-11-20T00:00:00Z", 2))
                .containsExactly(Instant.parse("2026-11-20T01:30:00Z"), Instant.parse("2026-11-21T01:30:00Z"));
        assertThat(next(NIGHTLY, BERLIN, "2026-07-20T00:00:00Z", 1))
                .containsExactly(Instant.parse("2026-07-20T00:30:00Z"));
    }

    @Test
    void anExpressionThatEndsGivesFewer() {
        assertThat(next("0 0 0 1 1 ? 2027", BERLIN, "2026-11-20T00:00:00Z", 5)).hasSize(1);
    }

    @Test
    void whatIsNoCronExpressionIsSaid() {
        assertThatThrownBy(() -> next("every day", BERLIN, "2026-11-20T00:00:00Z", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cron");
    }

    @Test
    void aSkippedTimeOfDayFiresOnceWhenTheClocksHaveBeenChanged() {
        assertThat(next(NIGHTLY, WARSAW, "2027-03-27T00:00:00Z", 3))
                .containsExactly(
                        Instant.parse("2027-03-27T01:30:00Z"),
                        Instant.parse("2027-03-28T01:00:00Z"),
                        Instant.parse("2027-03-29T00:30:00Z"));
    }

    @Test
    void severalSkippedTimesFireTogetherAndNotBesideTheTimeAfterThem() {
        assertThat(next("0 0/15 1-3 * * ?", WARSAW, "2027-03-28T00:40:00Z", 3))
                .containsExactly(
                        Instant.parse("2027-03-28T00:45:00Z"),
                        Instant.parse("2027-03-28T01:00:00Z"),
                        Instant.parse("2027-03-28T01:15:00Z"));
    }

    @Test
    void aRepeatedTimeOfDayFiresTheFirstTimeOnly() {
        assertThat(next(NIGHTLY, WARSAW, "2027-10-30T12:00:00Z", 2))
                .containsExactly(Instant.parse("2027-10-31T00:30:00Z"), Instant.parse("2027-11-01T01:30:00Z"));
        assertThat(next(NIGHTLY, WARSAW, "2027-10-31T01:10:00Z", 1))
                .containsExactly(Instant.parse("2027-11-01T01:30:00Z"));
    }

    @Test
    void aDayThatAZoneLeftOutFiresAtTheBeginningOfTheNext() {
        assertThat(next(NIGHTLY, ZoneId.of("Pacific/Apia"), "2011-12-29T13:00:00Z", 2))
                .containsExactly(Instant.parse("2011-12-30T10:00:00Z"), Instant.parse("2011-12-30T12:30:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Warsaw, 2",
        "America/New_York, 2",
        // The gap there is half an hour long: 02:30 is the first moment after it.
        "Australia/Lord_Howe, 0",
        "Asia/Kolkata, 0",
        "UTC, 0",
        "Pacific/Apia, 0"
    })
    void aTimeOfDayFiresOnceOnEachDayOfTwoYearsAndIsMovedByAGapAlone(String name, int moved) {
        var zone = ZoneId.of(name);

        var times = until(END, NIGHTLY, zone);

        var days = times.stream().map(time -> time.atZone(zone).toLocalDate()).toList();
        assertThat(days).doesNotHaveDuplicates().contains(LocalDate.parse("2028-02-29"));
        assertThat(days.get(0).datesUntil(days.get(days.size() - 1).plusDays(1)))
                .containsExactlyElementsOf(days);
        assertThat(days).hasSizeBetween(730, 732);
        assertThat(times.stream()
                        .map(time -> time.atZone(zone).toLocalTime())
                        .filter(time -> !time.equals(LocalTime.of(2, 30))))
                .hasSize(moved)
                .allMatch(LocalTime.of(3, 0)::equals);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Warsaw", "America/New_York", "Asia/Kolkata", "UTC", "Pacific/Apia"})
    void everyHourGoesOnAtItsPaceThroughTwoYears(String name) {
        var times = until(END, "0 30 * * * ?", ZoneId.of(name));

        assertThat(times).hasSize(731 * 24);
        for (int place = 1; place < times.size(); place++) {
            assertThat(Duration.between(times.get(place - 1), times.get(place))).isEqualTo(Duration.ofHours(1));
        }
    }

    @Test
    void everyQuarterOfAnHourGoesOnWhereTheClocksChangeByHalfAnHour() {
        var times = until(END, "0 0/15 * * * ?", ZoneId.of("Australia/Lord_Howe"));

        assertThat(times).hasSize(731 * 24 * 4).first().isEqualTo(BEGIN.plusSeconds(900));
        for (int place = 1; place < times.size(); place++) {
            assertThat(Duration.between(times.get(place - 1), times.get(place))).isEqualTo(Duration.ofMinutes(15));
        }
    }

    @Test
    void aDayOfTheCalendarDoesNotFire() {
        var calendar = new BusinessCalendar(
                "bank-holidays",
                1,
                List.of(),
                null,
                Set.of(LocalDate.parse("2027-03-29")),
                Set.of(MonthDay.of(12, 25)),
                Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY));

        assertThat(next(NIGHTLY, WARSAW, calendar, "2027-03-26T00:00:00Z", 2))
                .containsExactly(Instant.parse("2027-03-26T01:30:00Z"), Instant.parse("2027-03-30T00:30:00Z"));
        assertThat(next("0 0 * * * ?", WARSAW, calendar, "2027-12-24T22:00:00Z", 1))
                .containsExactly(Instant.parse("2027-12-26T23:00:00Z"));
        assertThat(next("0 30 0 25 12 ?", WARSAW, calendar, "2027-01-01T00:00:00Z", 1))
                .isEmpty();
    }

    @Test
    void theDaysOfACalendarLieInItsOwnZoneIfItNamesOne() {
        var tokyo = new BusinessCalendar(
                "tokyo",
                1,
                List.of(),
                ZoneId.of("Asia/Tokyo"),
                Set.of(LocalDate.parse("2027-03-30")),
                Set.of(),
                Set.of());

        // 22:30 in Warsaw on the 29th is the 30th in Tokyo already.
        assertThat(next("0 30 22 * * ?", WARSAW, tokyo, "2027-03-29T00:00:00Z", 1))
                .containsExactly(Instant.parse("2027-03-30T20:30:00Z"));
    }

    private List<Instant> until(Instant end, String cron, ZoneId zone) {
        var times = new ArrayList<Instant>();
        var read = new CronTimes(new Schedule(cron, zone, Misfire.FIRE_ONCE), null);
        for (var time = read.next(BEGIN); time != null && !time.isAfter(end); time = read.next(time)) {
            times.add(time);
        }
        return times;
    }

    private List<Instant> next(String cron, ZoneId zone, String after, int count) {
        return next(cron, zone, null, after, count);
    }

    private List<Instant> next(String cron, ZoneId zone, @Nullable BusinessCalendar calendar, String after, int count) {
        return fireTimes.next(new Schedule(cron, zone, Misfire.FIRE_ONCE), calendar, Instant.parse(after), count);
    }
}
