package io.syncline.scheduler.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A gauge with a row for each value of one label. A row that stays is never registered again, it reads the newest number: a
 * scrape that met a row between its removal and its return would show it twice and be answered with 500.
 *
 * @see <a href="https://github.com/micrometer-metrics/micrometer/issues/6851">Micrometer issue 6851</a>
 */
final class LabelledGauge {

    private final String label;
    private final MultiGauge gauge;
    private volatile Map<String, Number> numbers = Map.of();

    LabelledGauge(String name, String description, String label, MeterRegistry meters) {
        this.label = label;
        this.gauge = MultiGauge.builder(name).description(description).register(meters);
    }

    /** Shows these numbers by their labels and no others. */
    void show(Map<String, ? extends Number> shown) {
        numbers = Map.copyOf(shown);
        gauge.register(shown.keySet().stream().map(this::row).toList(), false);
    }

    private Row<Supplier<Number>> row(String value) {
        return Row.of(Tags.of(label, value), () -> numbers.get(value));
    }
}
