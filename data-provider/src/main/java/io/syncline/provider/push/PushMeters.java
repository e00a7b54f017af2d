package io.syncline.provider.push;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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

    PushMeters(MeterRegistry registry) {
        this.registry = registry;
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
        counter("syncline.push.disabled", "subscriptions disabled by 410 or by failures alone", dataset)
                .increment();
    }

    void gap(String dataset) {
        counter(
                        "syncline.push.gaps",
                        "times that changes were gone before they were stored for a subscription",
                        dataset)
                .increment();
    }

    private Counter counter(String name, String description, String dataset) {
        return Counter.builder(name)
                .description(description)
                .tag("dataset", dataset)
                .register(registry);
    }
}
