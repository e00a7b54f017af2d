package io.syncline.consumer.changes;

import io.syncline.consumer.changes.JdbcParkedChanges.Parked;
import io.syncline.consumer.changes.JdbcPositions.Position;
import io.syncline.consumer.provider.ChangesGoneException;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.ProviderClient.ChangePage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataIntegrityViolationException;
import tools.jackson.databind.JsonNode;

/**
 * Follows the provider's change feed over HTTP: one thread a dataset, and of all instances one that holds the dataset's
 * feed. The position is written in the transaction that applies the changes, under the holder's fence, so that no
 * change is lost or applied by two who both believe to hold the feed.
 */
final class HttpFeed implements SmartLifecycle {

    static final String FEED = "HTTP";

    private static final Logger LOG = LoggerFactory.getLogger(HttpFeed.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Object wakeUp = new Object();
    private final List<Thread> threads = new ArrayList<>();
    private final ProviderClient provider;
    private final ChangeReader reader;
    private final ChangeTarget target;
    private final JdbcPositions positions;
    private final JdbcParkedChanges parked;
    private final ChangesProperties properties;
    private volatile boolean running;

    HttpFeed(
            ProviderClient provider,
            ChangeReader reader,
            ChangeTarget target,
            JdbcPositions positions,
            JdbcParkedChanges parked,
            ChangesProperties properties) {
        this.provider = provider;
        this.reader = reader;
        this.target = target;
        this.positions = positions;
        this.parked = parked;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        for (var dataset : target.datasets()) {
            var thread = new Thread(() -> follow(dataset), "changes-" + dataset);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void follow(String dataset) {
        int failures = 0;
        while (running) {
            try {
                var claimed = positions.claim(dataset, FEED);
                if (claimed.isEmpty()) {
                    pause(properties.claimEvery());
                    continue;
                }
                var held = claimed.get();
                try {
                    while (running) {
                        held = step(held);
                        failures = 0;
                    }
                } finally {
                    release(held);
                }
            } catch (FeedLostException e) {
                LOG.info("{}", e.getMessage());
            } catch (RuntimeException e) {
                failures++;
                var pause = properties.pause(failures);
                if (Integer.bitCount(failures) == 1) {
                    LOG.warn(
                            "the changes of {} cannot be followed, try {}; tried again in {}",
                            dataset,
                            failures,
                            pause,
                            e);
                }
                pause(pause);
            }
        }
    }

    /** Reads a page and applies it; the position behind it. */
    Position step(Position held) {
        long asked = System.nanoTime();
        ChangePage page;
        try {
            page = provider.changes(held.dataset(), held.cursor(), properties.pollWait(), properties.limit());
        } catch (ChangesGoneException e) {
            positions.gone(held);
            throw e;
        }
        var good = new ArrayList<Change>();
        var bad = new ArrayList<Parked>();
        long seq = judge(held, page, good, bad);
        var cursor = String.valueOf(page.nextCursor());
        var next = new Position[] {held};
        Consumer<Instant> advance = now -> {
            bad.forEach(change -> parked.park(held.dataset(), FEED, change, now));
            next[0] = held.at(cursor, seq, asOf(page, good, now.minusNanos(System.nanoTime() - asked)));
            positions.advanceHeld(next[0], now);
        };
        try {
            target.apply(held.dataset(), good, advance);
        } catch (DataIntegrityViolationException e) {
            LOG.warn("the changes of {} are applied one by one", held.dataset(), e);
            good.forEach(change -> bad.addAll(applyAlone(change)));
            target.apply(held.dataset(), List.of(), advance);
        }
        return next[0];
    }

    /** Up to when the provider's log is complete, as it says itself; else what can be told from outside. */
    private static @Nullable Instant asOf(ChangePage page, List<Change> good, Instant whenAsked) {
        if (page.asOf() != null) {
            return page.asOf();
        }
        if (items(page).isEmpty()) {
            // What an empty answer does not have was not in the feed when it was asked for.
            return whenAsked;
        }
        // Numbers are not in the order of the commits.
        return good.stream().map(Change::committedAt).min(Instant::compareTo).orElse(null);
    }

    /** One of a page is what the database never takes: each for itself shows which, and it alone is parked. */
    private List<Parked> applyAlone(Change change) {
        try {
            target.apply(change.dataset(), List.of(change), now -> {});
            return List.of();
        } catch (DataIntegrityViolationException e) {
            LOG.error("change {} of {} is parked", change.seq(), change.dataset(), e);
            return List.of(new Parked(
                    Long.toString(change.seq()), "the database does not take this change", change.toString()));
        }
    }

    /** Tells usable changes from others, and missing numbers; the highest number. */
    private long judge(Position held, ChangePage page, List<Change> good, List<Parked> bad) {
        var dataset = held.dataset();
        int number = 0;
        long highest = held.seq();
        for (var event : items(page)) {
            number++;
            var told = event.path("seq");
            long seq = told.isIntegralNumber() && told.canConvertToLong() ? told.longValue() : 0;
            try {
                var change = reader.read(dataset, event);
                if (highest > 0 && seq > highest + 1) {
                    var gap = "%d to %d".formatted(highest + 1, seq - 1);
                    LOG.error("changes {} of {} never came; a reconciliation finds what they were", gap, dataset);
                    bad.add(new Parked(gap, "these changes never came", ""));
                }
                highest = Math.max(highest, seq);
                target.check(change);
                good.add(change);
            } catch (UnusableChangeException e) {
                // The number of what is no change is believed only where it is due.
                highest = seq == highest + 1 ? seq : highest;
                var position = seq > 0 ? Long.toString(seq) : "before " + page.nextCursor() + ", number " + number;
                LOG.error("change {} of {} is parked: {}", position, dataset, e.reason());
                bad.add(new Parked(
                        position.length() > 255 ? position.substring(0, 255) : position, e.reason(), event.toString()));
            }
        }
        return highest;
    }

    private static List<JsonNode> items(ChangePage page) {
        return page.items() == null ? List.of() : page.items();
    }

    private void release(@Nullable Position held) {
        try {
            if (held != null) {
                positions.release(held);
            }
        } catch (RuntimeException e) {
            LOG.info("the feed was not given back; another instance takes it when the lease has run out", e);
        }
    }

    private void pause(Duration pause) {
        synchronized (wakeUp) {
            try {
                if (running) {
                    wakeUp.wait(Math.max(1, pause.toMillis()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running = false;
            }
        }
    }

    @Override
    public void stop() {
        List<Thread> stopped;
        synchronized (this) {
            running = false;
            stopped = List.copyOf(threads);
            threads.clear();
        }
        synchronized (wakeUp) {
            wakeUp.notifyAll();
        }
        long until = System.nanoTime() + STOP_WITHIN.toNanos();
        for (var thread : stopped) {
            try {
                // Never by interrupt: H2 closes its file when one hits it while it reads.
                thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
