package io.syncline.provider.push;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.syncline.provider.push.JdbcDeliveries.Backlog;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.LoopLifecycle;
import io.syncline.provider.work.PollLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What waits and what is dead, by subscription; gauges keep their last value while the database is away. */
@Component
class PushGauges implements LoopLifecycle {

    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    /** Labels of their own; what comes behind them in the order of the keys is one, {@code other}. */
    private static final int MOST_LABELS = 100;

    private static final int MOST_COUNTED = 50_000;

    /** Of one subscription, or of all others. */
    private record Shown(boolean active, double pending, double dead, double unstored, double oldestSeconds) {

        Shown and(Shown other) {
            return new Shown(
                    active && other.active,
                    pending + other.pending,
                    dead + other.dead,
                    unstored + other.unstored,
                    Math.max(oldestSeconds, other.oldestSeconds));
        }
    }

    private final JdbcSubscriptions subscriptions;
    private final JdbcDeliveries deliveries;
    private final DatabaseClock clock;
    private final Map<MultiGauge, ToDoubleFunction<Shown>> gauges = new LinkedHashMap<>();
    private final PollLoop loop;
    private volatile Map<String, Shown> shown = Map.of();

    PushGauges(
            JdbcSubscriptions subscriptions, JdbcDeliveries deliveries, DatabaseClock clock, MeterRegistry registry) {
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.clock = clock;
        gauge(registry, "syncline.push.active", "1, or 0 once it was disabled", "", one -> one.active() ? 1 : 0);
        gauge(registry, "syncline.push.pending", "deliveries that wait", "", Shown::pending);
        gauge(registry, "syncline.push.dead", "deliveries that were given up and are kept", "", Shown::dead);
        gauge(registry, "syncline.push.unstored", "changes without a delivery yet", "", Shown::unstored);
        gauge(
                registry,
                "syncline.push.oldest.pending.age",
                "for how long the first delivery has waited",
                "seconds",
                Shown::oldestSeconds);
        this.loop = new PollLoop(
                "push-gauges",
                this::turn,
                new FailureEpisode(LoggerFactory.getLogger(PushGauges.class), "Deliveries could not be counted"),
                EVERY,
                STOP_WITHIN);
    }

    private void gauge(
            MeterRegistry registry, String name, String meaning, String unit, ToDoubleFunction<Shown> value) {
        gauges.put(
                MultiGauge.builder(name)
                        .description("cluster: " + meaning)
                        .baseUnit(unit)
                        .register(registry),
                value);
    }

    private Duration turn() {
        refresh();
        return EVERY;
    }

    void refresh() {
        shown = shown(clock.moment());
        // A row that stays reads the newest number; one registered anew might meet a scrape and be shown twice, which
        // Prometheus's client answers with 500: https://github.com/micrometer-metrics/micrometer/issues/6851
        gauges.forEach((gauge, value) -> {
            var rows = new ArrayList<MultiGauge.Row<?>>();
            shown.keySet()
                    .forEach(key -> rows.add(MultiGauge.Row.of(Tags.of("subscription", key), () -> {
                        var one = shown.get(key);
                        return one == null ? null : value.applyAsDouble(one);
                    })));
            gauge.register(rows, false);
        });
    }

    private Map<String, Shown> shown(Instant now) {
        var pending = byId("PENDING");
        var dead = byId("DEAD");
        var all = subscriptions.all();
        var unstored =
                subscriptions.unstored(all.stream().map(Subscription::key).toList());
        var shown = new LinkedHashMap<String, Shown>();
        for (var one : all) {
            var waits = pending.get(one.id());
            var gone = dead.get(one.id());
            shown.merge(
                    shown.size() < MOST_LABELS ? one.key() : "other",
                    new Shown(
                            one.enabled(),
                            waits == null ? 0 : waits.messages(),
                            gone == null ? 0 : gone.messages(),
                            unstored.getOrDefault(one.key(), 0L),
                            waits == null
                                    ? 0
                                    : Duration.between(waits.oldest(), now).toMillis() / 1000.0),
                    Shown::and);
        }
        return shown;
    }

    private Map<String, Backlog> byId(String state) {
        List<Backlog> backlogs = deliveries.backlogs(state, MOST_COUNTED);
        return backlogs.stream().collect(Collectors.toMap(Backlog::subscription, Function.identity()));
    }

    @Override
    public PollLoop loop() {
        return loop;
    }
}
