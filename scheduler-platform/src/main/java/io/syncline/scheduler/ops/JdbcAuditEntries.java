package io.syncline.scheduler.ops;

import io.syncline.scheduler.store.JdbcTimes;
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
            insert into audit_entry (audit_id, recorded_at, actor, action, object_kind, object_key, reason, details, trace_id)
            values (:id, :at, :actor, :action, :kind, :key, :reason, :details, :trace)
            """;

    private static final String ENTRIES = """
            select audit_id, recorded_at, actor, action, object_kind, object_key, reason, details, trace_id
            from audit_entry
            """;

    private final JdbcClient jdbc;

    JdbcAuditEntries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(AuditEntry entry) {
        jdbc.sql(INSERT)
                .param("id", entry.auditId())
                .param("at", JdbcTimes.toJdbc(entry.at()))
                .param("actor", entry.actor())
                .param("action", entry.action())
                .param("kind", entry.objectKind())
                .param("key", entry.objectKey())
                .param("reason", entry.reason())
                .param("details", entry.details())
                .param("trace", entry.traceId())
                .update();
    }

    /** Newest first. */
    List<AuditEntry> page(
            @Nullable String kind, @Nullable String key, @Nullable String actor, @Nullable String before, int rows) {
        var parameters = new HashMap<String, Object>();
        return jdbc.sql(pageQuery(kind, key, actor, before, rows, parameters))
                .params(parameters)
                .query((row, number) -> new AuditEntry(
                        row.getString("audit_id"),
                        JdbcTimes.instant(row, "recorded_at"),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("object_kind"),
                        row.getString("object_key"),
                        row.getString("reason"),
                        row.getString("details"),
                        row.getString("trace_id")))
                .list();
    }

    static String pageQuery(
            @Nullable String kind,
            @Nullable String key,
            @Nullable String actor,
            @Nullable String before,
            int rows,
            Map<String, Object> parameters) {
        var conditions = new ArrayList<String>();
        condition("object_kind = :kind", "kind", kind, conditions, parameters);
        condition("object_key = :key", "key", key, conditions, parameters);
        condition("actor = :actor", "actor", actor, conditions, parameters);
        condition("audit_id < :before", "before", before, conditions, parameters);
        return ENTRIES
                + (conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions) + "\n")
                + "order by audit_id desc\nfetch first " + rows + " rows only";
    }

    private static void condition(
            String condition,
            String name,
            @Nullable String value,
            List<String> conditions,
            Map<String, Object> parameters) {
        if (value != null) {
            conditions.add(condition);
            parameters.put(name, value);
        }
    }
}
