package io.syncline.scheduler.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelledGaugeTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LabelledGauge gauge = new LabelledGauge("rows", "Rows by kind", "kind", meters);

    @Test
    void aRowThatStaysIsTheSameGaugeWithTheNewNumber() {
        gauge.show(Map.of("late", 3, "lost", 1));
        var late = row("late");

        gauge.show(Map.of("late", 4, "lost", 1));

        assertThat(row("late")).isSameAs(late);
        assertThat(late.value()).isEqualTo(4);
    }

    @Test
    void aRowThatIsNotShownAgainIsGoneAndMayComeBack() {
        gauge.show(Map.of("late", 3, "lost", 1));

        gauge.show(Map.of("lost", 1));
        assertThat(meters.find("rows").tag("kind", "late").gauge()).isNull();

        gauge.show(Map.of("late", 5));
        assertThat(row("late").value()).isEqualTo(5);
        assertThat(meters.find("rows").gauges()).hasSize(1);
    }

    private Gauge row(String kind) {
        return meters.get("rows").tag("kind", kind).gauge();
    }
}
