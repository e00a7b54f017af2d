package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LockoutTest {

    private long nanos;
    private final Lockout lockout = new Lockout(() -> nanos, 100);

    private void fail(String name, String address, int times) {
        for (int time = 0; time < times; time++) {
            lockout.failed(name, address);
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void fourWrongSecretsCostNothingAndEachFurtherOneDoublesTheWait() {
        fail("root", "10.0.0.1", 4);
        assertThat(lockout.remaining("root", "10.0.0.1")).isZero();

        fail("root", "10.0.0.1", 1);
        assertThat(lockout.remaining("root", "10.0.0.1")).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(lockout.remaining("root", "10.0.0.1")).isZero();
        fail("root", "10.0.0.1", 1);
        assertThat(lockout.remaining("root", "10.0.0.1")).isEqualTo(Duration.ofSeconds(2));

        fail("root", "10.0.0.1", 100);
        assertThat(lockout.remaining("root", "10.0.0.1")).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void theRightHolderAtAnotherAddressIsNotLockedOut() {
        fail("root", "10.0.0.1", 50);

        assertThat(lockout.remaining("root", "10.0.0.2")).isZero();
        assertThat(lockout.remaining("other", "10.0.0.1")).isZero();
    }

    @Test
    void oneNetworkOfIpv6IsOneAddress() {
        fail("root", "2001:db8:1:2::1", 3);
        fail("root", "2001:db8:1:2:ffff::9", 3);

        assertThat(lockout.remaining("root", "2001:db8:1:2::77")).isPositive();
        assertThat(lockout.remaining("root", "2001:db8:1:3::1")).isZero();
    }

    @Test
    void theRightSecretAndAnHourMakeItForgotten() {
        fail("root", "10.0.0.1", 5);
        lockout.succeeded("root", "10.0.0.1");
        fail("root", "10.0.0.1", 4);
        assertThat(lockout.remaining("root", "10.0.0.1")).isZero();

        pass(Duration.ofMinutes(61));
        fail("root", "10.0.0.1", 4);
        assertThat(lockout.remaining("root", "10.0.0.1")).isZero();
    }

    @Test
    void whatIsRememberedIsBounded() {
        fail("root", "10.0.0.1", 50);
        for (int number = 0; number < 100; number++) {
            lockout.failed("name-" + number, "10.0.0.1");
        }

        assertThat(lockout.remaining("root", "10.0.0.1")).isZero();
        assertThat(lockout.remaining("n".repeat(100_000), "10.0.0.1")).isZero();
    }
}
