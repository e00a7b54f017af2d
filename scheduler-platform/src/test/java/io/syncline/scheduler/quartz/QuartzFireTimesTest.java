package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class QuartzFireTimesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String NIGHTLY = "0 30 2 * * ?";

    private final QuartzFireTimes fireTimes = new QuartzFireTimes();

    @Test
    void timesAreThoseOfTheZone() {
        assertThat(fireTimes.next(NIGHTLY, BERLIN, Instant.parse("2026-11-20T00:00:00Z"), 2))
                .containsExactly(Instant.parse("2026-11-20T01:30:00Z"), Instant.parse("2026-11-21T01:30:00Z"));
        assertThat(fireTimes.next(NIGHTLY, BERLIN, Instant.parse("2026-07-20T00:00:00Z"), 1))
                .containsExactly(Instant.parse("2026-07-20T00:30:00Z"));
    }

    @Test
    void anExpressionThatEndsGivesFewer() {
        assertThat(fireTimes.next("0 0 0 1 1 ? 2027", BERLIN, Instant.parse("2026-11-20T00:00:00Z"), 5))
                .hasSize(1);
    }

    @Test
    void whatIsNoCronExpressionIsSaid() {
        assertThatThrownBy(() -> fireTimes.next("every day", BERLIN, Instant.EPOCH, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cron");
    }

    @Test
    void aLateFiringStandsForTheLastTimeMissed() {
        assertThat(QuartzFireTimes.lastUntil(
                        NIGHTLY, BERLIN, Instant.parse("2026-11-17T01:30:00Z"), Instant.parse("2026-11-20T09:12:13Z")))
                .isEqualTo("2026-11-20T01:30:00Z");
    }

    @Test
    void aFiringInTimeStandsForItself() {
        var inTime = Instant.parse("2026-11-20T01:30:00Z");

        assertThat(QuartzFireTimes.lastUntil(NIGHTLY, BERLIN, Instant.parse("2026-11-19T01:30:00Z"), inTime))
                .isEqualTo(inTime);
    }
}
