package io.syncline.consumer.sync;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.sync.JdbcSyncFiles.Merged;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** On PostgreSQL rows are staged by COPY, and a file is merged by one statement that looks each of its keys up once. */
class PostgresTarget extends JdbcTarget {

    // A file is a small part of the target, and the target has an index on its key. Left to itself the planner may
    // read the whole target for each file, which makes many files of a large table cost their number squared.
    private static final List<String> LOOK_UP_EACH_KEY = List.of(
            "set local enable_hashjoin = off",
            "set local enable_mergejoin = off",
            "set local enable_seqscan = off",
            "set local jit = off");

    private static final int CHARACTERS_AT_ONCE = 32 * 1024;

    PostgresTarget(JdbcTemplate jdbc, Dataset dataset, List<String> columns) {
        super(jdbc, SqlDialect.POSTGRESQL, dataset, columns);
    }

    @Override
    void stage(String jobId, int fileNo, List<@Nullable String[]> rows) {
        var sql = "copy %s (job_id, file_no, %s) from stdin"
                .formatted(dataset().stageTable(), String.join(", ", columns()));
        // All of it is there before the first byte is sent: a process that is frozen in a COPY keeps its locks.
        var lines = lines(jobId, fileNo, rows);
        jdbc().execute((ConnectionCallback<Boolean>) connection -> {
            copy(connection, sql, lines);
            return true;
        });
    }

    private static void copy(Connection connection, String sql, List<byte[]> lines) throws SQLException {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            for (var some : lines) {
                copy.writeToCopy(some, 0, some.length);
            }
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** In small pieces: a large array is kept apart by the garbage collector, and goes late. */
    private static List<byte[]> lines(String jobId, int fileNo, List<@Nullable String[]> rows) {
        var pieces = new ArrayList<byte[]>();
        var lines = new StringBuilder(2 * CHARACTERS_AT_ONCE);
        for (var row : rows) {
            lines.append(jobId).append('\t').append(fileNo);
            for (var field : row) {
                lines.append('\t');
                if (field == null) {
                    lines.append("\\N");
                } else {
                    append(lines, field);
                }
            }
            lines.append('\n');
            if (lines.length() >= CHARACTERS_AT_ONCE) {
                pieces.add(lines.toString().getBytes(StandardCharsets.UTF_8));
                lines.setLength(0);
            }
        }
        pieces.add(lines.toString().getBytes(StandardCharsets.UTF_8));
        return pieces;
    }

    private static void append(StringBuilder lines, String field) {
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            switch (c) {
                case '\\' -> lines.append("\\\\");
                case '\t' -> lines.append("\\t");
                case '\n' -> lines.append("\\n");
                case '\r' -> lines.append("\\r");
                default -> lines.append(c);
            }
        }
    }

    @Override
    Merged merge(String jobId, int fileNo, Instant now) {
        LOOK_UP_EACH_KEY.forEach(jdbc()::execute);
        var others = valueColumns();
        var updated = others.isEmpty()
                ? "select 1 where 1 = 0"
                : """
                  update %s t set %s, row_version = t.row_version + 1, updated_at = ?
                  from changed c where c.held and t.%3$s = c.%3$s returning 1""".formatted(
                                dataset().table(),
                                others.stream().map("%1$s = c.%1$s"::formatted).collect(Collectors.joining(", ")),
                                dataset().keyColumn());
        var differs = others.isEmpty()
                ? "1 = 0"
                : "(%s) is distinct from (%s)".formatted(prefixed("t.", others), prefixed("s.", others));
        var names = String.join(", ", columns());
        var sql = """
                with staged as materialized (
                  select %1$s from %2$s where job_id = ? and file_no = ?
                ), changed as materialized (
                  select s.*, t.%4$s is not null as held from staged s left join %3$s t on t.%4$s = s.%4$s
                  where t.%4$s is null or %5$s
                ), updated as (
                  %6$s
                ), inserted as (
                  insert into %3$s (%1$s, row_version, updated_at)
                  select %1$s, 1, ? from changed where not held returning 1
                )
                select (select count(*) from staged) as staged, (select count(*) from updated) as updated,
                       (select count(*) from inserted) as inserted""".formatted(
                names, dataset().stageTable(), dataset().table(), dataset().keyColumn(), differs, updated);
        var time = toJdbc(now);
        var parameters =
                others.isEmpty() ? new Object[] {jobId, fileNo, time} : new Object[] {jobId, fileNo, time, time};
        return jdbc().query(
                        sql,
                        (row, number) -> new Merged(
                                row.getLong("inserted"),
                                row.getLong("updated"),
                                row.getLong("staged") - row.getLong("inserted") - row.getLong("updated")),
                        parameters)
                .get(0);
    }
}
