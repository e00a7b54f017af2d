package io.syncline.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxRelayTest {

    private static final RetryRules RULES =
            new RetryRules(Duration.ofSeconds(1), Duration.ofSeconds(30), 10, Duration.ofDays(1));

    @Test
    void theBackOffDoublesUpToItsLimit() {
        assertThat(OutboxRelay.delay(RULES, 1, 1.0, null)).isEqualTo(Duration.ofSeconds(1));
        assertThat(OutboxRelay.delay(RULES, 3, 1.0, null)).isEqualTo(Duration.ofSeconds(4));
        assertThat(OutboxRelay.delay(RULES, 3, 0.8, null)).isEqualTo(Duration.ofMillis(3200));
        assertThat(OutboxRelay.delay(RULES, 1000, 1.2, null)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theReceiversWishLengthensTheBackOffWithinItsLimit() {
        assertThat(OutboxRelay.delay(RULES, 1, 1.0, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(OutboxRelay.delay(RULES, 4, 1.0, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(8));
        assertThat(OutboxRelay.delay(RULES, 1, 1.0, Duration.ofHours(7))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aScheduleIsKeptPauseByPause() {
        var rules = RetryRules.scheduled(List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(24)));

        assertThat(rules.maxDeliveries()).isEqualTo(4);
        assertThat(OutboxRelay.delay(rules, 1, 1.0, null)).isEqualTo(Duration.ofSeconds(5));
        assertThat(OutboxRelay.delay(rules, 2, 0.8, null)).isEqualTo(Duration.ofMinutes(4));
        assertThat(OutboxRelay.delay(rules, 3, 1.2, null)).isEqualTo(Duration.ofMinutes(24 * 60 * 12 / 10));
        assertThat(OutboxRelay.delay(rules, 1, 1.0, Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(OutboxRelay.delay(rules, 3, 1.2, Duration.ofDays(9)))
                .isEqualTo(Duration.ofMinutes(24 * 60 * 12 / 10));
    }
}
