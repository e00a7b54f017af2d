package io.syncline.provider.push;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** What is pushed, and how it goes. */
@Component
class PushMeters {

    private static final Duration[] BOUNDS = {
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15)
    };

    private final MeterRegistry registry;

    PushMeters(MeterRegistry registry, Datasets datasets) {
        this.registry = registry;
        // There from the beginning: of a counter that begins with 1 nobody sees that it rose.
        datasets.all().stream().filter(Dataset::changes).map(Dataset::name).forEach(dataset -> {
            disablings(dataset);
            gaps(dataset);
        });
    }

    void stored(String dataset, int deliveries) {
        counter("syncline.push.stored", "deliveries stored for subscriptions", dataset)
                .increment(deliveries);
    }

    void attempted(String dataset, boolean success, long nanos) {
        Timer.builder("syncline.push.attempts")
                .description("attempts to deliver")
                .tag("dataset", dataset)
                .tag("outcome", success ? "delivered" : "failed")
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void disabled(String dataset) {
        disablings(dataset).increment();
    }

    private Counter disablings(String dataset) {
        return counter("syncline.push.disabled", "subscriptions disabled by 410 or by failures alone", dataset);
    }

    void gap(String dataset) {
        gaps(dataset).increment();
    }

    private Counter gaps(String dataset) {
        return counter(
                "syncline.push.gaps",
                "times that changes were gone before they were stored for a subscription",
                dataset);
    }

    private Counter counter(String name, String description, String dataset) {
        return Counter.builder(name)
                .description(description)
                .tag("dataset", dataset)
                .register(registry);
    }
}
