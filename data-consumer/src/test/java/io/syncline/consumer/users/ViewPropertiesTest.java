package io.syncline.consumer.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ViewPropertiesTest {

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(bind(Map.of()))
                .isEqualTo(new ViewProperties(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(5),
                        true,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        10,
                        Duration.ofMinutes(1),
                        500));
    }

    @Test
    void whatCannotWorkIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("syncline.consumer.view.batch-rows", "0")))
                .rootCause()
                .hasMessageContaining("batch-rows");
        assertThatThrownBy(() -> bind(Map.of("syncline.consumer.view.freshness", "PT11S")))
                .rootCause()
                .hasMessageContaining("freshness-most");
    }

    private static ViewProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("syncline.consumer.view", ViewProperties.class);
    }
}
