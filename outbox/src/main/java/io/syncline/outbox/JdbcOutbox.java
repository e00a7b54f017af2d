package io.syncline.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The outbox in the tables {@code outbox_key} and {@code outbox_message}.
 *
 * <p>What is open is found by state and due time, never by "after the last one seen": a number given before a commit
 * says nothing about what commits later. The sequence of a key is given under the lock of the key's row, so within a key
 * it follows the commits; only the first pending message of a key can be claimed.
 */
public final class JdbcOutbox extends MessageClaims implements Outbox {

    private static final String COLUMNS = """
            id, kind, ordering_key, key_sequence, target, headers, payload, state, deliveries, fence, created_at,
            last_cause
            """;

    private static final String NEXT_SEQUENCE = """
            update outbox_key set last_sequence = last_sequence + 1, touched_at = current_timestamp
            where ordering_key = :orderingKey
            """;

    private static final String READ_SEQUENCE = """
            select last_sequence from outbox_key where ordering_key = :orderingKey
            """;

    private static final String INSERT = """
            insert into outbox_message (id, kind, ordering_key, key_sequence, target, headers, payload, state,
                deliveries, fence, due_at, created_at)
            values (:id, :kind, :orderingKey, :sequence, :target, :headers, :payload, 'PENDING',
                0, 0, current_timestamp, current_timestamp)
            """;

    private static final String FIND = """
            select %s from outbox_message where id = :id
            """.formatted(COLUMNS);

    private static final String DEAD_LETTERS = """
            select %s from outbox_message where state = 'DEAD' order by ended_at desc, id desc
            fetch first :limit rows only
            """.formatted(COLUMNS);

    private static final String LOCK_ENDED = """
            select ordering_key from outbox_message where id = :id and state <> 'PENDING' for update
            """;

    private static final String REOPEN = """
            update outbox_message
            set state = 'PENDING', key_sequence = :sequence, deliveries = 0, fence = fence + 1,
                due_at = current_timestamp, created_at = current_timestamp, ended_at = null
            where id = :id
            """;

    private static final String DISCARD = """
            delete from outbox_message where id = :id and state = 'DEAD'
            """;

    private static final String BACKLOG = """
            select count(*) as pending, min(created_at) as oldest, current_timestamp as asked_at
            from outbox_message where state = 'PENDING'
            """;

    private static final String COUNT_DEAD = """
            select count(*) from outbox_message where state = 'DEAD'
            """;

    /** Candidates are read first and locked after, because Oracle cannot combine a row limit with a lock. */
    private static final String CANDIDATES = """
            select m.id from outbox_message m
            where m.state = 'PENDING' and m.due_at <= :now and m.kind in (:kinds)
              and not exists (
                select 1 from outbox_message e
                where e.ordering_key = m.ordering_key and e.state = 'PENDING' and e.key_sequence < m.key_sequence)
            order by m.due_at, m.id
            fetch first :limit rows only
            """;

    private static final String LOCK = """
            select id from outbox_message
            where id in (:ids) and state = 'PENDING' and due_at <= :now
            for update skip locked
            """;

    private static final String LEASE = """
            update outbox_message set due_at = :leaseEnd, fence = fence + 1, deliveries = deliveries + 1
            where id in (:ids)
            """;

    private static final String CLAIMED = """
            select %s from outbox_message where id in (:ids) order by created_at, id
            """.formatted(COLUMNS);

    private static final String END = """
            update outbox_message set state = :state, ended_at = current_timestamp, last_cause = :cause
            where id = :id and fence = :fence and state = 'PENDING'
            """;

    private static final String RETRY = """
            update outbox_message set due_at = :dueAt, last_cause = :cause
            where id = :id and fence = :fence and state = 'PENDING'
            """;

    private static final String UNDO = """
            update outbox_message set due_at = :dueAt, deliveries = deliveries - 1
            where id = :id and fence = :fence and state = 'PENDING'
            """;

    private static final String PURGEABLE = """
            select id from outbox_message where state = :state and ended_at < :before
            order by ended_at fetch first :limit rows only
            """;

    private static final String PURGE = """
            delete from outbox_message where id in (:ids) and state = :state
            """;

    private static final String IDLE_KEYS = """
            select k.ordering_key from outbox_key k
            where k.touched_at < :before
              and not exists (select 1 from outbox_message m where m.ordering_key = k.ordering_key)
            fetch first :limit rows only
            """;

    private static final String PURGE_KEYS = """
            delete from outbox_key
            where ordering_key in (:keys) and touched_at < :before
              and not exists (select 1 from outbox_message m where m.ordering_key = outbox_key.ordering_key)
            """;

    /** Oracle takes at most 1000 values in a list. */
    private static final int MOST_IN_A_LIST = 500;

    /** Candidates that another relay holds are skipped; this many lists of them are looked at before giving up. */
    private static final int CANDIDATE_LISTS = 4;

    private static final int LONGEST_CAUSE = 1900;

    private final OutboxDialect dialect;
    private final NamedParameterJdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public JdbcOutbox(DataSource dataSource, PlatformTransactionManager transactionManager) {
        this.dialect = OutboxDialect.of(dataSource);
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.transactions = new TransactionTemplate(transactionManager);
    }

    @Override
    public String append(OutboxMessage message) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "a message of kind " + message.kind() + " needs the transaction of the change that it tells of");
        }
        var id = Uuid7.next();
        var orderingKey = message.orderingKey();
        var parameters = new MapSqlParameterSource()
                .addValue("id", id)
                .addValue("kind", message.kind())
                .addValue("orderingKey", orderingKey == null ? id : orderingKey)
                .addValue("sequence", orderingKey == null ? 0 : nextSequence(orderingKey))
                .addValue("target", message.target())
                .addValue("headers", HeaderLines.write(message.headers()))
                .addValue("payload", message.payload().isEmpty() ? null : message.payload());
        jdbc.update(INSERT, parameters);
        tellAfterCommit();
        return id;
    }

    @Override
    public Optional<OutboxEntry> find(String id) {
        return jdbc.query(FIND, Map.of("id", id), (row, index) -> entry(row)).stream()
                .findFirst();
    }

    @Override
    public List<OutboxEntry> deadLetters(int limit) {
        return jdbc.query(DEAD_LETTERS, Map.of("limit", limit), (row, index) -> entry(row));
    }

    @Override
    public boolean replay(String id) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            var keys = jdbc.queryForList(LOCK_ENDED, Map.of("id", id), String.class);
            if (keys.isEmpty()) {
                return false;
            }
            var orderingKey = keys.get(0);
            // A message without order carries its own id as its key and has no key row.
            long sequence = orderingKey.equals(id) ? 0 : nextSequence(orderingKey);
            jdbc.update(REOPEN, Map.of("id", id, "sequence", sequence));
            tellAfterCommit();
            return true;
        }));
    }

    @Override
    public boolean discard(String id) {
        return updated(DISCARD, new MapSqlParameterSource("id", id));
    }

    @Override
    public Backlog backlog() {
        var dead = jdbc.queryForObject(COUNT_DEAD, Map.of(), Long.class);
        return jdbc.query(BACKLOG, Map.of(), row -> {
            if (!row.next()) {
                throw new IllegalStateException("a count without a row");
            }
            var oldest = row.getObject("oldest", OffsetDateTime.class);
            var age = oldest == null
                    ? Duration.ZERO
                    : Duration.between(oldest, row.getObject("asked_at", OffsetDateTime.class));
            return new Backlog(row.getLong("pending"), age, dead == null ? 0 : dead);
        });
    }

    @Override
    void onCommit(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    @Override
    List<Claim> claim(Collection<String> kinds, int limit, Duration lease) {
        if (limit < 1 || kinds.isEmpty()) {
            return List.of();
        }
        var claims = transactions.execute(status -> {
            var now = now();
            var candidates = jdbc.queryForList(
                    CANDIDATES,
                    Map.of("now", toJdbc(now), "kinds", kinds, "limit", limit * CANDIDATE_LISTS),
                    String.class);
            var locked = lock(candidates, limit, now);
            if (locked.isEmpty()) {
                return List.<Claim>of();
            }
            jdbc.update(LEASE, Map.of("ids", locked, "leaseEnd", toJdbc(now.plus(lease))));
            return jdbc.query(
                    CLAIMED, Map.of("ids", locked), (row, index) -> new Claim(entry(row), row.getLong("fence"), now));
        });
        return claims == null ? List.of() : claims;
    }

    private List<String> lock(List<String> candidates, int limit, Instant now) {
        var locked = new ArrayList<String>();
        int next = 0;
        while (locked.size() < limit && next < candidates.size()) {
            int end = Math.min(candidates.size(), next + Math.min(MOST_IN_A_LIST, limit - locked.size()));
            var ids = candidates.subList(next, end);
            locked.addAll(jdbc.queryForList(LOCK, Map.of("ids", ids, "now", toJdbc(now)), String.class));
            next = end;
        }
        return locked;
    }

    @Override
    boolean delivered(Claim claim) {
        return end(claim, OutboxEntry.State.DELIVERED, null);
    }

    @Override
    boolean dead(Claim claim, String cause) {
        return end(claim, OutboxEntry.State.DEAD, cause);
    }

    private boolean end(Claim claim, OutboxEntry.State state, @Nullable String cause) {
        var parameters = parameters(claim).addValue("state", state.name()).addValue("cause", shorten(cause));
        return updated(END, parameters);
    }

    @Override
    boolean retry(Claim claim, Duration delay, String cause) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            var parameters = parameters(claim)
                    .addValue("dueAt", toJdbc(now().plus(delay)))
                    .addValue("cause", shorten(cause));
            return jdbc.update(RETRY, parameters) == 1;
        }));
    }

    @Override
    boolean giveBack(Claim claim, Duration until) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            var dueAt = toJdbc(now().plus(until));
            return jdbc.update(UNDO, parameters(claim).addValue("dueAt", dueAt)) == 1;
        }));
    }

    @Override
    int purge(Duration keepDelivered, Duration keepDead) {
        int purged = purge(OutboxEntry.State.DELIVERED, keepDelivered) + purge(OutboxEntry.State.DEAD, keepDead);
        transactions.executeWithoutResult(status -> {
            var before = toJdbc(now().minus(keepDelivered));
            var keys = jdbc.queryForList(IDLE_KEYS, Map.of("before", before, "limit", MOST_IN_A_LIST), String.class);
            if (!keys.isEmpty()) {
                jdbc.update(PURGE_KEYS, Map.of("keys", keys, "before", before));
            }
        });
        return purged;
    }

    private int purge(OutboxEntry.State state, Duration keep) {
        int purged = 0;
        int batch;
        do {
            var deleted = transactions.execute(status -> {
                var ids = jdbc.queryForList(
                        PURGEABLE,
                        Map.of("state", state.name(), "before", toJdbc(now().minus(keep)), "limit", MOST_IN_A_LIST),
                        String.class);
                return ids.isEmpty() ? 0 : jdbc.update(PURGE, Map.of("ids", ids, "state", state.name()));
            });
            batch = deleted == null ? 0 : deleted;
            purged += batch;
        } while (batch == MOST_IN_A_LIST && !Thread.currentThread().isInterrupted());
        return purged;
    }

    private long nextSequence(String orderingKey) {
        var parameters = Map.of("orderingKey", orderingKey);
        // An idle key may be purged between the insert and the update, hence more than one try.
        for (int attempt = 0; attempt < 5; attempt++) {
            if (jdbc.update(NEXT_SEQUENCE, parameters) == 1) {
                var sequence = jdbc.queryForObject(READ_SEQUENCE, parameters, Long.class);
                if (sequence != null) {
                    return sequence;
                }
            }
            insertKey(parameters);
        }
        throw new IllegalStateException("no sequence for the ordering key " + orderingKey);
    }

    private void insertKey(Map<String, String> parameters) {
        try {
            jdbc.update(dialect.insertKey(), parameters);
        } catch (DuplicateKeyException e) {
            // Another transaction was first; the update that follows waits for its row.
        }
    }

    private void tellAfterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                listeners.forEach(Runnable::run);
            }
        });
    }

    private boolean updated(String sql, MapSqlParameterSource parameters) {
        return Boolean.TRUE.equals(transactions.execute(status -> jdbc.update(sql, parameters) == 1));
    }

    private Instant now() {
        var now = jdbc.queryForObject(dialect.selectNow(), Map.of(), OffsetDateTime.class);
        if (now == null) {
            throw new IllegalStateException("the database has no time");
        }
        return now.toInstant();
    }

    private static MapSqlParameterSource parameters(Claim claim) {
        return new MapSqlParameterSource().addValue("id", claim.entry().id()).addValue("fence", claim.fence());
    }

    private static @Nullable String shorten(@Nullable String cause) {
        if (cause == null || cause.isEmpty()) {
            return null;
        }
        return cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE) + "…";
    }

    private static OffsetDateTime toJdbc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static OutboxEntry entry(ResultSet row) throws SQLException {
        var id = row.getString("id");
        var orderingKey = row.getString("ordering_key");
        var payload = row.getString("payload");
        var message = new OutboxMessage(
                row.getString("kind"),
                orderingKey.equals(id) ? null : orderingKey,
                row.getString("target"),
                HeaderLines.read(row.getString("headers")),
                payload == null ? "" : payload);
        return new OutboxEntry(
                id,
                message,
                row.getLong("key_sequence"),
                OutboxEntry.State.valueOf(row.getString("state")),
                row.getInt("deliveries"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("last_cause"));
    }
}
