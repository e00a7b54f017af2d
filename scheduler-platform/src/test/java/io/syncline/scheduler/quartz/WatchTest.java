package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.ExpectBy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class WatchTest {

    private static final ExpectBy HALF_PAST_TWO = new ExpectBy(LocalTime.of(2, 30), ZoneId.of("Europe/Warsaw"));
    private static final Instant MONDAY = Instant.parse("2026-11-16T01:30:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-11-17T01:30:00Z");
    private static final Duration DAY = Duration.ofHours(26);

    @Test
    void eachDayOfTwoYearsHasOneDeadline() {
        var deadlines = new ArrayList<Instant>();
        var end = Instant.parse("2029-01-01T00:00:00Z");
        for (var next = Watch.nextDeadline(HALF_PAST_TWO, Instant.parse("2027-01-01T00:00:00Z"));
                next.isBefore(end);
                next = Watch.nextDeadline(HALF_PAST_TWO, next)) {
            deadlines.add(next);
        }

        assertThat(deadlines)
                .hasSize(731)
                .contains(
                        Instant.parse("2027-03-28T01:00:00Z"),
                        Instant.parse("2027-10-31T00:30:00Z"),
                        Instant.parse("2028-02-29T01:30:00Z"));
        for (int place = 1; place < deadlines.size(); place++) {
            assertThat(Watch.previousDeadline(HALF_PAST_TWO, deadlines.get(place)))
                    .isEqualTo(deadlines.get(place - 1));
        }
    }

    @Test
    void aTriggerInTimeMovesTheCheckToTheNextDay() {
        var watch = Watch.expecting("daily", HALF_PAST_TWO, MONDAY.minusSeconds(60));
        assertThat(watch.nextCheckAt()).isEqualTo(MONDAY);

        var after = watch.lookAtTrigger(true, HALF_PAST_TWO, MONDAY.plusSeconds(3));

        assertThat(after.nextCheckAt()).isEqualTo(TUESDAY);
        assertThat(after.standingSince()).isNull();
    }

    @Test
    void aMissingTriggerStandsFromTheDeadlineAndAnewFromTheNext() {
        var watch = Watch.expecting("daily", HALF_PAST_TWO, MONDAY.minusSeconds(60));

        var missing = watch.lookAtTrigger(false, HALF_PAST_TWO, MONDAY.plusSeconds(3));
        var still = missing.lookAtTrigger(false, HALF_PAST_TWO, MONDAY.plusSeconds(13));
        var nextDay = still.lookAtTrigger(false, HALF_PAST_TWO, TUESDAY.plusSeconds(3));
        var cured = nextDay.lookAtTrigger(true, HALF_PAST_TWO, TUESDAY.plusSeconds(60));

        assertThat(missing.standingSince()).isEqualTo(MONDAY);
        assertThat(still.standingSince()).isEqualTo(MONDAY);
        assertThat(nextDay.standingSince()).isEqualTo(TUESDAY);
        assertThat(cured.standingSince()).isNull();
        assertThat(cured.nextCheckAt()).isEqualTo(TUESDAY.plus(Duration.ofDays(1)));
    }

    @Test
    void aNewGroupIsFreshForAsLongAsOneThatHasJustSucceeded() {
        var watch = Watch.fresh("daily", DAY, MONDAY);

        assertThat(watch.lookAtSuccess(null, DAY, MONDAY.plus(DAY).minusSeconds(1))
                        .standingSince())
                .isNull();
        var stale = watch.lookAtSuccess(null, DAY, MONDAY.plus(DAY));
        assertThat(stale.standingSince()).isEqualTo(MONDAY.plus(DAY));
        assertThat(stale.lookAtSuccess(null, DAY, MONDAY.plus(DAY).plusSeconds(10))
                        .standingSince())
                .isEqualTo(MONDAY.plus(DAY));
    }

    @Test
    void theNextSuccessMakesAGroupFresh() {
        var stale = Watch.fresh("daily", DAY, MONDAY).lookAtSuccess(null, DAY, MONDAY.plus(DAY));
        var success = MONDAY.plus(DAY).plusSeconds(60);

        var fresh = stale.lookAtSuccess(success, DAY, success.plusSeconds(5));

        assertThat(fresh.standingSince()).isNull();
        assertThat(fresh.nextCheckAt()).isEqualTo(success.plus(DAY));
    }
}
