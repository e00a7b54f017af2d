package io.syncline.provider.change;

import io.syncline.provider.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What the known readers have not read, and when it would be lost to them. */
@Component
class Unread {

    private final ObjectProvider<KnownReader> readers;
    private final JdbcLoggedChanges logged;
    private final DatabaseClock clock;
    private final ChangeProperties properties;

    Unread(
            ObjectProvider<KnownReader> readers,
            JdbcLoggedChanges logged,
            DatabaseClock clock,
            ChangeProperties properties) {
        this.readers = readers;
        this.logged = logged;
        this.clock = clock;
        this.properties = properties;
    }

    /**
     * How far a reader is behind.
     *
     * @param age of the first change that it has not read, from its number on; zero without one
     * @param share of the time for which that change is kept; at 1 it is deleted
     */
    record Lag(String dataset, String reader, Duration age, double share) {}

    /** For each reader and dataset. */
    List<Lag> lags() {
        var lags = new ArrayList<Lag>();
        var now = clock.moment();
        readers.forEach(reader ->
                reader.places().forEach((dataset, place) -> lags.add(lag(dataset, reader.name(), place, now))));
        return lags;
    }

    Lag lag(String dataset, String reader, long place, Instant now) {
        var age = logged.numberedBehind(dataset, place)
                .map(numbered -> Duration.between(numbered, now))
                .filter(since -> !since.isNegative())
                .orElse(Duration.ZERO);
        return new Lag(
                dataset,
                reader,
                age,
                (double) age.toMillis() / properties.keepUnread().toMillis());
    }

    /** Up to which number all known readers have read; empty where there are none. */
    OptionalLong readByAll(String dataset) {
        return readers.stream()
                .map(KnownReader::places)
                .filter(places -> places.containsKey(dataset))
                .mapToLong(places -> places.get(dataset))
                .min();
    }
}
