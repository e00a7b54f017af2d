package io.syncline.client.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private static final Instant NOW = Instant.parse("2026-11-20T06:00:00Z");

    @Test
    void readsTheWaitInSecondsOrAsADate() {
        assertThat(wait("7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(wait("Fri, 20 Nov 2026 06:01:00 GMT")).isEqualTo(Duration.ofMinutes(1));
        assertThat(wait("soon")).isNull();
        assertThat(wait(null)).isNull();
    }

    private static Duration wait(String retryAfter) {
        return new PlatformHttp.Answer(503, new byte[0], retryAfter).wait(NOW);
    }
}
