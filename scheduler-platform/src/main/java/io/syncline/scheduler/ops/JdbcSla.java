package io.syncline.scheduler.ops;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the runs of one group by its index, newest first and no more than are asked for, however many are kept. */
@Repository
class JdbcSla {

    /** In one statement with the first sign of lateness of their tasks, each found by the index of task runs. */
    static final String RUNS = """
            select n.run_id, n.state, n.created_at, n.started_at, n.ended_at, n.late_since,
                   (select min(t.overdue_since) from task_run t where t.run_id = n.run_id) as overdue_since
            from (select r.run_id, r.state, r.created_at, r.started_at, r.ended_at, r.late_since from run r
                  where r.group_key = :group and r.created_at >= :from and r.created_at < :to
                  order by r.created_at desc, r.run_id desc
                  fetch first :count rows only) n
            order by n.created_at desc, n.run_id desc
            """;

    static final String FAILED_TASKS = """
            select n.run_id, t.cause
            from (select r.run_id, r.state from run r
                  where r.group_key = :group and r.created_at >= :from and r.created_at < :to
                  order by r.created_at desc, r.run_id desc
                  fetch first :count rows only) n
            join task_run t on t.run_id = n.run_id
            where n.state = 'FAILED' and t.state = 'FAILED'
            order by n.run_id, t.task_no
            """;

    static final String TASK_TIMES = """
            select t.task_key, t.started_at, t.ended_at
            from (select r.run_id from run r
                  where r.group_key = :group and r.created_at >= :from and r.created_at < :to
                  order by r.created_at desc, r.run_id desc
                  fetch first :count rows only) n
            join task_run t on t.run_id = n.run_id
            where t.state = 'COMPLETED'
            """;

    static final String LAST_SUCCESS = """
            select max(r.ended_at) as last_success from run r
            where r.group_key = :group and r.state = 'COMPLETED' and r.ended_at < :before
            """;

    private static final String LATEST_VERSION = """
            select g.latest_version from task_group g
            where g.group_key = :group and g.deleted_at is null
            """;

    /**
     * @param late started late, or one of its tasks was overdue
     */
    record Run(
            String runId,
            String state,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            boolean late) {}

    private final JdbcClient jdbc;

    JdbcSla(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Runs made in the range, newest first. */
    List<Run> runs(String group, Instant from, Instant to, int count) {
        return jdbc.sql(RUNS)
                .param("group", group)
                .param("from", JdbcTimes.toJdbc(from))
                .param("to", JdbcTimes.toJdbc(to))
                .param("count", count)
                .query((row, number) -> new Run(
                        row.getString("run_id"),
                        row.getString("state"),
                        instant(row, "created_at"),
                        instantOrNull(row, "started_at"),
                        instantOrNull(row, "ended_at"),
                        instantOrNull(row, "late_since") != null || instantOrNull(row, "overdue_since") != null))
                .list();
    }

    /** Of the failed ones among the same runs, why the first of their failed tasks did. */
    Map<String, String> causes(String group, Instant from, Instant to, int count) {
        var causes = new HashMap<String, String>();
        jdbc.sql(FAILED_TASKS)
                .param("group", group)
                .param("from", JdbcTimes.toJdbc(from))
                .param("to", JdbcTimes.toJdbc(to))
                .param("count", count)
                .query(row -> {
                    var cause = row.getString("cause");
                    causes.putIfAbsent(row.getString("run_id"), cause == null ? "UNKNOWN" : cause);
                });
        return causes;
    }

    /** How long each task took wherever it completed, by task, in milliseconds. */
    Map<String, List<Long>> taskTimes(String group, Instant from, Instant to, int count) {
        var times = new HashMap<String, List<Long>>();
        jdbc.sql(TASK_TIMES)
                .param("group", group)
                .param("from", JdbcTimes.toJdbc(from))
                .param("to", JdbcTimes.toJdbc(to))
                .param("count", count)
                .query(row -> {
                    var started = instantOrNull(row, "started_at");
                    var ended = instantOrNull(row, "ended_at");
                    // What people have marked as done may never have been started.
                    if (started != null && ended != null) {
                        times.computeIfAbsent(row.getString("task_key"), task -> new ArrayList<>())
                                .add(Duration.between(started, ended).toMillis());
                    }
                });
        return times;
    }

    Optional<Instant> lastSuccess(String group, Instant before) {
        return jdbc.sql(LAST_SUCCESS)
                .param("group", group)
                .param("before", JdbcTimes.toJdbc(before))
                .query((row, number) -> Optional.ofNullable(instantOrNull(row, "last_success")))
                .single();
    }

    Optional<Integer> latestVersion(String group) {
        return jdbc.sql(LATEST_VERSION)
                .param("group", group)
                .query(Integer.class)
                .optional();
    }
}
