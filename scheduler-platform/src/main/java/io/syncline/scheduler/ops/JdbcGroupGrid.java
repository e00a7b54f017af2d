package io.syncline.scheduler.ops;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the last runs of one group and their tasks, both by an index, however many runs are kept. */
@Repository
class JdbcGroupGrid {

    static final String RUNS = """
            select r.run_id, r.state, r.business_key, r.group_version, r.created_at, r.started_at, r.ended_at from run r
            where r.group_key = :group
            order by r.created_at desc, r.run_id desc
            fetch first 20 rows only
            """;

    static final String TASKS = """
            select t.run_id, t.task_run_id, t.task_key, t.state, t.attempt, t.cause, t.manual from task_run t
            where t.run_id in (:runs)
            order by t.run_id, t.task_no
            """;

    private final JdbcClient jdbc;

    JdbcGroupGrid(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Newest first, without their tasks. */
    List<GroupGrid.Run> runs(String group) {
        return jdbc.sql(RUNS)
                .param("group", group)
                .query((row, number) -> new GroupGrid.Run(
                        row.getString("run_id"),
                        row.getString("state"),
                        row.getString("business_key"),
                        row.getInt("group_version"),
                        instant(row, "created_at"),
                        instantOrNull(row, "started_at"),
                        instantOrNull(row, "ended_at"),
                        List.of()))
                .list();
    }

    /** By run, each in its order. */
    Map<String, List<GroupGrid.Task>> tasks(List<String> runs) {
        var tasks = new HashMap<String, List<GroupGrid.Task>>();
        if (runs.isEmpty()) {
            return tasks;
        }
        jdbc.sql(TASKS).param("runs", runs).query(row -> {
            tasks.computeIfAbsent(row.getString("run_id"), run -> new ArrayList<>())
                    .add(new GroupGrid.Task(
                            row.getString("task_run_id"),
                            row.getString("task_key"),
                            row.getString("state"),
                            row.getInt("attempt"),
                            row.getString("cause"),
                            row.getInt("manual") == 1));
        });
        return tasks;
    }
}
