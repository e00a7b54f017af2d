package io.syncline.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignInDelaysTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final SignInDelays delays = new SignInDelays();

    @Test
    void theDelayBeginsWithTheFifthFailureAndDoublesUpToAQuarterOfAnHour() {
        fail(4);
        assertThat(waitNow()).isZero();

        fail(1);
        assertThat(waitNow()).isEqualTo(Duration.ofSeconds(10));
        fail(1);
        assertThat(waitNow()).isEqualTo(Duration.ofSeconds(20));
        fail(20);
        assertThat(waitNow()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void onlyThisNameFromThisAddressWaits() {
        fail(5);

        assertThat(delays.toWait("admin", "10.0.0.2", NOON)).isZero();
        assertThat(delays.toWait("other", "10.0.0.1", NOON)).isZero();
    }

    @Test
    void aSuccessOrAQuietDayStartsAnew() {
        fail(5);
        delays.succeeded("admin", "10.0.0.1");
        assertThat(waitNow()).isZero();

        fail(5);
        delays.failed("admin", "10.0.0.1", NOON.plus(Duration.ofHours(25)));
        assertThat(delays.toWait("admin", "10.0.0.1", NOON.plus(Duration.ofHours(25))))
                .isZero();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            delays.failed("admin", "10.0.0.1", NOON);
        }
    }

    private Duration waitNow() {
        return delays.toWait("admin", "10.0.0.1", NOON);
    }
}
