package io.syncline.provider.change;

import io.syncline.provider.change.FeedLook.Seen;
import io.syncline.provider.change.JdbcWaitingChanges.Head;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.store.DatabaseClock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Looks how far the feeds are, and up to which moment they are complete: up to now where nothing waits for a number, else
 * up to the commit of what waits longest. A sequencer that stands still is seen by that.
 */
@Component
class FeedLooks {

    private final DatabaseClock clock;
    private final JdbcWaitingChanges waiting;
    private final JdbcChangeFeeds feeds;
    private final Datasets datasets;
    private final long recentNanos;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile FeedLook last = FeedLook.NONE;
    private volatile long lastNanos;

    FeedLooks(
            DatabaseClock clock,
            JdbcWaitingChanges waiting,
            JdbcChangeFeeds feeds,
            Datasets datasets,
            ChangeProperties properties) {
        this.clock = clock;
        this.waiting = waiting;
        this.feeds = feeds;
        this.datasets = datasets;
        this.recentNanos = properties.waitPoll().toNanos();
    }

    /** The last one, without another look. */
    FeedLook last() {
        return last;
    }

    /** One that is not much older than the time between two looks; who comes while another looks gets the one before. */
    FeedLook recent() {
        var known = last;
        if (known == FeedLook.NONE) {
            return look();
        }
        if (System.nanoTime() - lastNanos < recentNanos || !looking.tryLock()) {
            return known;
        }
        try {
            return look();
        } finally {
            looking.unlock();
        }
    }

    /** A new one. */
    FeedLook look() {
        looking.lock();
        try {
            // In this order: what is committed before the moment and does not wait any more is among the last numbers.
            var moment = clock.moment();
            var heads = waiting.heads();
            var asOf = new HashMap<String, @Nullable Instant>();
            datasets.all().stream()
                    .filter(Dataset::changes)
                    .forEach(dataset -> asOf.put(dataset.name(), asOf(dataset, heads.get(dataset.name()), moment)));
            var seen = new HashMap<String, Seen>();
            feeds.all().forEach(feed -> seen.put(feed.dataset(), new Seen(feed.last(), asOf.get(feed.dataset()))));
            last = new FeedLook(Map.copyOf(seen));
            lastNanos = System.nanoTime();
            return last;
        } finally {
            looking.unlock();
        }
    }

    /** How far the database's own log was read is not known here. */
    private @Nullable Instant asOf(Dataset dataset, @Nullable Head head, Instant moment) {
        if (dataset.captured()) {
            return null;
        }
        var before = Optional.ofNullable(last.feeds().get(dataset.name())).map(Seen::asOf);
        if (head == null) {
            return moment;
        }
        if (head.isOfLong() && before.isPresent()) {
            // Others wait behind it that were committed before it, and an import may be long.
            return before.get();
        }
        var first = head.isOfLong() ? waiting.earliest(dataset.name()).orElse(moment) : head.committedAt();
        var complete = first.isBefore(moment) ? first : moment;
        // What was just being committed at the look before carries an earlier time.
        return before.filter(complete::isBefore).orElse(complete);
    }
}
