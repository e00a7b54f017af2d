package io.syncline.scheduler.callback;

import static io.syncline.scheduler.store.RowBatch.ColumnType.BIGINT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.INTEGER;
import static io.syncline.scheduler.store.RowBatch.ColumnType.SMALLINT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TIMESTAMPTZ;

import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.run.IncomingReport;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.store.RowBatch;
import io.syncline.scheduler.store.SqlDialect;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Repository;

/** The table of callbacks; (task run, callback id) is its key, so that none is kept twice. */
@Repository
class JdbcCallbacks implements Callbacks {

    static final String KNOWN = """
            select task_run_id, callback_id, applied from callback where task_run_id in (:ids)
            """;

    private static final String POSTGRES_KNOWN = """
            select c.task_run_id, c.callback_id, c.applied
              from callback c
              join unnest(cast(:tasks as text[]), cast(:ids as text[])) as k (task_run_id, callback_id)
                on c.task_run_id = k.task_run_id and c.callback_id = k.callback_id
            """;

    static final String LAST_COMPLETED = """
            select body from callback
             where task_run_id = :task and attempt = :attempt and status = 'COMPLETED'
             order by received_at desc, callback_id desc
             fetch first 1 rows only
            """;

    static final String COMPLETED = """
            select body from callback
             where task_run_id = :task and callback_id = :callback and attempt = :attempt and status = 'COMPLETED'
            """;

    private static final RowBatch<Row> INSERT = RowBatch.<Row>of("callback")
            .key("task_run_id", TEXT, row -> row.report().taskRunId())
            .key("callback_id", TEXT, row -> row.report().callbackId())
            .column("run_id", TEXT, Row::runId)
            .column("attempt", INTEGER, row -> row.report().attempt())
            .column("sequence_no", BIGINT, row -> report(row).sequence())
            .column("status", TEXT, row -> report(row).status())
            .column("applied", SMALLINT, row -> row.verdict().applied())
            .column("reason", TEXT, row -> row.verdict().reason())
            .column("body", TEXT, Row::body)
            .column("received_at", TIMESTAMPTZ, Row::receivedAt);

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;

    JdbcCallbacks(NamedParameterJdbcOperations jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.dialect = dialect;
    }

    private static StatusReport report(Row row) {
        return row.report().report();
    }

    @Override
    public Map<IncomingReport, Boolean> firstApplied(Collection<IncomingReport> reports) {
        var known = new HashMap<String, Boolean>();
        if (dialect == SqlDialect.POSTGRESQL) {
            var parameters = new MapSqlParameterSource()
                    .addValue(
                            "tasks",
                            reports.stream().map(IncomingReport::taskRunId).toArray(String[]::new))
                    .addValue(
                            "ids",
                            reports.stream().map(IncomingReport::callbackId).toArray(String[]::new));
            jdbc.query(POSTGRES_KNOWN, parameters, row -> {
                known.put(
                        row.getString("task_run_id") + "\n" + row.getString("callback_id"), row.getInt("applied") != 0);
            });
        } else {
            var ids = reports.stream().map(IncomingReport::taskRunId).distinct().toList();
            jdbc.query(KNOWN, Map.of("ids", ids), row -> {
                known.put(
                        row.getString("task_run_id") + "\n" + row.getString("callback_id"), row.getInt("applied") != 0);
            });
        }
        var copies = new HashMap<IncomingReport, Boolean>();
        for (IncomingReport report : reports) {
            var applied = known.get(report.taskRunId() + "\n" + report.callbackId());
            if (applied != null) {
                copies.put(report, applied);
            }
        }
        return copies;
    }

    @Override
    public @Nullable StatusReport completed(String taskRunId, int attempt, @Nullable String callbackId) {
        var parameters = new MapSqlParameterSource().addValue("task", taskRunId).addValue("attempt", attempt);
        if (callbackId != null) {
            parameters.addValue("callback", callbackId);
        }
        return jdbc
                .query(
                        callbackId == null ? LAST_COMPLETED : COMPLETED,
                        parameters,
                        (row, number) -> row.getString("body"))
                .stream()
                .findFirst()
                .map(body -> ReportReader.read(body.getBytes(StandardCharsets.UTF_8), true)
                        .report())
                .orElse(null);
    }

    @Override
    public void keep(List<Row> rows) {
        INSERT.insert(jdbc, dialect, rows);
    }
}
