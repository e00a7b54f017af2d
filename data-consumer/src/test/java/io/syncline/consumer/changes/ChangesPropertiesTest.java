package io.syncline.consumer.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ChangesPropertiesTest {

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(bind("syncline.consumer.changes", ChangesProperties.class, Map.of()))
                .isEqualTo(new ChangesProperties(
                        true,
                        Duration.ofSeconds(2),
                        200,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30)));
        assertThat(bind("syncline.kafka", KafkaProperties.class, Map.of()))
                .isEqualTo(new KafkaProperties(
                        null,
                        "syncline.changes.",
                        "syncline-user-view",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Map.of()));
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        var properties = bind("syncline.consumer.changes", ChangesProperties.class, Map.of());

        assertThat(properties.pause(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(properties.pause(3)).isEqualTo(Duration.ofSeconds(2));
        assertThat(properties.pause(1000)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whatCannotWorkIsRefused() {
        assertThatThrownBy(() -> bind(
                        "syncline.consumer.changes",
                        ChangesProperties.class,
                        Map.of("syncline.consumer.changes.limit", "201")))
                .rootCause()
                .hasMessageContaining("201");
        assertThatThrownBy(() -> bind(
                        "syncline.consumer.changes",
                        ChangesProperties.class,
                        Map.of("syncline.consumer.changes.poll-wait", "PT8S")))
                .rootCause()
                .hasMessageContaining("half of the lease");
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix, type);
    }
}
