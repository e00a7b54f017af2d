package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ArrivalRateTest {

    private static final Duration TEN = Duration.ofMillis(10);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final ArrivalRate rate = new ArrivalRate(nanos::get);

    private void pass(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private void each(long millis, int times, int count) {
        for (int i = 0; i < times; i++) {
            pass(millis);
            rate.came(count);
        }
    }

    @Test
    void nothingIsExpectedAtFirst() {
        assertThat(rate.expectedWithin(TEN)).isZero();
    }

    @Test
    void asManyAreExpectedAsCame() {
        each(5, 20, 3);

        assertThat(rate.expectedWithin(TEN)).isCloseTo(6, within(0.1));
        assertThat(rate.expectedWithin(Duration.ZERO)).isZero();
    }

    @Test
    void aChangeOfPaceIsNoticedWithinAWindow() {
        each(1, 100, 5);
        each(10, 10, 1);

        assertThat(rate.expectedWithin(TEN)).isCloseTo(1, within(0.1));
    }

    @Test
    void afterASilenceNothingIsExpected() {
        each(1, 100, 5);

        pass(101);

        assertThat(rate.expectedWithin(TEN)).isZero();
        rate.came(1);
        assertThat(rate.expectedWithin(TEN)).isLessThan(1);
    }
}
