package io.syncline.provider.change;

import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.JdbcTimes;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code change_waiting}: changes as their writers leave them, until they have a number. */
@Repository
class JdbcWaitingChanges {

    private static final String INSERT = """
            insert into change_waiting (dataset_name, event_id, table_name, operation, row_key, row_before, row_after,
                   transaction_id, committed_at, source_position)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String SETTLE =
            "update change_waiting set committed_at = :moment where transaction_id = :transaction";

    private static final String DATASETS = """
            select f.dataset_name from change_feed f
             where exists (select 1 from change_waiting w where w.dataset_name = f.dataset_name)
            """;

    private static final String COUNT = """
            select count(*) from (select 1 as one from change_waiting fetch first :bound rows only) w
            """;

    private static final String OLDEST = """
            select committed_at from change_waiting where dataset_name = :dataset order by change_id
            fetch first 1 rows only
            """;

    private static final String HEADS = """
            select w.dataset_name, w.committed_at, w.transaction_id
              from change_feed f
              join change_waiting w on w.dataset_name = f.dataset_name
               and w.change_id = (select min(x.change_id) from change_waiting x where x.dataset_name = f.dataset_name)
            """;

    private static final String EARLIEST = "select min(committed_at) from change_waiting where dataset_name = :dataset";

    /**
     * In the order of insertion, which is that of the commits where one came before the other began, and that of the
     * row locks for each key. No row is skipped for good: one that is committed late is in a later batch.
     */
    private static final String NUMBER = """
            insert into change_event (dataset_name, dataset_seq, change_id, event_id, table_name, operation, row_key,
                   row_before, row_after, committed_at, source_position, numbered_at)
            select b.dataset_name, :last + row_number() over (order by b.change_id), b.change_id, b.event_id,
                   b.table_name, b.operation, b.row_key, b.row_before, b.row_after, b.committed_at,
                   b.source_position,
                   cast(:now as timestamp(6) with time zone)
              from (select dataset_name, change_id, event_id, table_name, operation, row_key, row_before, row_after,
                           committed_at, source_position
                      from change_waiting
                     where dataset_name = :dataset
                     order by change_id
                     fetch first :limit rows only) b
            """;

    private static final String NUMBERED = """
            select change_id from change_event where dataset_name = :dataset and dataset_seq > :last order by dataset_seq
            """;

    private static final String DELETE =
            "delete from change_waiting where dataset_name = ? and change_id between ? and ?";

    private static final String DISCARD = "delete from change_waiting where dataset_name = :dataset";

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final DatabaseClock clock;

    JdbcWaitingChanges(JdbcClient jdbc, JdbcTemplate template, DatabaseClock clock) {
        this.jdbc = jdbc;
        this.template = template;
        this.clock = clock;
    }

    /** The database's time of now, also within a transaction that began long ago. */
    Instant moment() {
        return clock.moment();
    }

    /** @param transactionId of a transaction that settles the time at its end; null when this is its end */
    void insert(List<WaitingChange> changes, @Nullable String transactionId, Instant moment) {
        var committedAt = JdbcTimes.toJdbc(moment);
        template.batchUpdate(
                INSERT,
                changes.stream()
                        .map(change -> parameters(change, transactionId, committedAt, null))
                        .toList());
    }

    void insertCaptured(List<CapturedChange> changes) {
        template.batchUpdate(
                INSERT,
                changes.stream()
                        .map(change -> parameters(
                                WaitingChange.of(change.dataset(), change.before(), change.after()),
                                null,
                                JdbcTimes.toJdbc(change.committedAt()),
                                change.position()))
                        .toList());
    }

    private static @Nullable Object[] parameters(
            WaitingChange change,
            @Nullable String transactionId,
            OffsetDateTime committedAt,
            @Nullable String position) {
        return new @Nullable Object[] {
            change.dataset(),
            change.id(),
            change.table(),
            change.operation().name(),
            change.key(),
            change.before(),
            change.after(),
            transactionId,
            committedAt,
            position
        };
    }

    /** Forgets what has no number yet. */
    void discard(String dataset) {
        jdbc.sql(DISCARD).param("dataset", dataset).update();
    }

    void settle(String transactionId, Instant moment) {
        jdbc.sql(SETTLE)
                .param("moment", JdbcTimes.toJdbc(moment))
                .param("transaction", transactionId)
                .update();
    }

    /** The datasets for which there is something to number. */
    List<String> datasets() {
        return jdbc.sql(DATASETS).query(String.class).list();
    }

    /**
     * Moves the oldest changes into the log, in the caller's transaction, which holds the dataset's feed.
     *
     * @param last the last number given
     * @return how many numbers were given
     */
    int number(String dataset, long last, int limit, Instant now) {
        int numbered = jdbc.sql(NUMBER)
                .param("dataset", dataset)
                .param("last", last)
                .param("limit", limit)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        if (numbered == 0) {
            return 0;
        }
        var ids = jdbc.sql(NUMBERED)
                .param("dataset", dataset)
                .param("last", last)
                .query(Long.class)
                .list();
        int deleted =
                Arrays.stream(template.batchUpdate(DELETE, runs(dataset, ids))).sum();
        if (deleted != numbered) {
            throw new IllegalStateException(numbered + " changes of " + dataset + " were numbered, but " + deleted
                    + " taken from those that wait; nothing is kept of it");
        }
        return numbered;
    }

    /**
     * Exactly those that were numbered, as unbroken runs: between them others may have been committed in the meantime.
     * Not by a query over the log, which H2 would run again for every row.
     */
    private static List<Object[]> runs(String dataset, List<Long> ids) {
        var runs = new ArrayList<Object[]>();
        long from = ids.get(0);
        long to = from;
        for (long id : ids.subList(1, ids.size())) {
            if (id != to + 1) {
                runs.add(new Object[] {dataset, from, to});
                from = id;
            }
            to = id;
        }
        runs.add(new Object[] {dataset, from, to});
        return runs;
    }

    /** How many wait; no more than {@code bound} are counted. */
    long count(int bound) {
        return jdbc.sql(COUNT).param("bound", bound).query(Long.class).single();
    }

    /**
     * The change of a dataset that was inserted first.
     *
     * @param isOfLong of a transaction that inserted some of its changes long before its end; else no change that waits
     *     was committed before {@code committedAt}
     */
    record Head(Instant committedAt, boolean isOfLong) {}

    /** By dataset; those for which nothing waits are left out. */
    Map<String, Head> heads() {
        var heads = new HashMap<String, Head>();
        jdbc.sql(HEADS).query(row -> {
            heads.put(row.getString(1), new Head(JdbcTimes.instant(row, 2), row.getString(3) != null));
        });
        return heads;
    }

    /** The earliest time of all that wait; reads them all. */
    Optional<Instant> earliest(String dataset) {
        return jdbc.sql(EARLIEST)
                .param("dataset", dataset)
                .query((row, number) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
                .single()
                .map(OffsetDateTime::toInstant);
    }

    /** The time of the one that was inserted first. */
    Optional<Instant> oldest(String dataset) {
        return jdbc.sql(OLDEST)
                .param("dataset", dataset)
                .query((row, number) -> JdbcTimes.instant(row, 1))
                .optional();
    }
}
