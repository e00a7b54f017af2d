package io.syncline.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MomentsTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Moments UTC = new Moments(ZoneOffset.UTC, NOON);
    private static final Moments BERLIN = new Moments(ZoneId.of("Europe/Berlin"), NOON);

    @Test
    void theAgeIsToldInTheLargestUnitThatFits() {
        assertThat(UTC.of(NOON).ago()).isEqualTo("now");
        assertThat(UTC.of(NOON.minusSeconds(59)).ago()).isEqualTo("59 s ago");
        assertThat(UTC.of(NOON.minusSeconds(61)).ago()).isEqualTo("1 min ago");
        assertThat(UTC.of(NOON.minus(Duration.ofHours(49))).ago()).isEqualTo("2 d ago");
        assertThat(UTC.of(NOON.plusSeconds(5)).ago()).isEqualTo("in 5 s");
    }

    @Test
    void aSpanThatHasNotBegunIsADash() {
        assertThat(Moments.span(null, NOON)).isEqualTo("-");
        assertThat(Moments.span(NOON, NOON.plusMillis(1234))).isEqualTo("1.2 s");
        assertThat(Moments.span(NOON, NOON.plusSeconds(3725))).isEqualTo("1 h 2 min");
    }

    @Test
    void textIsInTheReadersZoneAndTheCompleteTimeInUtc() {
        assertThat(BERLIN.of(NOON).text()).isEqualTo("2026-11-20 13:00:00");
        assertThat(BERLIN.of(NOON).iso()).isEqualTo("2026-11-20T12:00:00Z");
    }

    @Test
    void whatIsTypedWithoutAnOffsetIsOfTheReadersZone() {
        assertThat(BERLIN.toApi("2026-11-20 13:00")).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(BERLIN.toApi("2026-07-01")).isEqualTo("2026-06-30T22:00:00Z");
        assertThat(BERLIN.toApi("2026-11-20T13:00:00+02:00")).isEqualTo("2026-11-20T13:00:00+02:00");
        assertThat(BERLIN.toApi("yesterday")).isEqualTo("yesterday");
        assertThat(BERLIN.toApi(" ")).isNull();
        assertThat(BERLIN.toApi(BERLIN.typed(NOON))).isEqualTo(NOON.toString());
    }
}
