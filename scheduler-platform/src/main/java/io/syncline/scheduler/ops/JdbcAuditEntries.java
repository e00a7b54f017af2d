package io.syncline.scheduler.ops;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcAuditEntries {

    private static final String INSERT = """
            insert into audit_entry (audit_id, recorded_at, actor, how, action, object_kind, object_key, reason, details, trace_id)
            values (:id, :at, :actor, :how, :action, :kind, :key, :reason, :details, :trace)
            """;

    private static final String UNSEALED = "insert into audit_unsealed (audit_id) values (:id)";

    private static final String ENTRIES = """
            select audit_id, recorded_at, actor, how, action, object_kind, object_key, reason, details, trace_id
            from audit_entry
            """;

    private final JdbcClient jdbc;

    JdbcAuditEntries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** With the mark that lets it be sealed: an entry that nobody has marked was inserted by somebody else. */
    void insert(AuditEntry entry) {
        jdbc.sql(INSERT)
                .param("id", entry.auditId())
                .param("at", JdbcTimes.toJdbc(entry.at()))
                .param("actor", entry.actor())
                .param("how", entry.how())
                .param("action", entry.action())
                .param("kind", entry.objectKind())
                .param("key", entry.objectKey())
                .param("reason", entry.reason())
                .param("details", entry.details())
                .param("trace", entry.traceId())
                .update();
        jdbc.sql(UNSEALED).param("id", entry.auditId()).update();
    }

    /** Newest first. */
    List<AuditEntry> page(AuditFilter filter, @Nullable String before, int rows) {
        var parameters = new HashMap<String, Object>();
        return jdbc.sql(pageQuery(filter, before, rows, parameters))
                .params(parameters)
                .query((row, number) -> entry(row))
                .list();
    }

    static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getString("audit_id"),
                JdbcTimes.instant(row, "recorded_at"),
                row.getString("actor"),
                row.getString("how"),
                row.getString("action"),
                row.getString("object_kind"),
                row.getString("object_key"),
                row.getString("reason"),
                row.getString("details"),
                row.getString("trace_id"));
    }

    static String pageQuery(AuditFilter filter, @Nullable String before, int rows, Map<String, Object> parameters) {
        var conditions = new ArrayList<String>();
        condition("object_kind = :kind", "kind", filter.kind(), conditions, parameters);
        condition("object_key = :key", "key", filter.key(), conditions, parameters);
        condition("actor = :actor", "actor", filter.actor(), conditions, parameters);
        condition("action = :action", "action", filter.action(), conditions, parameters);
        condition("how = :how", "how", filter.how(), conditions, parameters);
        condition("recorded_at >= :from", "from", time(filter.from()), conditions, parameters);
        condition("recorded_at < :to", "to", time(filter.to()), conditions, parameters);
        condition("audit_id < :before", "before", before, conditions, parameters);
        return ENTRIES
                + (conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions) + "\n")
                + "order by audit_id desc\nfetch first " + rows + " rows only";
    }

    private static @Nullable Object time(@Nullable Instant time) {
        return JdbcTimes.toJdbcOrNull(time);
    }

    private static void condition(
            String condition,
            String name,
            @Nullable Object value,
            List<String> conditions,
            Map<String, Object> parameters) {
        if (value != null) {
            conditions.add(condition);
            parameters.put(name, value);
        }
    }
}
