package io.syncline.provider.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.syncline.provider.change.LogHistory.Committed;
import io.syncline.provider.change.LogInstance.Database;
import io.syncline.provider.store.DatabaseClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.health.contributor.Status;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;

/** What the change log promises, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChangeLogContract {

    private static final String[] DATASETS = {"accounts", "orders", "visits", "rooms", "halls"};
    private static final String[] MORE_DATASETS = {"accounts", "orders", "visits", "rooms", "guests", "plans", "halls"};
    private static final Duration SOON = Duration.ofSeconds(60);

    private Database database;
    LogInstance instance;

    abstract Database database() throws Exception;

    @BeforeAll
    void start() throws Exception {
        database = database();
        LogInstance.makeTables(database, MORE_DATASETS);
        instance = new LogInstance(
                database,
                Map.of(
                        "syncline.provider.changes.batch", "7",
                        "syncline.provider.changes.sweep-batch", "5",
                        "syncline.provider.changes.hold", "300ms"),
                DATASETS);
    }

    @AfterAll
    void stop() {
        if (instance != null) {
            instance.close();
        }
    }

    // ---- many writers

    @Test
    void manyWritersAreNumberedWithoutGapsInTheOrderOfTheirCommits() throws Exception {
        int writers = 32;
        int transactions = 30;
        var time = new AtomicLong();
        var marks = new AtomicLong();
        var committed = new ConcurrentLinkedQueue<Committed>();
        var seen = new ArrayList<LoggedChange>();
        var over = new AtomicBoolean();
        instance.letSequencerDie(2);
        var pool = Executors.newFixedThreadPool(writers + 1);
        try (var second = new LogInstance(database, Map.of("syncline.provider.changes.batch", "11"), DATASETS)) {
            second.letSequencerDie(2);
            var reader = pool.submit(() -> {
                readUntil(over, committed, seen);
                return null;
            });
            var work = IntStream.range(0, writers)
                    .mapToObj(writer -> (Callable<Void>) () -> {
                        var chance = new Random(4711L + writer);
                        var from = writer % 2 == 0 ? instance : second;
                        for (int i = 0; i < transactions; i++) {
                            write(from, chance, time, marks, committed);
                        }
                        return null;
                    })
                    .toList();
            for (var end : pool.invokeAll(work)) {
                end.get();
            }
            over.set(true);
            reader.get();
        } finally {
            pool.shutdownNow();
        }

        assertThat(instance.deathsLeft()).as("deaths that did not happen").isZero();
        var log = instance.all("accounts");
        assertThat(seen).as("what a reader saw who polled all the while").isEqualTo(log);
        var known = List.copyOf(committed);
        assertThat(LogHistory.faults(log, known)).isEmpty();
        assertThat(LogHistory.pairsInOrder(known)).isGreaterThan(1000);
        refuseOtherRows(log);
    }

    private void readUntil(AtomicBoolean over, ConcurrentLinkedQueue<Committed> committed, List<LoggedChange> seen) {
        var end = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < end) {
            boolean writersAreDone = over.get();
            long after = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).seq();
            var next = instance.log().read("accounts", after, 13, Long.MAX_VALUE);
            seen.addAll(next);
            if (writersAreDone
                    && seen.size()
                            == committed.stream()
                                    .mapToInt(one -> one.marks().size())
                                    .sum()) {
                return;
            }
        }
        throw new AssertionError("the reader did not see everything in time");
    }

    private static void write(
            LogInstance from,
            Random chance,
            AtomicLong time,
            AtomicLong marks,
            ConcurrentLinkedQueue<Committed> committed) {
        long begun = time.get();
        var keys = new TreeSet<String>();
        for (int i = 0; i <= chance.nextInt(3); i++) {
            keys.add("k" + chance.nextInt(8));
        }
        boolean kept = chance.nextInt(4) > 0;
        try {
            var written = from.transaction().execute(status -> {
                var own = new HashSet<String>();
                for (var key : keys) {
                    own.add(change(from, "accounts", key, marks.incrementAndGet(), chance.nextInt(5) == 0));
                }
                if (!kept) {
                    status.setRollbackOnly();
                }
                return own;
            });
            if (kept) {
                committed.add(new Committed(begun, time.incrementAndGet(), written));
            }
        } catch (DuplicateKeyException another) {
            // Another writer created the row at the same moment: one more that is rolled back.
        }
    }

    /** Creates, updates or deletes the row and records it. @return how the change can be told from all others */
    private static String change(LogInstance from, String table, String key, long mark, boolean delete) {
        var dataset = from.dataset(table);
        var before = row(from, table, key);
        if (before == null) {
            from.jdbc()
                    .sql("insert into " + table + " (id, mark) values (?, ?)")
                    .params(key, mark)
                    .update();
            from.changes().record(dataset, null, row(from, table, key));
            return "+" + mark;
        }
        if (delete) {
            from.jdbc().sql("delete from " + table + " where id = ?").param(key).update();
            from.changes().record(dataset, before, null);
            return "-" + before[1];
        }
        from.jdbc()
                .sql("update " + table + " set mark = ? where id = ?")
                .params(mark, key)
                .update();
        from.changes().record(dataset, before, row(from, table, key));
        return "+" + mark;
    }

    private static @Nullable String @Nullable [] row(LogInstance from, String table, String key) {
        return from.jdbc()
                .sql("select id, mark, note from " + table + " where id = ? for update")
                .param(key)
                .query((row, number) ->
                        new @Nullable String[] {row.getString(1), Long.toString(row.getLong(2)), row.getString(3)})
                .optional()
                .orElse(null);
    }

    /** The last change of each key is what stands in the table. */
    private void refuseOtherRows(List<LoggedChange> log) {
        var there = new HashMap<String, Boolean>();
        log.forEach(change -> there.put(change.key(), change.after() != null));
        there.forEach((key, expected) -> {
            Boolean stands = instance.transaction().execute(status -> row(instance, "accounts", key) != null);
            assertThat(stands).as(key).isEqualTo(expected);
        });
    }

    // ---- single promises

    void write(String table, String key, long mark) {
        instance.transaction().executeWithoutResult(status -> change(instance, table, key, mark, false));
    }

    void awaitLast(String dataset, long last) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(
                        () -> assertThat(instance.log().feed(dataset).last()).isEqualTo(last));
    }

    @Test
    void aChangeCommittedLateIsNumberedLateAndNotPassedOver() throws Exception {
        long before = instance.log().feed("orders").last();
        try (var slow = instance.bean(javax.sql.DataSource.class).getConnection()) {
            slow.setAutoCommit(false);
            // Its identity is drawn before that of the quick one.
            try (var insert = slow.prepareStatement("""
                    insert into change_waiting (dataset_name, event_id, table_name, operation, row_key, row_after, committed_at)
                    values ('orders', 'slow', 'orders', 'CREATED', 'slow', '{"id":"slow"}', current_timestamp)
                    """)) {
                insert.executeUpdate();
            }
            write("orders", "quick", 1);
            awaitLast("orders", before + 1);
            assertThat(instance.log().read("orders", before, 10, 1000))
                    .extracting(LoggedChange::key)
                    .containsExactly("quick");

            slow.commit();
        }
        awaitLast("orders", before + 2);

        assertThat(instance.log().read("orders", before + 1, 10, 1000))
                .extracting(LoggedChange::key)
                .containsExactly("slow");
    }

    @Test
    void metersTellWhatWaitsAndHowFarTheLogIs() {
        var registry = instance.bean(io.micrometer.core.instrument.MeterRegistry.class);
        var meters = instance.bean(ChangeMeters.class);
        long before = instance.log().feed("visits").last();
        var sequencer = instance.bean(Sequencer.class);
        sequencer.stop();
        try {
            write("visits", "metered-1", 1);
            write("visits", "metered-2", 1);
            instance.bean(JdbcClient.class)
                    .sql("update change_waiting set committed_at = committed_at - interval '1' minute"
                            + " where dataset_name = 'visits' and row_key = 'metered-1'")
                    .update();
            meters.refresh();
            assertThat(registry.get("syncline.changes.waiting").gauge().value()).isEqualTo(2);
            assertThat(registry.get("syncline.changes.oldest.waiting.age")
                            .timeGauge()
                            .value(TimeUnit.SECONDS))
                    .isBetween(60.0, 120.0);
        } finally {
            sequencer.start();
        }
        awaitLast("visits", before + 2);
        meters.refresh();

        assertThat(registry.get("syncline.changes.waiting").gauge().value()).isZero();
        assertThat(registry.get("syncline.changes.oldest.waiting.age")
                        .timeGauge()
                        .value())
                .isZero();
        assertThat(registry.get("syncline.changes.last.seq")
                        .tag("dataset", "visits")
                        .gauge()
                        .value())
                .isEqualTo(before + 2);
        // Counted after the commit that made the numbers visible.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(registry.get("syncline.changes.numbered")
                                .tag("dataset", "visits")
                                .counter()
                                .count())
                        .isGreaterThanOrEqualTo(2));
    }

    @Test
    void aChangeIsRecordedWithinATransactionOnly() {
        assertThatThrownBy(() -> instance.changes()
                        .record(instance.dataset("rooms"), null, new @Nullable String[] {"1", "1", null}))
                .isInstanceOf(IllegalTransactionStateException.class)
                .hasMessageContaining("rooms");
    }

    @Test
    void aRowsKeyDoesNotChange() {
        var rooms = instance.dataset("rooms");
        assertThatThrownBy(() -> instance.transaction()
                        .executeWithoutResult(status -> instance.changes()
                                .record(rooms, new @Nullable String[] {"1", "1", null}, new @Nullable String[] {
                                    "2", "1", null
                                })))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void savepointsAndInnerTransactionsKeepWhatTheyKeep() {
        long before = instance.log().feed("visits").last();
        var nested = instance.transaction(TransactionDefinition.PROPAGATION_NESTED);
        var inner = instance.transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        instance.transaction().executeWithoutResult(outer -> {
            change(instance, "visits", "outer-1", 1, false);
            nested.executeWithoutResult(status -> {
                change(instance, "visits", "rolled-back", 2, false);
                status.setRollbackOnly();
            });
            nested.executeWithoutResult(status -> change(instance, "visits", "nested", 3, false));
            inner.executeWithoutResult(status -> change(instance, "visits", "inner", 4, false));
            inner.executeWithoutResult(status -> {
                change(instance, "visits", "inner-rolled-back", 5, false);
                status.setRollbackOnly();
            });
            change(instance, "visits", "outer-2", 6, false);
        });
        awaitLast("visits", before + 4);

        assertThat(instance.log().read("visits", before, 10, 1000))
                .extracting(LoggedChange::key)
                .containsExactlyInAnyOrder("inner", "outer-1", "nested", "outer-2");
    }

    @Test
    void allChangesOfALongTransactionCarryTheTimeOfItsEnd() {
        long before = instance.log().feed("visits").last();
        var clock = instance.bean(DatabaseClock.class);

        var times = instance.transaction().execute(status -> {
            var begun = clock.moment();
            for (int i = 0; i < 1203; i++) {
                change(instance, "visits", "long-" + i, i, false);
            }
            return List.of(begun, clock.moment());
        });
        awaitLast("visits", before + 1203);

        assertThat(times.get(1)).isAfter(times.get(0));
        var changes = instance.log().read("visits", before, 2000, Long.MAX_VALUE);
        assertThat(changes).hasSize(1203).extracting(LoggedChange::key).startsWith("long-0", "long-1");
        assertThat(Set.copyOf(changes.stream().map(LoggedChange::committedAt).toList()))
                .singleElement()
                .satisfies(time -> assertThat(time).isBetween(times.get(1), clock.moment()));
    }

    @Test
    void aPageEndsWithItsLimitAndWithItsSize() {
        long before = instance.log().feed("visits").last();
        instance.transaction().executeWithoutResult(status -> {
            for (int i = 0; i < 9; i++) {
                change(instance, "visits", "page-" + before + "-" + i, i, false);
            }
        });
        awaitLast("visits", before + 9);

        assertThat(instance.log().read("visits", before, 4, 1_000_000)).hasSize(4);
        assertThat(instance.log().read("visits", before, 9, 100)).hasSizeBetween(2, 4);
        assertThat(instance.log().read("visits", before, 9, 1)).hasSize(1);
    }

    @Test
    void whatIsNoLongerKeptIsGoneAndTheNumbersGoOn() {
        var sweeper = instance.bean(LogSweeper.class);
        var clock = instance.bean(DatabaseClock.class);
        for (int i = 0; i < 12; i++) {
            write("rooms", "r" + i, i);
        }
        awaitLast("rooms", 12);
        var between = clock.moment();
        for (int i = 0; i < 3; i++) {
            write("rooms", "s" + i, i);
        }
        awaitLast("rooms", 15);

        sweeper.sweep(between, between);

        assertThat(instance.log().feed("rooms")).isEqualTo(new Feed("rooms", 13, 15, true));
        assertThat(instance.log().read("rooms", 12, 10, 1000))
                .extracting(LoggedChange::seq)
                .containsExactly(13L, 14L, 15L);
        for (long after : List.of(0L, 11L, 16L)) {
            assertThatThrownBy(() -> instance.log().read("rooms", after, 10, 1000))
                    .isInstanceOf(ChangesGoneException.class);
        }

        // As a reader on H2 may see the feed for a moment, after it has read on: the log is the witness.
        lastOf("rooms", 13);
        assertThat(instance.log().read("rooms", 15, 10, 1000)).isEmpty();
        assertThatThrownBy(() -> instance.log().read("rooms", 16, 10, 1000)).isInstanceOf(ChangesGoneException.class);
        lastOf("rooms", 15);

        sweeper.sweep(clock.moment(), clock.moment());
        assertThat(instance.log().feed("rooms")).isEqualTo(new Feed("rooms", 16, 15, true));
        assertThat(instance.log().read("rooms", 15, 10, 1000)).isEmpty();
        assertThatThrownBy(() -> instance.log().read("rooms", 14, 10, 1000)).isInstanceOf(ChangesGoneException.class);
        write("rooms", "t", 1);
        awaitLast("rooms", 16);
        assertThat(instance.log().read("rooms", 15, 10, 1000)).hasSize(1);
    }

    private void lastOf(String dataset, long last) {
        instance.jdbc()
                .sql("update change_feed set last_seq = ? where dataset_name = ?")
                .param(last)
                .param(dataset)
                .update();
    }

    @Test
    void whatAKnownReaderHasNotReadIsKeptLongerAndToldOfBeforeItIsLost() {
        var sweeper = instance.bean(LogSweeper.class);
        var clock = instance.bean(DatabaseClock.class);
        var meters = instance.bean(ChangeMeters.class);
        var longAgo = clock.moment().minus(Duration.ofDays(100));
        for (int i = 0; i < 12; i++) {
            write("halls", "h" + i, i);
        }
        awaitLast("halls", 12);
        instance.jdbc()
                .sql(
                        "update change_event set numbered_at = numbered_at - interval '15' day where dataset_name = 'halls'"
                                + " and dataset_seq = 8")
                .update();

        instance.places().put("halls", 7L);
        sweeper.sweep(clock.moment(), longAgo);
        assertThat(instance.log().feed("halls")).isEqualTo(new Feed("halls", 8, 12, true));

        meters.refresh();
        assertThat(lag("syncline.changes.oldest.unread.age")).isBetween(15 * 86_400.0, 15 * 86_400.0 + 300);
        assertThat(lag("syncline.changes.unread.retention.ratio")).isBetween(0.5, 0.51);
        assertThat(instance.bean(UnreadHealth.class).health().getStatus()).isEqualTo(Status.DOWN);

        // A reader that reads on lets go of what it has read, and one that does not keeps it up to the bound.
        instance.places().put("halls", 9L);
        sweeper.sweep(clock.moment(), longAgo);
        assertThat(instance.log().feed("halls")).isEqualTo(new Feed("halls", 10, 12, true));
        sweeper.sweep(clock.moment(), clock.moment());
        assertThat(instance.log().feed("halls")).isEqualTo(new Feed("halls", 13, 12, true));

        meters.refresh();
        assertThat(lag("syncline.changes.oldest.unread.age")).isZero();
        assertThat(instance.bean(UnreadHealth.class).health().getStatus()).isEqualTo(Status.UP);
        instance.places().clear();
    }

    private double lag(String meter) {
        return instance.bean(io.micrometer.core.instrument.MeterRegistry.class)
                .get(meter)
                .tag("dataset", "halls")
                .tag("reader", "settable")
                .gauge()
                .value();
    }

    @Test
    void aLogThatBeginsBesideRowsOrAfterAPauseSendsItsReadersToAnExtract() {
        instance.jdbc()
                .sql("insert into guests (id, mark) values ('there-before', 1)")
                .update();
        try (var first = new LogInstance(database, Map.of(), MORE_DATASETS)) {
            assertThat(first.log().feed("guests")).isEqualTo(new Feed("guests", 2, 1, true));
            assertThat(first.log().feed("plans")).isEqualTo(new Feed("plans", 1, 0, true));
            assertThatThrownBy(() -> first.log().read("guests", 0, 10, 1000)).isInstanceOf(ChangesGoneException.class);
            first.transaction().executeWithoutResult(status -> change(first, "guests", "g", 2, false));
            await().atMost(SOON).until(() -> first.log().feed("guests").last() == 2);
        }
        try (var again = new LogInstance(database, Map.of(), MORE_DATASETS)) {
            assertThat(again.log().read("guests", 1, 10, 1000)).hasSize(1);
        }
        try (var without =
                new LogInstance(database, Map.of("syncline.provider.datasets[4].changes", "false"), MORE_DATASETS)) {
            without.transaction().executeWithoutResult(status -> change(without, "guests", "h", 3, false));
            assertThat(without.log().feed("guests").recording()).isFalse();
        }
        try (var resumed = new LogInstance(database, Map.of(), MORE_DATASETS)) {
            assertThat(resumed.log().feed("guests")).isEqualTo(new Feed("guests", 4, 3, true));
            assertThatThrownBy(() -> resumed.log().read("guests", 2, 10, 1000))
                    .isInstanceOf(ChangesGoneException.class);
            assertThat(resumed.log().read("plans", 0, 10, 1000)).isEmpty();
        }
    }

    @Test
    void whatASnapshotHasForCertainIsToldByTheSnapshot() throws Exception {
        long before = instance.log().feed("orders").last();
        var connection = instance.bean(javax.sql.DataSource.class).getConnection();
        try (connection) {
            connection.setAutoCommit(false);
            int isolation = connection.getTransactionIsolation();
            connection.setTransactionIsolation(
                    instance.bean(io.syncline.provider.store.SqlDialect.class).snapshotIsolation());
            assertThat(instance.log().lastWithin(connection, "orders")).hasValue(before);
            write("orders", "later-" + before, 1);
            awaitLast("orders", before + 1);
            assertThat(instance.log().lastWithin(connection, "orders")).hasValue(before);
            connection.rollback();
            connection.setTransactionIsolation(isolation);
            connection.setAutoCommit(true);
        }
    }
}
