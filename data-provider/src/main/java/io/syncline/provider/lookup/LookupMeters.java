package io.syncline.provider.lookup;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.syncline.provider.dataset.Dataset;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** How long look-ups take, and what they find. */
@Component
class LookupMeters {

    /** How the answer ended. */
    enum Outcome {
        COMPLETE,
        /** The caller hung up, or read too slowly. */
        CUT_OFF,
        FAILED
    }

    private static final Duration[] BOUNDS = LookupTimes.BOUNDS.toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final LookupTimes times;

    LookupMeters(MeterRegistry registry, LookupTimes times) {
        this.registry = registry;
        this.times = times;
    }

    void time(Dataset dataset, StrategyName strategy, Outcome outcome, long nanos) {
        Timer.builder("syncline.lookups")
                .description("from the turn of a look-up to the end of its answer")
                .tag("dataset", dataset.name())
                .tag("strategy", strategy.name().toLowerCase(Locale.ROOT))
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
        if (outcome == Outcome.COMPLETE) {
            times.complete(dataset.name(), nanos);
        } else {
            times.broken(dataset.name());
        }
    }

    void ids(Dataset dataset, long found, long notFound) {
        ids(dataset, "true", found);
        ids(dataset, "false", notFound);
    }

    private void ids(Dataset dataset, String found, long count) {
        Counter.builder("syncline.lookup.ids")
                .description("distinct ids of complete look-ups")
                .tag("dataset", dataset.name())
                .tag("found", found)
                .register(registry)
                .increment(count);
    }
}
