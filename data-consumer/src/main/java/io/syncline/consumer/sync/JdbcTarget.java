package io.syncline.consumer.sync;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.sync.JdbcSyncFiles.Merged;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The target table of a dataset and the staging table beside it. The statements are made from the table's and columns'
 * names, which are checked to be plain words; values are always parameters. Every method runs in its caller's
 * transaction.
 */
class JdbcTarget {

    private static final int FETCH_ROWS = 1000;
    private static final Set<String> OWN_COLUMNS = Set.of("row_version", "updated_at");

    private final JdbcTemplate jdbc;
    private final SqlDialect dialect;
    private final Dataset dataset;
    private final List<String> columns;

    JdbcTarget(JdbcTemplate jdbc, SqlDialect dialect, Dataset dataset, List<String> columns) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        this.dataset = dataset;
        this.columns = columns;
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    Dataset dataset() {
        return dataset;
    }

    List<String> columns() {
        return columns;
    }

    /** All columns but the key. */
    List<String> valueColumns() {
        return columns.stream()
                .filter(column -> !column.equals(dataset.keyColumn()))
                .toList();
    }

    static String prefixed(String prefix, List<String> columns) {
        return columns.stream().map(column -> prefix + column).collect(Collectors.joining(", "));
    }

    /** @throws BadExtractException when the extract's columns are not exactly those that the table keeps */
    void checkColumns() {
        var kept = keptColumns();
        var unknown = new TreeSet<>(columns);
        unknown.removeAll(kept);
        var absent = new TreeSet<>(kept);
        absent.removeAll(new HashSet<>(columns));
        if (!unknown.isEmpty() || !absent.isEmpty()) {
            throw new BadExtractException("the columns of the extract are not those of table " + dataset.table()
                    + ": unknown to the table " + unknown + ", absent from the extract " + absent);
        }
    }

    private Set<String> keptColumns() {
        Set<String> kept = new TreeSet<>();
        jdbc.query("select * from " + dataset.table() + " where 1 = 0", rows -> {
            var meta = rows.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                kept.add(meta.getColumnName(i).toLowerCase(Locale.ROOT));
            }
            return true;
        });
        kept.removeAll(OWN_COLUMNS);
        return kept;
    }

    int keyIndex() {
        return columns.indexOf(dataset.keyColumn());
    }

    void clearStage(String jobId, int fileNo) {
        jdbc.update("delete from " + dataset.stageTable() + " where job_id = ? and file_no = ?", jobId, fileNo);
    }

    void clearStage(String jobId) {
        jdbc.update("delete from " + dataset.stageTable() + " where job_id = ?", jobId);
    }

    void stage(String jobId, int fileNo, List<@Nullable String[]> rows) {
        var sql = "insert into %s (job_id, file_no, %s) values (?, ?, %s)"
                .formatted(
                        dataset.stageTable(),
                        String.join(", ", columns),
                        columns.stream().map(column -> "?").collect(Collectors.joining(", ")));
        jdbc.batchUpdate(sql, rows, rows.size(), (statement, row) -> {
            statement.setString(1, jobId);
            statement.setInt(2, fileNo);
            for (int i = 0; i < row.length; i++) {
                statement.setString(i + 3, row[i]);
            }
        });
    }

    /** Of the keys those that the job has staged already. */
    List<String> staged(String jobId, Collection<String> keys) {
        var sql = "select %s from %s where job_id = ? and %s in (%s)"
                .formatted(
                        dataset.keyColumn(),
                        dataset.stageTable(),
                        dataset.keyColumn(),
                        keys.stream().map(key -> "?").collect(Collectors.joining(", ")));
        var parameters = new ArrayList<Object>();
        parameters.add(jobId);
        parameters.addAll(keys);
        return jdbc.queryForList(sql, String.class, parameters.toArray());
    }

    /** All of a job's rows are staged. */
    void staged() {
        dialect.afterFilling(dataset.stageTable()).forEach(jdbc::execute);
    }

    /** Brings the staged rows of one file into the target; a row that is already as it should be is not written. */
    Merged merge(String jobId, int fileNo, Instant now) {
        var key = dataset.keyColumn();
        var others = valueColumns();
        int updated = 0;
        dialect.beforeJoining().forEach(jdbc::execute);
        if (!others.isEmpty()) {
            var update = """
                    update %1$s t set (%2$s) = (select %3$s from %4$s s where s.job_id = ? and s.%5$s = t.%5$s),
                           row_version = row_version + 1, updated_at = ?
                    where exists (select 1 from %4$s s
                                  where s.job_id = ? and s.file_no = ? and s.%5$s = t.%5$s and (%6$s))""".formatted(
                            dataset.table(),
                            String.join(", ", others),
                            prefixed("s.", others),
                            dataset.stageTable(),
                            key,
                            others.stream().map(JdbcTarget::differs).collect(Collectors.joining(" or ")));
            updated = jdbc.update(update, jobId, toJdbc(now), jobId, fileNo);
        }
        var names = String.join(", ", columns);
        var insert = """
                insert into %1$s (%2$s, row_version, updated_at)
                select %3$s, 1, ? from %4$s s
                where s.job_id = ? and s.file_no = ?
                  and not exists (select 1 from %1$s t where t.%5$s = s.%5$s)""".formatted(dataset.table(), names, prefixed("s.", columns), dataset.stageTable(), key);
        int inserted = jdbc.update(insert, toJdbc(now), jobId, fileNo);
        Long staged = jdbc.queryForObject(
                "select count(*) from " + dataset.stageTable() + " where job_id = ? and file_no = ?",
                Long.class,
                jobId,
                fileNo);
        return new Merged(inserted, updated, (staged == null ? 0 : staged) - inserted - updated);
    }

    /** Deletes the rows that the whole extract does not have. */
    int deleteAbsent(String jobId) {
        dialect.beforeJoining().forEach(jdbc::execute);
        return jdbc.update(
                "delete from %1$s where not exists (select 1 from %2$s s where s.job_id = ? and s.%3$s = %1$s.%3$s)"
                        .formatted(dataset.table(), dataset.stageTable(), dataset.keyColumn()),
                jobId);
    }

    long count() {
        Long rows = jdbc.queryForObject("select count(*) from " + dataset.table(), Long.class);
        return rows == null ? 0 : rows;
    }

    /** Hands over all rows of the target in any order, their fields in the order of the columns; few are in memory at a time. */
    void read(Consumer<List<@Nullable String>> row) {
        var sql = "select %s from %s".formatted(String.join(", ", columns), dataset.table());
        jdbc.query(
                connection -> {
                    var statement = connection.prepareStatement(sql);
                    statement.setFetchSize(FETCH_ROWS);
                    return statement;
                },
                (ResultSet found) -> {
                    var fields = new ArrayList<@Nullable String>(columns.size());
                    for (int i = 1; i <= columns.size(); i++) {
                        fields.add(found.getString(i));
                    }
                    row.accept(fields);
                });
    }

    private static String differs(String column) {
        return ("t.%1$s <> s.%1$s or (t.%1$s is null and s.%1$s is not null)"
                        + " or (t.%1$s is not null and s.%1$s is null)")
                .formatted(column);
    }
}
