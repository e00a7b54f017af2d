package io.syncline.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SyncPropertiesTest {

    @Test
    void theDefaultsAreThese() {
        assertThat(bind(Map.of()))
                .isEqualTo(new SyncProperties(
                        4,
                        100,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(1),
                        10,
                        5,
                        Duration.ofDays(35),
                        Duration.ofSeconds(10)));
    }

    @Test
    void thePropertiesAreNamedLikeThis() {
        var properties = bind(Map.of(
                "syncline.client.sync.workers", "1",
                "syncline.client.sync.queue", "2",
                "syncline.client.sync.lease", "3s",
                "syncline.client.sync.progress-interval", "4s",
                "syncline.client.sync.max-starts", "5",
                "syncline.client.sync.refused-callbacks", "6",
                "syncline.client.sync.keep", "7d",
                "syncline.client.sync.stop-within", "8s"));

        assertThat(properties)
                .isEqualTo(new SyncProperties(
                        1,
                        2,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        5,
                        6,
                        Duration.ofDays(7),
                        Duration.ofSeconds(8)));
    }

    private static SyncProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("syncline.client.sync", SyncProperties.class);
    }
}
