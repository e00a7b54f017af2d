package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KeyPropertiesTest {

    private static KeyProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("syncline.keys", KeyProperties.class);
    }

    @Test
    void theDefaultsAreThese() {
        assertThat(bound(Map.of()))
                .isEqualTo(new KeyProperties(
                        Duration.ofDays(30),
                        Duration.ofHours(1),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(1),
                        SigningAlgorithm.ES256));
    }

    @Test
    void theAlgorithmsAreNamedAsInTokens() {
        for (var algorithm : SigningAlgorithm.values()) {
            assertThat(bound(Map.of("syncline.keys.algorithm", algorithm.text()))
                            .algorithm())
                    .isEqualTo(algorithm);
        }
        assertThatThrownBy(() -> bound(Map.of("syncline.keys.algorithm", "HS256")))
                .hasRootCauseMessage("No enum constant " + SigningAlgorithm.class.getName() + ".HS256");
    }

    @ParameterizedTest
    @CsvSource({"overlap,PT16M", "lead,PT1S", "rotate-every,PT10M", "read-every,PT31S", "read-every,PT0.05S"})
    void aTimeThatWouldLoseTokensIsRefused(String name, String time) {
        assertThatThrownBy(() -> bound(Map.of("syncline.keys." + name, time)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("syncline.keys." + name);
    }
}
