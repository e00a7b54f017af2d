package io.syncline.provider.change;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.syncline.provider.change.Unread.Lag;
import io.syncline.provider.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What monitoring is told of the change log; gauges keep their last value while the database is away. */
@Component
class ChangeMeters {

    /** Nobody needs to know how much more than that it is, and counting takes time. */
    private static final int MOST_COUNTED = 10_000;

    private final JdbcChangeFeeds feeds;
    private final JdbcWaitingChanges waiting;
    private final Unread unread;
    private final DatabaseClock clock;
    private final MeterRegistry registry;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong oldestAgeMillis = new AtomicLong();
    private final Map<String, AtomicLong> last = new ConcurrentHashMap<>();
    private final MultiGauge unreadAge;
    private final MultiGauge unreadShare;
    private volatile Map<Tags, Lag> lags = Map.of();

    ChangeMeters(
            JdbcChangeFeeds feeds,
            JdbcWaitingChanges waiting,
            Unread unread,
            DatabaseClock clock,
            FeedWaiters waiters,
            MeterRegistry registry) {
        this.feeds = feeds;
        this.waiting = waiting;
        this.unread = unread;
        this.clock = clock;
        this.registry = registry;
        Gauge.builder("syncline.changes.waiting", count, AtomicLong::get)
                .description("cluster: changes that wait for a number, " + MOST_COUNTED + " at most")
                .register(registry);
        TimeGauge.builder(
                        "syncline.changes.oldest.waiting.age", oldestAgeMillis, TimeUnit.MILLISECONDS, AtomicLong::get)
                .description("cluster: for how long the first of them has waited")
                .register(registry);
        Gauge.builder("syncline.changes.feed.waiters", waiters, FeedWaiters::waiting)
                .description("requests that wait for the next change at this instance")
                .register(registry);
        this.unreadAge = MultiGauge.builder("syncline.changes.oldest.unread.age")
                .description("cluster: age of the first change that the slowest of these readers has not read")
                .baseUnit("seconds")
                .register(registry);
        this.unreadShare = MultiGauge.builder("syncline.changes.unread.retention.ratio")
                .description("cluster: that age as a share of the time for which the change is kept; lost at 1")
                .register(registry);
    }

    /** Counted where numbers are given, after the commit. */
    void numbered(String dataset, int changes) {
        Counter.builder("syncline.changes.numbered")
                .description("changes that this instance gave numbers")
                .tag("dataset", dataset)
                .register(registry)
                .increment(changes);
    }

    void refresh() {
        var known = feeds.all();
        for (var feed : known) {
            last.computeIfAbsent(feed.dataset(), this::lastNumber).set(feed.last());
        }
        count.set(waiting.count(MOST_COUNTED));
        var now = clock.moment();
        oldestAgeMillis.set(known.stream()
                .flatMap(feed -> waiting.oldest(feed.dataset()).stream())
                .min(Instant::compareTo)
                .map(oldest -> Math.max(0, Duration.between(oldest, now).toMillis()))
                .orElse(0L));
        refreshLags();
    }

    private void refreshLags() {
        lags = unread.lags().stream()
                .collect(
                        Collectors.toMap(lag -> Tags.of("dataset", lag.dataset(), "reader", lag.reader()), lag -> lag));
        // A row that stays reads the newest number; one registered anew might meet a scrape and be shown twice, which
        // Prometheus's client answers with 500: https://github.com/micrometer-metrics/micrometer/issues/6851
        unreadAge.register(rows(lag -> lag.age().toMillis() / 1000.0), false);
        unreadShare.register(rows(Lag::share), false);
    }

    private List<MultiGauge.Row<?>> rows(ToDoubleFunction<Lag> value) {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        for (var tags : lags.keySet()) {
            rows.add(MultiGauge.Row.of(tags, () -> {
                var lag = lags.get(tags);
                return lag == null ? null : value.applyAsDouble(lag);
            }));
        }
        return rows;
    }

    private AtomicLong lastNumber(String dataset) {
        var number = new AtomicLong();
        Gauge.builder("syncline.changes.last.seq", number, AtomicLong::get)
                .description("cluster: the last number of the dataset's change log")
                .tag("dataset", dataset)
                .register(registry);
        return number;
    }
}
