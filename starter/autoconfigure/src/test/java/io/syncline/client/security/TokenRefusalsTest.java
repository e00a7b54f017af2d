package io.syncline.client.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenRefusalsTest {

    private final AtomicLong nanos = new AtomicLong();
    private final TokenRefusals log = new TokenRefusals("https://syncline.example.com", nanos::get);

    @Test
    void tellsARefusalAMinute() {
        assertThat(log.refused("The token's issuer is another one.", Set.of("plans")))
                .isTrue();
        assertThat(log.refused("The token's issuer is another one.", Set.of("plans")))
                .isFalse();

        nanos.set(Duration.ofMinutes(1).toNanos());

        assertThat(log.refused("The token is for another audience.", Set.of("plans")))
                .isTrue();
    }
}
