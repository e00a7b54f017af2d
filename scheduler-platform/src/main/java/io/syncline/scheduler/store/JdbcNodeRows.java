package io.syncline.scheduler.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

final class JdbcNodeRows implements NodeRows {

    private static final String INSERT = """
            insert into node (node_id, incarnation, started_at, checked_in_at, version, applied_count)
            values (:node, :incarnation, current_timestamp, current_timestamp, :version, 0)
            """;

    private static final String TAKE_OVER = """
            update node
               set incarnation = :incarnation, started_at = current_timestamp, checked_in_at = current_timestamp,
                   stopped_at = null, version = :version, applied_count = 0, applied_view = null, clock_skew_ms = null
             where node_id = :node
            """;

    private static final String CHECK_IN = """
            update node
               set checked_in_at = current_timestamp, applied_count = :count, applied_view = :view, clock_skew_ms = :skew
             where node_id = :node and incarnation = :incarnation
            """;

    private static final String STOP = """
            update node
               set stopped_at = current_timestamp, applied_count = 0, applied_view = null
             where node_id = :node and incarnation = :incarnation
            """;

    private static final String READ = """
            select node_id, incarnation, started_at, checked_in_at, stopped_at, version, applied_count, applied_view, clock_skew_ms,
                   current_timestamp as read_at
              from node
             order by node_id
            """;

    // A node that was not seen for a day is history; its id may come back at any time.
    private static final String FORGET = """
            delete from node where checked_in_at < current_timestamp - interval '1' day
            """;

    private final JdbcClient jdbc;
    private final DatabaseClock clock;

    JdbcNodeRows(JdbcClient jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.clock = new JdbcDatabaseClock(jdbc, dialect);
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public void register(String nodeId, String incarnation, @Nullable String version) {
        jdbc.sql(FORGET).update();
        if (takeOver(nodeId, incarnation, version)) {
            return;
        }
        try {
            jdbc.sql(INSERT)
                    .param("node", nodeId)
                    .param("incarnation", incarnation)
                    .param("version", version)
                    .update();
        } catch (DuplicateKeyException e) {
            takeOver(nodeId, incarnation, version);
        }
    }

    private boolean takeOver(String nodeId, String incarnation, @Nullable String version) {
        return jdbc.sql(TAKE_OVER)
                        .param("node", nodeId)
                        .param("incarnation", incarnation)
                        .param("version", version)
                        .update()
                == 1;
    }

    @Override
    public boolean checkIn(String nodeId, String incarnation, @Nullable View applied, @Nullable Long clockSkewMs) {
        return jdbc.sql(CHECK_IN)
                        .param("node", nodeId)
                        .param("incarnation", incarnation)
                        .param("count", applied == null ? 0 : applied.nodeIds().size())
                        .param("view", applied == null ? null : applied.fingerprint())
                        .param("skew", clockSkewMs, Types.BIGINT)
                        .update()
                == 1;
    }

    @Override
    public void stop(String nodeId, String incarnation) {
        jdbc.sql(STOP).param("node", nodeId).param("incarnation", incarnation).update();
    }

    @Override
    public Reading read() {
        var rows = new ArrayList<Row>();
        var times = new ArrayList<Instant>();
        jdbc.sql(READ).query((ResultSet row) -> {
            times.add(JdbcTimes.instant(row, "read_at"));
            rows.add(row(row));
        });
        return new Reading(times.isEmpty() ? Instant.EPOCH : times.get(0), rows);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("node_id"),
                row.getString("incarnation"),
                JdbcTimes.instant(row, "started_at"),
                JdbcTimes.instant(row, "checked_in_at"),
                JdbcTimes.instantOrNull(row, "stopped_at"),
                row.getString("version"),
                row.getInt("applied_count"),
                row.getString("applied_view"),
                row.getObject("clock_skew_ms") == null ? null : row.getLong("clock_skew_ms"));
    }
}
