package io.syncline.provider.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class LookupPropertiesTest {

    private static LookupProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("syncline.provider.lookups", LookupProperties.class);
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        assertThat(bound(Map.of()))
                .isEqualTo(new LookupProperties(
                        30_000,
                        DataSize.ofMegabytes(8),
                        8,
                        16,
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(60),
                        null,
                        1000,
                        1000,
                        1.1));
    }

    @Test
    void aStrategyIsNamedAsInTheDocumentation() {
        assertThat(bound(Map.of("syncline.provider.lookups.strategy", "table-copy"))
                        .strategy())
                .isEqualTo(StrategyName.TABLE_COPY);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> bound(Map.of("syncline.provider.lookups.batch-rows", "1001")))
                .rootCause()
                .hasMessageContaining("1001");
        assertThatThrownBy(() -> bound(Map.of("syncline.provider.lookups.max-ids", "0")))
                .isNotNull();
        assertThatThrownBy(() -> bound(Map.of("syncline.provider.lookups.random-page-cost", "-1")))
                .isNotNull();
    }
}
