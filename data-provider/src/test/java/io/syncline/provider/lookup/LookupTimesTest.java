package io.syncline.provider.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookupTimesTest {

    private final LookupTimes times = new LookupTimes();

    private void took(int lookUps, Duration each) {
        for (int i = 0; i < lookUps; i++) {
            times.complete("plans", each.toNanos());
        }
    }

    @Test
    void nothingIsSaidOfWhatWasNeverLookedUp() {
        assertThat(times.times("plans")).isEqualTo(new LookupTimes.Times(0, 0, null));
    }

    @Test
    void oneOfAHundredMayTakeLonger() {
        took(99, Duration.ofMillis(40));
        took(1, Duration.ofSeconds(3));

        assertThat(times.times("plans")).isEqualTo(new LookupTimes.Times(100, 0, 50L));
        took(1, Duration.ofSeconds(3));
        assertThat(times.times("plans").p99Millis()).isEqualTo(5_000);
    }

    @Test
    void whatTookLongerThanAllBoundsHasNone() {
        took(1, Duration.ofSeconds(31));
        times.broken("plans");

        assertThat(times.times("plans")).isEqualTo(new LookupTimes.Times(1, 1, null));
        assertThat(times.times("others").complete()).isZero();
    }
}
