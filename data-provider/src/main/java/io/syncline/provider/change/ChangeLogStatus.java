package io.syncline.provider.change;

import io.syncline.provider.store.DatabaseClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** How each change log stands: its numbers, what waits for one, and how far those are who are known to read it. */
@Component
public class ChangeLogStatus {

    private final JdbcChangeFeeds feeds;
    private final JdbcLoggedChanges logged;
    private final JdbcWaitingChanges waiting;
    private final ObjectProvider<KnownReader> readers;
    private final Unread unread;
    private final DatabaseClock clock;

    ChangeLogStatus(
            JdbcChangeFeeds feeds,
            JdbcLoggedChanges logged,
            JdbcWaitingChanges waiting,
            ObjectProvider<KnownReader> readers,
            Unread unread,
            DatabaseClock clock) {
        this.feeds = feeds;
        this.logged = logged;
        this.waiting = waiting;
        this.readers = readers;
        this.unread = unread;
        this.clock = clock;
    }

    /**
     * The log of one dataset.
     *
     * @param recording false: it is kept, and nothing is added to it any more
     * @param firstSeq the first number that is kept
     * @param lastSeq the last number that was given
     * @param lastChangeAt when that change was committed; null when it is not kept, or there is none
     * @param waitingSince when the first change that waits for its number was committed; null: none waits
     */
    public record Log(
            String dataset,
            boolean recording,
            long firstSeq,
            long lastSeq,
            @Nullable Instant lastChangeAt,
            @Nullable Instant waitingSince,
            List<Reader> readers) {}

    /**
     * How far a reader is that keeps its place here; a reader of the feed keeps its cursor to itself.
     *
     * @param reader {@code kafka}, or {@code push} for the slowest subscription
     * @param behind numbered changes that it has not read
     * @param oldestSeconds age of the first of them
     * @param lostAt share of the time for which it is kept; at 1 it is deleted unread
     */
    public record Reader(String reader, long lastSeq, long behind, long oldestSeconds, double lostAt) {}

    /** In the order of their names. */
    public List<Log> all() {
        var now = clock.moment();
        var known = readers.stream()
                .map(reader -> new Known(reader.name(), reader.places()))
                .toList();
        return feeds.all().stream()
                .sorted(Comparator.comparing(Feed::dataset))
                .map(feed -> new Log(
                        feed.dataset(),
                        feed.recording(),
                        feed.first(),
                        feed.last(),
                        logged.committed(feed.dataset(), feed.last()).orElse(null),
                        waiting.oldest(feed.dataset()).orElse(null),
                        readers(feed, known, now)))
                .toList();
    }

    private List<Reader> readers(Feed feed, List<Known> known, Instant now) {
        var of = new ArrayList<Reader>();
        for (var reader : known) {
            var place = reader.places().get(feed.dataset());
            if (place != null) {
                var lag = unread.lag(feed.dataset(), reader.name(), place, now);
                of.add(new Reader(
                        reader.name(),
                        place,
                        Math.max(0, feed.last() - place),
                        lag.age().toSeconds(),
                        lag.share()));
            }
        }
        return of;
    }

    private record Known(String name, Map<String, Long> places) {}
}
