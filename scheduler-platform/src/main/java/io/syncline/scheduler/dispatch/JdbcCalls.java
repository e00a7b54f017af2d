package io.syncline.scheduler.dispatch;

import static io.syncline.scheduler.store.RowBatch.ColumnType.BIGINT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.INTEGER;
import static io.syncline.scheduler.store.RowBatch.ColumnType.SMALLINT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TIMESTAMPTZ;

import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.RowBatch;
import io.syncline.scheduler.store.SqlDialect;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Repository;

@Repository
class JdbcCalls implements Calls {

    private static final int LONGEST_DETAIL = 2000;

    /** Of transcripts in one statement. */
    private static final int MOST_CHARACTERS = 4 << 20;

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;
    private final RowBatch<CallRow> batch;

    JdbcCalls(NamedParameterJdbcOperations jdbc, SqlDialect dialect, Nodes nodes) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        var node = nodes.self();
        this.batch = RowBatch.<CallRow>of("call")
                .key("call_id", TEXT, CallRow::callId)
                .column("task_run_id", TEXT, CallRow::taskRunId)
                .column("run_id", TEXT, CallRow::runId)
                .column("kind", TEXT, CallRow::kind)
                .column("attempt", INTEGER, CallRow::attempt)
                .column("round", INTEGER, CallRow::round)
                .column("fence", BIGINT, CallRow::fence)
                .column("called_at", TIMESTAMPTZ, CallRow::calledAt)
                .column("duration_ms", BIGINT, CallRow::durationMs)
                .column("instance", TEXT, CallRow::instance)
                .column("http_status", INTEGER, CallRow::status)
                .column("outcome", TEXT, CallRow::outcome)
                .column("detail", TEXT, JdbcCalls::detail)
                .column("applied", SMALLINT, CallRow::applied)
                .column("node_id", TEXT, row -> node)
                .column("transcript", TEXT, CallRow::transcript);
    }

    /** It may repeat what a downstream has sent, at any length. */
    private static @Nullable String detail(CallRow row) {
        var detail = row.detail();
        return detail == null || detail.length() <= LONGEST_DETAIL
                ? detail
                : detail.substring(0, LONGEST_DETAIL - 1) + "…";
    }

    /** In one statement, unless its rows hold so much that the statement would not fit well into memory. */
    @Override
    public void append(List<CallRow> rows) {
        int first = 0;
        int characters = 0;
        for (int i = 0; i < rows.size(); i++) {
            characters += rows.get(i).transcriptLength();
            if (characters > MOST_CHARACTERS) {
                batch.insert(jdbc, dialect, rows.subList(first, i + 1));
                first = i + 1;
                characters = 0;
            }
        }
        batch.insert(jdbc, dialect, rows.subList(first, rows.size()));
    }
}
