package io.syncline.client.sync;

import io.syncline.contracts.StatusReport;
import io.syncline.contracts.SyncRequest;
import io.syncline.tracing.TraceContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The table {@code sync_work}. Every method joins the caller's transaction. */
final class JdbcWorks {

    private static final String COLUMNS = """
            idempotency_key, fingerprint, request_path, request, traceparent, work_state, report, last_sequence,
            callback_url, callback_token, fence, starts
            """;

    private static final String INSERT = """
            insert into sync_work (idempotency_key, fingerprint, request_path, request, traceparent, attempt,
                callback_url, callback_token, callback_expires_at, work_state, report, last_sequence,
                lease_owner, lease_until, fence, starts, created_at, updated_at)
            values (:key, :fingerprint, :path, :request, :traceparent, :attempt,
                :callbackUrl, :callbackToken, :callbackExpiresAt, 'OPEN', :report, 0,
                :owner, :leaseUntil, 1, 1, :now, :now)
            """;

    private static final String FIND = """
            select %s from sync_work where idempotency_key = :key
            """.formatted(COLUMNS);

    private static final String LOCK = """
            select %s from sync_work where idempotency_key = :key for update
            """.formatted(COLUMNS);

    private static final String REFRESH_CALLBACK = """
            update sync_work
            set callback_url = :callbackUrl, callback_token = :callbackToken, callback_expires_at = :callbackExpiresAt
            where idempotency_key = :key
              and (callback_url <> :callbackUrl or callback_token <> :callbackToken)
              and (callback_expires_at is null or :callbackExpiresAt >= callback_expires_at)
            """;

    private static final String REPORT = """
            update sync_work set report = :report, last_sequence = :sequence, updated_at = :now
            where idempotency_key = :key
            """;

    private static final String END = """
            update sync_work
            set report = :report, last_sequence = :sequence, work_state = 'ENDED', lease_owner = null,
                lease_until = null, updated_at = :now, ended_at = :now
            where idempotency_key = :key
            """;

    private static final String CONTINUE_ELSEWHERE = """
            update sync_work
            set work_state = 'ELSEWHERE', lease_owner = null, lease_until = null, updated_at = :now
            where idempotency_key = :key and work_state = 'OPEN' and fence = :fence
            """;

    private static final String RENEW = """
            update sync_work set lease_until = :leaseUntil
            where lease_owner = :owner and work_state = 'OPEN'
            """;

    private static final String OWNED = """
            select idempotency_key from sync_work where lease_owner = :owner and work_state = 'OPEN'
            """;

    private static final String LEAVE = """
            update sync_work set lease_until = :now
            where idempotency_key in (:keys) and lease_owner = :owner and work_state = 'OPEN'
            """;

    private static final String ABANDONED = """
            select idempotency_key from sync_work
            where work_state = 'OPEN' and lease_until < :now
            order by lease_until
            fetch first :limit rows only
            """;

    private static final String LOCK_ABANDONED = """
            select idempotency_key from sync_work
            where idempotency_key in (:keys) and work_state = 'OPEN' and lease_until < :now
            for update skip locked
            """;

    private static final String TAKE_OVER = """
            update sync_work
            set lease_owner = :owner, lease_until = :leaseUntil, fence = fence + 1, starts = starts + 1,
                updated_at = :now
            where idempotency_key in (:keys)
            """;

    private static final String FIND_ALL = """
            select %s from sync_work where idempotency_key in (:keys)
            """.formatted(COLUMNS);

    private static final String PURGEABLE = """
            select idempotency_key from sync_work where work_state = 'ENDED' and ended_at < :before
            order by ended_at fetch first :limit rows only
            """;

    private static final String PURGE = """
            delete from sync_work where idempotency_key in (:keys) and work_state = 'ENDED'
            """;

    private static final int PURGE_BATCH = 500;

    private final NamedParameterJdbcTemplate jdbc;
    private final WireJson json;
    private final boolean keepsTracestate;
    private final String selectNow;

    /** @param keepsTracestate whether a traceparent has room for it */
    JdbcWorks(DataSource dataSource, WireJson json, boolean keepsTracestate) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.json = json;
        this.keepsTracestate = keepsTracestate;
        this.selectNow = selectNow(dataSource);
    }

    private static String selectNow(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            var product = connection.getMetaData().getDatabaseProductName();
            return product.equalsIgnoreCase("oracle")
                    ? "select current_timestamp from dual"
                    : "select current_timestamp";
        } catch (SQLException e) {
            throw new IllegalStateException("the database cannot be reached", e);
        }
    }

    /** The database's time, in microseconds. */
    Instant now() {
        var now = jdbc.queryForObject(selectNow, Map.of(), OffsetDateTime.class);
        if (now == null) {
            throw new IllegalStateException("the database has no time");
        }
        return now.toInstant();
    }

    /** @throws org.springframework.dao.DuplicateKeyException when the key is there already */
    void insert(
            String key,
            String fingerprint,
            String path,
            SyncRequest request,
            @Nullable String trace,
            StatusReport report,
            String owner,
            Duration lease) {
        var now = now();
        var parameters = callback(key, request)
                .addValue("fingerprint", fingerprint)
                .addValue("path", path)
                .addValue("request", json.write(request))
                .addValue("traceparent", kept(trace))
                .addValue("attempt", request.attempt())
                .addValue("report", json.write(report))
                .addValue("owner", owner)
                .addValue("leaseUntil", toJdbc(now.plus(lease)))
                .addValue("now", toJdbc(now));
        jdbc.update(INSERT, parameters);
    }

    private @Nullable String kept(@Nullable String trace) {
        return trace == null || keepsTracestate ? trace : TraceContext.traceparent(trace);
    }

    Optional<StoredWork> find(String key) {
        return jdbc.query(FIND, Map.of("key", key), (row, index) -> work(row)).stream()
                .findFirst();
    }

    Optional<StoredWork> lock(String key) {
        return jdbc.query(LOCK, Map.of("key", key), (row, index) -> work(row)).stream()
                .findFirst();
    }

    /** Takes the callback of a later round, unless a still later one was faster. */
    void refreshCallback(String key, SyncRequest request) {
        jdbc.update(REFRESH_CALLBACK, callback(key, request));
    }

    void report(String key, StatusReport report, long sequence, Instant now) {
        jdbc.update(REPORT, reported(key, report, sequence, now));
    }

    void end(String key, StatusReport report, long sequence, Instant now) {
        jdbc.update(END, reported(key, report, sequence, now));
    }

    void continueElsewhere(String key, long fence) {
        jdbc.update(CONTINUE_ELSEWHERE, Map.of("key", key, "fence", fence, "now", toJdbc(now())));
    }

    /** Renews all leases of the owner and gives the keys that it still owns. */
    Set<String> renew(String owner, Duration lease) {
        jdbc.update(RENEW, Map.of("owner", owner, "leaseUntil", toJdbc(now().plus(lease))));
        return new HashSet<>(jdbc.queryForList(OWNED, Map.of("owner", owner), String.class));
    }

    /** Lets another instance take the work at once. */
    void leave(String owner, Collection<String> keys) {
        if (!keys.isEmpty()) {
            // A moment ago, because a lease is over only once the time is past it.
            var now = toJdbc(now().minusMillis(1));
            jdbc.update(LEAVE, Map.of("owner", owner, "keys", keys, "now", now));
        }
    }

    /** Takes over work whose owner stopped renewing; candidates first, then locks, because Oracle cannot limit a lock. */
    List<StoredWork> takeOver(String owner, Duration lease, int limit) {
        var now = now();
        var candidates = jdbc.queryForList(ABANDONED, Map.of("now", toJdbc(now), "limit", limit), String.class);
        if (candidates.isEmpty()) {
            return List.of();
        }
        var keys = jdbc.queryForList(LOCK_ABANDONED, Map.of("keys", candidates, "now", toJdbc(now)), String.class);
        if (keys.isEmpty()) {
            return List.of();
        }
        jdbc.update(
                TAKE_OVER,
                Map.of("keys", keys, "owner", owner, "leaseUntil", toJdbc(now.plus(lease)), "now", toJdbc(now)));
        return jdbc.query(FIND_ALL, Map.of("keys", keys), (row, index) -> work(row));
    }

    /** Deletes one batch of keys whose work ended long ago; gives how many. */
    int purge(Duration keep) {
        var keys = jdbc.queryForList(
                PURGEABLE, Map.of("before", toJdbc(now().minus(keep)), "limit", PURGE_BATCH), String.class);
        return keys.isEmpty() ? 0 : jdbc.update(PURGE, Map.of("keys", keys));
    }

    private MapSqlParameterSource reported(String key, StatusReport report, long sequence, Instant now) {
        return new MapSqlParameterSource()
                .addValue("key", key)
                .addValue("report", json.write(report))
                .addValue("sequence", sequence)
                .addValue("now", toJdbc(now));
    }

    @SuppressWarnings("NullAway") // expiresAt may be absent in a call
    private static MapSqlParameterSource callback(String key, SyncRequest request) {
        var callback = request.callback();
        Instant expiresAt = callback.expiresAt();
        return new MapSqlParameterSource()
                .addValue("key", key)
                .addValue("callbackUrl", callback.url())
                .addValue("callbackToken", callback.token())
                .addValue(
                        "callbackExpiresAt",
                        expiresAt == null ? null : toJdbc(expiresAt),
                        java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private StoredWork work(ResultSet row) throws SQLException {
        return new StoredWork(
                row.getString("idempotency_key"),
                row.getString("fingerprint"),
                row.getString("request_path"),
                json.request(row.getString("request")),
                row.getString("traceparent"),
                StoredWork.State.valueOf(row.getString("work_state")),
                json.report(row.getString("report")),
                row.getLong("last_sequence"),
                row.getString("callback_url"),
                row.getString("callback_token"),
                row.getLong("fence"),
                row.getInt("starts"));
    }

    private static OffsetDateTime toJdbc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
