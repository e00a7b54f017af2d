package io.syncline.provider.change;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.syncline.provider.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** What monitoring is told of the change log; gauges keep their last value while the database is away. */
@Component
class ChangeMeters {

    /** Nobody needs to know how much more than that it is, and counting takes time. */
    private static final int MOST_COUNTED = 10_000;

    private final JdbcChangeFeeds feeds;
    private final JdbcWaitingChanges waiting;
    private final DatabaseClock clock;
    private final MeterRegistry registry;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong oldestAgeMillis = new AtomicLong();
    private final Map<String, AtomicLong> last = new ConcurrentHashMap<>();

    ChangeMeters(
            JdbcChangeFeeds feeds,
            JdbcWaitingChanges waiting,
            DatabaseClock clock,
            FeedWaiters waiters,
            MeterRegistry registry) {
        this.feeds = feeds;
        this.waiting = waiting;
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
