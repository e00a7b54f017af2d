package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ConsumerPropertiesTest {

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(bind(Map.of()))
                .isEqualTo(new ConsumerProperties(
                        URI.create("http://127.0.0.1:8081"),
                        null,
                        2,
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(30),
                        5,
                        Path.of(".syncline/spool"),
                        Duration.ofHours(24),
                        100,
                        List.of()));
    }

    @Test
    void datasetsAreNamedByKeyAndTable() {
        var properties = bind(Map.of(
                "syncline.consumer.datasets[0].key", "runways", "syncline.consumer.datasets[0].table", "runways"));

        assertThat(properties.datasets()).containsExactly(Plain.dataset("runways", "runways"));
    }

    @Test
    void aTableNameThatIsMoreThanANameIsRefused() {
        assertThatThrownBy(() -> bind(Map.of(
                        "syncline.consumer.datasets[0].key", "x", "syncline.consumer.datasets[0].table", "x; drop")))
                .rootCause()
                .hasMessageContaining("x; drop");
    }

    @Test
    void aLeaseIsRenewedTwiceBeforeItEnds() {
        assertThatThrownBy(() -> bind(Map.of("syncline.consumer.renew-every", "PT7S")))
                .rootCause()
                .hasMessageContaining("renew-every");
    }

    private static ConsumerProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("syncline.consumer", ConsumerProperties.class);
    }
}
