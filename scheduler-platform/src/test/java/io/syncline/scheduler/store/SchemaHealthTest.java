package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class SchemaHealthTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private boolean covers = true;
    private final SchemaHealth health = new SchemaHealth(
            () -> {
                looks.incrementAndGet();
                return covers;
            },
            nanos::get);

    @Test
    void aSchemaThatLacksAScriptTakesTheNodeOutUntilItHasIt() {
        covers = false;
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        covers = true;
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void whatIsRightIsLookedUpOnceAMinute() {
        health.health();
        nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
        health.health();
        assertThat(looks.get()).isEqualTo(1);

        nanos.incrementAndGet();
        covers = false;
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }
}
