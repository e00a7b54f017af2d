package io.syncline.consumer.users;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.syncline.consumer.store.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How long changes take from their commit at the provider to where they can be read. Each is measured on the instance
 * that applied it; notes of all instances lie in the database, so that any of them can check.
 */
class Freshness implements Consumer<UserView.Applied> {

    private static final Duration KEPT = Duration.ofDays(1);

    private static final String NOTE = """
            insert into view_freshness (instance_id, measured_at, changes, late_changes, longest_millis)
            values (:instance, :now, :changes, :late, :longest)""";

    private static final String FORGET = "delete from view_freshness where measured_at < :before";

    private static final String SINCE = """
            select coalesce(sum(changes), 0) as changes, coalesce(sum(late_changes), 0) as late_changes,
                   coalesce(max(longest_millis), 0) as longest_millis
            from view_freshness where measured_at > :since""";

    private final Transactions transactions;
    private final JdbcClient jdbc;
    private final String instance;
    private final Duration limit;
    private final Timer timer;
    private final Counter appliedChanges;
    private final Counter ignoredChanges;
    private Measured measured = Measured.NOTHING;

    Freshness(Transactions transactions, JdbcClient jdbc, String instance, Duration limit, MeterRegistry meters) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.instance = instance;
        this.limit = limit;
        this.timer = Timer.builder("syncline.view.freshness")
                .description("from the commit of a change at the provider to where it can be read")
                .serviceLevelObjectives(
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(2500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10))
                .register(meters);
        this.appliedChanges = counter(meters, "applied");
        this.ignoredChanges = counter(meters, "ignored");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("syncline.view.changes")
                .description("changes that came; those that came late or again are ignored")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** @param late took longer than the limit of 95 in 100 */
    record Measured(long changes, long late, long longestMillis) {

        static final Measured NOTHING = new Measured(0, 0, 0);

        Measured plus(Measured other) {
            return new Measured(
                    changes + other.changes, late + other.late, Math.max(longestMillis, other.longestMillis));
        }
    }

    @Override
    public void accept(UserView.Applied applied) {
        var readableAt = applied.startedAt().plusNanos(System.nanoTime() - applied.startedNanos());
        long late = 0;
        long longest = 0;
        for (var change : applied.changes()) {
            // Two clocks: what seems to be read before it was committed took no time.
            long millis = Math.max(
                    0, Duration.between(change.committedAt(), readableAt).toMillis());
            timer.record(millis, TimeUnit.MILLISECONDS);
            late += millis > limit.toMillis() ? 1 : 0;
            longest = Math.max(longest, millis);
        }
        appliedChanges.increment(applied.changes().size());
        ignoredChanges.increment(applied.ignored());
        if (!applied.changes().isEmpty()) {
            add(new Measured(applied.changes().size(), late, longest));
        }
    }

    private synchronized void add(Measured more) {
        measured = measured.plus(more);
    }

    private synchronized Measured take() {
        var taken = measured;
        measured = Measured.NOTHING;
        return taken;
    }

    /** Writes down what was measured since the last note. */
    void note() {
        var taken = take();
        if (taken.changes() == 0) {
            return;
        }
        try {
            transactions.run(now -> {
                jdbc.sql(NOTE)
                        .param("instance", instance)
                        .param("now", toJdbc(now))
                        .param("changes", taken.changes())
                        .param("late", taken.late())
                        .param("longest", taken.longestMillis())
                        .update();
                jdbc.sql(FORGET).param("before", toJdbc(now.minus(KEPT))).update();
            });
        } catch (RuntimeException e) {
            add(taken);
            throw e;
        }
    }

    /** Of all instances; in the caller's transaction. */
    Measured since(Instant since) {
        return jdbc.sql(SINCE)
                .param("since", toJdbc(since))
                .query((row, number) -> new Measured(
                        row.getLong("changes"), row.getLong("late_changes"), row.getLong("longest_millis")))
                .single();
    }
}
