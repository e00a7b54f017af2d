package io.syncline.provider.change.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How far the topics are behind the logs. */
final class PublisherMeters {

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> unpublished = new ConcurrentHashMap<>();

    /** @param datasets whose counters are there from the beginning: of one that begins with 1 nobody sees that it rose */
    PublisherMeters(MeterRegistry registry, Collection<String> datasets) {
        this.registry = registry;
        datasets.forEach(dataset -> {
            failures(dataset);
            gaps(dataset);
        });
    }

    void unpublished(String dataset, long changes) {
        unpublished.computeIfAbsent(dataset, this::gauge).set(changes);
    }

    private AtomicLong gauge(String dataset) {
        var value = new AtomicLong();
        Gauge.builder("syncline.changes.unpublished", value, AtomicLong::doubleValue)
                .description("numbered changes that are not on Kafka yet")
                .tag("dataset", dataset)
                .register(registry);
        return value;
    }

    void published(String dataset, int changes) {
        counter("syncline.changes.published", "changes that Kafka acknowledged", dataset)
                .increment(changes);
    }

    void failed(String dataset) {
        failures(dataset).increment();
    }

    private Counter failures(String dataset) {
        return counter(
                "syncline.changes.publish.failures", "batches that did not reach Kafka and are tried again", dataset);
    }

    void gap(String dataset) {
        gaps(dataset).increment();
    }

    private Counter gaps(String dataset) {
        return counter(
                "syncline.changes.publish.gaps", "times that changes were gone before they reached Kafka", dataset);
    }

    private Counter counter(String name, String description, String dataset) {
        return Counter.builder(name)
                .description(description)
                .tag("dataset", dataset)
                .register(registry);
    }
}
