package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RetentionPropertiesTest {

    private static RetentionProperties bound(String... settings) {
        var source = new MapConfigurationPropertySource();
        for (String setting : settings) {
            source.put("syncline.retention." + setting.split("=")[0], setting.split("=")[1]);
        }
        return new Binder(source).bindOrCreate("syncline.retention", RetentionProperties.class);
    }

    private static Duration days(int number) {
        return Duration.ofDays(number);
    }

    @Test
    void theDefaultsAreThese() {
        assertThat(bound()).isEqualTo(new RetentionProperties(days(30), days(30), days(90), days(35), days(365)));
    }

    @Test
    void copiesAreFoundForThirtyFiveDaysAtLeastAndRunsOutliveTheirRows() {
        assertThatThrownBy(() -> bound("triggers=34d"))
                .hasRootCauseMessage("syncline.retention.triggers is 35d to 3650d: PT816H");
        assertThatThrownBy(() -> bound("calls=0d")).rootCause().hasMessageContaining("syncline.retention.calls");
        assertThatThrownBy(() -> bound("callbacks=4000d"))
                .rootCause()
                .hasMessageContaining("syncline.retention.callbacks");
        assertThatThrownBy(() -> bound("journal=400d"))
                .rootCause()
                .hasMessageContaining("syncline.retention.runs is 400d");
        assertThat(bound("runs=40d", "journal=40d", "triggers=P35D").runs()).isEqualTo(days(40));
    }

    @Test
    void idsOfBeforeSortBelowTheFirstIdOfATime() {
        var before = Ids.next();
        var bound = Ids.first(Instant.now().plusSeconds(1));

        assertThat(before.compareTo(bound)).isNegative();
        assertThat(before.compareTo(Ids.first(Instant.now().minusSeconds(60)))).isPositive();
        assertThat(bound).hasSameSizeAs(before);
    }
}
