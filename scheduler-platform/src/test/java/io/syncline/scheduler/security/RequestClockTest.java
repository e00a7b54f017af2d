package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestClockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final RequestClock clock = new RequestClock(nanos::get);

    @Test
    void whatARequestHasWaitedIsTakenFromItsPatience() {
        clock.begin(Duration.ofMillis(900).toNanos());
        nanos.addAndGet(Duration.ofMillis(300).toNanos());

        assertThat(clock.leftOf(PATIENCE)).isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void nothingIsLeftAndNeverLess() {
        clock.begin(Duration.ofSeconds(3).toNanos());

        assertThat(clock.leftOf(PATIENCE)).isZero();
    }

    @Test
    void allIsLeftWhereNoRequestIsServed() {
        assertThat(clock.leftOf(PATIENCE)).isEqualTo(PATIENCE);

        clock.begin(Duration.ofSeconds(1).toNanos());
        clock.end();

        assertThat(clock.leftOf(PATIENCE)).isEqualTo(PATIENCE);
    }

    @Test
    void eachThreadServesItsOwn() throws Exception {
        clock.begin(Duration.ofSeconds(1).toNanos());
        var elsewhere = new AtomicLong();

        var other = new Thread(() -> elsewhere.set(clock.leftOf(PATIENCE).toMillis()));
        other.start();
        other.join();

        assertThat(elsewhere).hasValue(PATIENCE.toMillis());
    }
}
