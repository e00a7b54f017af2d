package io.syncline.scheduler.run;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;
import static io.syncline.scheduler.store.RowBatch.ColumnType.INTEGER;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TIMESTAMPTZ;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.PurgeBatches;
import io.syncline.scheduler.store.RetentionProperties;
import io.syncline.scheduler.store.RowBatch;
import io.syncline.scheduler.store.SqlDialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Removes runs and journal rows whose time is over. Open runs, and ended ones whose cancel call is still pending, are left
 * alone. Locks are taken as everywhere, runs before task runs, and none is waited for.
 */
public final class RunRetention {

    static final String OLD_MOVES = """
            select j.journal_id from journal j
             where j.journal_id < :bound and j.moved_at < :before
               and not exists (select 1 from run r where r.run_id = j.run_id and r.state in ('QUEUED', 'RUNNING'))
             order by j.journal_id
             fetch first %d rows only
            """;

    static final String DELETE_MOVES = """
            delete from journal where journal_id in (:ids)
            """;

    static final String OLD_RUNS = """
            select r.run_id from run r
             where r.created_at < :before and r.ended_at < :before and r.state not in ('QUEUED', 'RUNNING')
               and not exists (select 1 from task_run t where t.run_id = r.run_id and t.cancel_state = 'PENDING')
             order by r.created_at, r.run_id
             fetch first %d rows only
            """;

    static final String TASK_RUNS = """
            select task_run_id, run_id, state, cause from task_run where run_id in (:ids) order by run_id, task_no
            """;

    static final String LOCK_RUNS = """
            select * from run
             where run_id in (:ids) and ended_at < :before and state not in ('QUEUED', 'RUNNING')
             order by run_id
               for update skip locked
            """;

    static final String MOVES_OF_RUNS = """
            select journal_id from journal where run_id in (:ids) fetch first %d rows only
            """;

    static final String DELETE_TASK_RUNS = """
            delete from task_run where run_id in (:ids)
            """;

    static final String DELETE_RUNS = """
            delete from run where run_id in (:ids)
            """;

    static final String SUMMARY = """
            select * from run_summary where run_id = :run
            """;

    private static final int MOST_RUNS = 100;

    private static final RowBatch<RunSummary> INSERT = RowBatch.<RunSummary>of("run_summary")
            .key("run_id", TEXT, RunSummary::runId)
            .column("group_key", TEXT, RunSummary::group)
            .column("group_version", INTEGER, RunSummary::groupVersion)
            .column("business_key", TEXT, RunSummary::businessKey)
            .column("ordering_key", TEXT, RunSummary::orderingKey)
            .column("trigger_id", TEXT, RunSummary::triggerId)
            .column("state", TEXT, RunSummary::state)
            .column("merged_into", TEXT, RunSummary::mergedInto)
            .column("rerun_of", TEXT, RunSummary::rerunOf)
            .column("created_at", TIMESTAMPTZ, RunSummary::createdAt)
            .column("started_at", TIMESTAMPTZ, RunSummary::startedAt)
            .column("ended_at", TIMESTAMPTZ, RunSummary::endedAt)
            .column("task_count", INTEGER, RunSummary::tasks)
            .column("completed_count", INTEGER, RunSummary::completed)
            .column("failed_count", INTEGER, RunSummary::failed)
            .column("cause", TEXT, RunSummary::cause)
            .column("purged_at", TIMESTAMPTZ, RunSummary::purgedAt);

    private record Task(
            String runId, String state, @Nullable String cause) {}

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;
    private final TransactionOperations transactions;
    private final DatabaseClock clock;
    private final RetentionProperties retention;

    RunRetention(
            NamedParameterJdbcOperations jdbc,
            SqlDialect dialect,
            TransactionOperations transactions,
            DatabaseClock clock,
            RetentionProperties retention) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        this.transactions = transactions;
        this.clock = clock;
        this.retention = retention;
    }

    /** What is left of a run that was purged. */
    public Optional<RunSummary> summary(String runId) {
        return jdbc.query(SUMMARY, Map.of("run", runId), RunRetention::summary).stream()
                .findFirst();
    }

    public void purgeJournal() {
        PurgeBatches.run(() -> Objects.requireNonNullElse(transactions.execute(status -> purgeMoves()), 0));
    }

    public void purgeRuns() {
        PurgeBatches.run(() -> Objects.requireNonNullElse(transactions.execute(status -> purgeSomeRuns()), 0));
    }

    private int purgeMoves() {
        var before = clock.now().minus(retention.journal());
        var old = jdbc.queryForList(
                OLD_MOVES.formatted(PurgeBatches.ROWS),
                new MapSqlParameterSource("before", JdbcTimes.toJdbc(before)).addValue("bound", Ids.first(before)),
                String.class);
        return old.isEmpty() ? 0 : jdbc.update(DELETE_MOVES, Map.of("ids", old));
    }

    private int purgeSomeRuns() {
        var now = clock.now();
        var before = JdbcTimes.toJdbc(now.minus(retention.runs()));
        var candidates = jdbc.queryForList(
                OLD_RUNS.formatted(MOST_RUNS), new MapSqlParameterSource("before", before), String.class);
        if (candidates.isEmpty()) {
            return 0;
        }
        var tasks = tasksOf(candidates);
        var some = asManyAsFit(candidates, tasks);
        var locked = jdbc.query(
                LOCK_RUNS,
                new MapSqlParameterSource("ids", some).addValue("before", before),
                (row, number) -> summary(row, tasks.getOrDefault(row.getString("run_id"), List.of()), now));
        if (locked.isEmpty()) {
            return 0;
        }
        var ids = locked.stream().map(RunSummary::runId).toList();
        // What the journal still has of them goes first, in batches of its own.
        var moves = jdbc.queryForList(MOVES_OF_RUNS.formatted(PurgeBatches.ROWS), Map.of("ids", ids), String.class);
        if (!moves.isEmpty()) {
            return jdbc.update(DELETE_MOVES, Map.of("ids", moves));
        }
        INSERT.insert(jdbc, dialect, locked);
        return jdbc.update(DELETE_TASK_RUNS, Map.of("ids", ids)) + jdbc.update(DELETE_RUNS, Map.of("ids", ids));
    }

    private Map<String, List<Task>> tasksOf(List<String> runIds) {
        var tasks = new LinkedHashMap<String, List<Task>>();
        jdbc.query(TASK_RUNS, Map.of("ids", new TreeSet<>(runIds)), row -> {
            tasks.computeIfAbsent(row.getString("run_id"), id -> new ArrayList<>())
                    .add(new Task(row.getString("run_id"), row.getString("state"), row.getString("cause")));
        });
        return tasks;
    }

    /** At least one run, and no more rows than one transaction removes. */
    private static List<String> asManyAsFit(List<String> runIds, Map<String, List<Task>> tasks) {
        var some = new HashSet<String>();
        int rows = 0;
        for (String runId : runIds) {
            rows += 2 + tasks.getOrDefault(runId, List.of()).size();
            if (rows > PurgeBatches.ROWS && !some.isEmpty()) {
                break;
            }
            some.add(runId);
        }
        return List.copyOf(new TreeSet<>(some));
    }

    private static RunSummary summary(ResultSet row, List<Task> tasks, Instant now) throws SQLException {
        return new RunSummary(
                row.getString("run_id"),
                row.getString("group_key"),
                row.getInt("group_version"),
                row.getString("business_key"),
                row.getString("ordering_key"),
                row.getString("trigger_id"),
                RunState.valueOf(row.getString("state")),
                row.getString("merged_into"),
                row.getString("rerun_of"),
                instant(row, "created_at"),
                instantOrNull(row, "started_at"),
                instantOrNull(row, "ended_at"),
                tasks.size(),
                count(tasks, TaskRunState.COMPLETED),
                count(tasks, TaskRunState.FAILED),
                tasks.stream()
                        .filter(task -> task.state().equals(TaskRunState.FAILED.name()) && task.cause() != null)
                        .map(Task::cause)
                        .findFirst()
                        .orElse(null),
                now);
    }

    private static int count(List<Task> tasks, TaskRunState state) {
        return (int)
                tasks.stream().filter(task -> task.state().equals(state.name())).count();
    }

    private static RunSummary summary(ResultSet row, int number) throws SQLException {
        return new RunSummary(
                row.getString("run_id"),
                row.getString("group_key"),
                row.getInt("group_version"),
                row.getString("business_key"),
                row.getString("ordering_key"),
                row.getString("trigger_id"),
                RunState.valueOf(row.getString("state")),
                row.getString("merged_into"),
                row.getString("rerun_of"),
                instant(row, "created_at"),
                instantOrNull(row, "started_at"),
                instantOrNull(row, "ended_at"),
                row.getInt("task_count"),
                row.getInt("completed_count"),
                row.getInt("failed_count"),
                row.getString("cause"),
                instant(row, "purged_at"));
    }
}
