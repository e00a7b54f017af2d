package io.syncline.provider.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PushPropertiesTest {

    @Test
    void theDefaultsAreThePublishedOnes() {
        var properties = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("syncline.provider.push", PushProperties.class);

        assertThat(properties)
                .isEqualTo(new PushProperties(
                        true,
                        false,
                        List.of(),
                        null,
                        List.of(
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(30),
                                Duration.ofHours(2),
                                Duration.ofHours(5),
                                Duration.ofHours(10),
                                Duration.ofHours(14),
                                Duration.ofHours(20),
                                Duration.ofHours(24)),
                        Duration.ofSeconds(15),
                        Duration.ofHours(24),
                        Duration.ofDays(5),
                        Duration.ofMillis(500),
                        200,
                        16));
    }

    @Test
    void aRetryAfterIsReadInBothForms() {
        var now = Instant.parse("2026-11-20T08:00:00Z");

        assertThat(new Endpoints.Answer(429, "", "120").wait(now)).isEqualTo(Duration.ofMinutes(2));
        assertThat(new Endpoints.Answer(429, "", "Fri, 20 Nov 2026 08:01:00 GMT").wait(now))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(new Endpoints.Answer(429, "", "soon").wait(now)).isNull();
        assertThat(new Endpoints.Answer(429, "", null).wait(now)).isNull();
    }
}
