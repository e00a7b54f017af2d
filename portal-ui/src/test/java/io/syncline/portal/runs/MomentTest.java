package io.syncline.portal.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void theAgeIsToldInTheLargestUnitThatFits() {
        assertThat(Moment.of(NOON, NOON).ago()).isEqualTo("now");
        assertThat(Moment.of(NOON.minusSeconds(59), NOON).ago()).isEqualTo("59 s ago");
        assertThat(Moment.of(NOON.minusSeconds(61), NOON).ago()).isEqualTo("1 min ago");
        assertThat(Moment.of(NOON.minus(Duration.ofHours(49)), NOON).ago()).isEqualTo("2 d ago");
        assertThat(Moment.of(NOON.plusSeconds(5), NOON).ago()).isEqualTo("in 5 s");
    }

    @Test
    void aSpanThatHasNotBegunIsADash() {
        assertThat(Moment.span(null, NOON)).isEqualTo("-");
        assertThat(Moment.span(NOON, NOON.plusMillis(1234))).isEqualTo("1.2 s");
        assertThat(Moment.span(NOON, NOON.plusSeconds(3725))).isEqualTo("1 h 2 min");
    }
}
