package io.syncline.provider.change;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import org.springframework.stereotype.Component;

/** What becomes of those who ask the feeds. */
@Component
class FeedMeters {

    private final MeterRegistry registry;

    FeedMeters(MeterRegistry registry, Datasets datasets) {
        this.registry = registry;
        // There from the beginning: of a counter that begins with 1 nobody sees that it rose.
        datasets.all().stream().filter(Dataset::changes).forEach(dataset -> counter(dataset.name()));
    }

    /** Somebody's cursor is too old. */
    void gone(String dataset) {
        counter(dataset).increment();
    }

    private Counter counter(String dataset) {
        return Counter.builder("syncline.changes.feed.gone")
                .description("answers 410 to readers of the feed whose cursor is too old")
                .tag("dataset", dataset)
                .register(registry);
    }
}
