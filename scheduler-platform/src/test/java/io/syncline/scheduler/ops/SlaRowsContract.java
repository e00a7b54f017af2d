package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.syncline.scheduler.ops.JdbcSla.Run;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.testing.TestDatabase;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.LinkedMultiValueMap;

/** What the page of promises reads, on every database. */
abstract class SlaRowsContract {

    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant BEGIN = NOON.minusSeconds(1000);
    private static final Instant END = NOON.plusSeconds(1000);

    JdbcClient jdbc;
    JdbcSla rows;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void open() {
        jdbc = emptyDatabase().jdbc();
        rows = new JdbcSla(jdbc);
    }

    @Test
    void theNewestRunsOfTheRangeAreReadAndNoMoreThanAskedFor() {
        run("before", "plans", "COMPLETED", BEGIN.minusSeconds(1), NOON);
        run("first", "plans", "COMPLETED", BEGIN, NOON);
        run("second", "plans", "FAILED", NOON, NOON.plusSeconds(5));
        run("third", "plans", "RUNNING", NOON.plusSeconds(1), null);
        run("after", "plans", "QUEUED", END, null);
        run("foreign", "prices", "COMPLETED", NOON, NOON);

        assertThat(rows.runs("plans", BEGIN, END, 10))
                .extracting(Run::runId)
                .containsExactly("third", "second", "first");
        assertThat(rows.runs("plans", BEGIN, END, 2))
                .containsExactly(
                        new Run("third", "RUNNING", NOON.plusSeconds(1), NOON.plusSeconds(1), null, false),
                        new Run("second", "FAILED", NOON, NOON, NOON.plusSeconds(5), false));
        assertThat(rows.runs("nothing", BEGIN, END, 10)).isEmpty();
    }

    @Test
    void aRunIsLateWhenItStartedLateOrATaskWasOverdue() {
        run("fine", "plans", "COMPLETED", NOON, NOON);
        run("started-late", "plans", "COMPLETED", NOON.plusSeconds(1), NOON);
        run("overdue", "plans", "COMPLETED", NOON.plusSeconds(2), NOON);
        task("fine", 0, "COMPLETED", null);
        task("overdue", 0, "COMPLETED", null);
        task("overdue", 1, "COMPLETED", null);
        jdbc.sql("update run set late_since = created_at where run_id = 'started-late'")
                .update();
        jdbc.sql("update task_run set overdue_since = created_at where task_run_id = 'overdue-1'")
                .update();

        assertThat(rows.runs("plans", BEGIN, END, 10))
                .extracting(Run::runId, Run::late)
                .containsExactly(tuple("overdue", true), tuple("started-late", true), tuple("fine", false));
    }

    @Test
    void theFirstFailedTaskSaysWhyARunFailed() {
        run("a", "plans", "FAILED", NOON, NOON);
        run("b", "plans", "FAILED", NOON.plusSeconds(1), NOON);
        run("c", "plans", "COMPLETED", NOON.plusSeconds(2), NOON);
        task("a", 0, "COMPLETED", null);
        task("a", 1, "FAILED", "TIMED_OUT");
        task("a", 2, "FAILED", "REFUSED");
        task("b", 0, "FAILED", null);
        task("c", 0, "FAILED", "REFUSED");

        assertThat(rows.causes("plans", BEGIN, END, 10)).isEqualTo(Map.of("a", "TIMED_OUT", "b", "UNKNOWN"));
        assertThat(rows.causes("plans", BEGIN, END, 2)).containsOnlyKeys("b");
    }

    @Test
    void aTaskTookWhatItTookWhereverItCompleted() {
        run("a", "plans", "COMPLETED", NOON, NOON);
        run("b", "plans", "FAILED", NOON.plusSeconds(1), NOON);
        run("before", "plans", "COMPLETED", BEGIN.minusSeconds(1), NOON);
        task("a", 0, "COMPLETED", null);
        task("a", 1, "COMPLETED", null);
        task("b", 0, "COMPLETED", null);
        task("b", 1, "FAILED", "TIMED_OUT");
        task("before", 0, "COMPLETED", null);
        took("a-0", 5);
        took("a-1", 60);
        took("b-0", 7);
        took("b-1", 99);
        took("before-0", 1);

        var times = rows.taskTimes("plans", BEGIN, END, 10);

        assertThat(times).containsOnlyKeys("task-0", "task-1");
        assertThat(times.get("task-0")).containsExactlyInAnyOrder(5_000L, 7_000L);
        assertThat(times.get("task-1")).containsExactly(60_000L);
        assertThat(rows.taskTimes("plans", BEGIN, END, 1)).isEqualTo(Map.of("task-0", List.of(7_000L)));
    }

    @Test
    void theGridHasTheNewestRunsWithTheirTasks() {
        for (int n = 0; n < 22; n++) {
            run("r" + n, "plans", "COMPLETED", NOON.plusSeconds(n), NOON.plusSeconds(n));
        }
        run("foreign", "prices", "COMPLETED", NOON.plusSeconds(99), NOON);
        task("r21", 1, "FAILED", "TIMED_OUT");
        task("r21", 0, "COMPLETED", null);
        task("r0", 0, "COMPLETED", null);
        var grid = new JdbcGroupGrid(jdbc);

        var runs = grid.runs("plans");
        var tasks = grid.tasks(List.of("r21", "r20"));

        assertThat(runs).hasSize(20);
        assertThat(runs.get(0).runId()).isEqualTo("r21");
        assertThat(runs.get(19).runId()).isEqualTo("r2");
        assertThat(tasks).containsOnlyKeys("r21");
        assertThat(tasks.get("r21"))
                .extracting(GroupGrid.Task::task, GroupGrid.Task::state, GroupGrid.Task::cause)
                .containsExactly(tuple("task-0", "COMPLETED", null), tuple("task-1", "FAILED", "TIMED_OUT"));
        assertThat(grid.tasks(List.of())).isEmpty();
    }

    @Test
    void runsAreCountedByStateWithinEachSpanAndNoFurtherThanTheBound() {
        run("a", "plans", "COMPLETED", BEGIN, NOON);
        run("b", "plans", "FAILED", NOON.minusSeconds(1), NOON);
        run("c", "plans", "FAILED", NOON, NOON);
        run("d", "prices", "SKIPPED", NOON, NOON);
        for (int n = 0; n < RunHistogram.MOST_COUNTED + 5; n++) {
            run("many" + n, "plans", "COMPLETED", END, END);
        }
        var spans = List.of(
                new RunHistogram.Bounds(BEGIN, NOON),
                new RunHistogram.Bounds(NOON, END),
                new RunHistogram.Bounds(END, END.plusSeconds(1)),
                new RunHistogram.Bounds(END.plusSeconds(1), END.plusSeconds(2)));
        var views = new JdbcRunViews(jdbc);
        var query = new LinkedMultiValueMap<String, String>();

        var all = views.states(RunFilter.of(query), spans, Labels.ALL);
        query.add("state", "-SKIPPED");
        query.add("group", "plans");
        var some = views.states(RunFilter.of(query), spans, Labels.ALL);

        assertThat(all.get(0)).isEqualTo(Map.of("COMPLETED", 1, "FAILED", 1));
        assertThat(all.get(1)).isEqualTo(Map.of("FAILED", 1, "SKIPPED", 1));
        assertThat(all.get(2)).isEqualTo(Map.of("COMPLETED", RunHistogram.MOST_COUNTED + 1));
        assertThat(all).doesNotContainKey(3);
        assertThat(some.get(1)).isEqualTo(Map.of("FAILED", 1));
    }

    @Test
    void theLastSuccessIsTheOneBeforeTheMoment() {
        run("old", "plans", "COMPLETED", BEGIN, BEGIN);
        run("new", "plans", "COMPLETED", NOON, NOON);
        run("failed", "plans", "FAILED", NOON, NOON);

        assertThat(rows.lastSuccess("plans", END)).contains(NOON);
        assertThat(rows.lastSuccess("plans", NOON)).contains(BEGIN);
        assertThat(rows.lastSuccess("plans", BEGIN)).isEmpty();
        assertThat(rows.lastSuccess("nothing", END)).isEmpty();
    }

    @Test
    void aDeletedGroupHasNoVersion() {
        for (var group : new String[] {"plans", "gone"}) {
            jdbc.sql("insert into task_group (group_key, latest_version, created_at) values (:group, 3, :now)")
                    .param("group", group)
                    .param("now", JdbcTimes.toJdbc(NOON))
                    .update();
        }
        jdbc.sql("update task_group set deleted_at = created_at where group_key = 'gone'")
                .update();

        assertThat(rows.latestVersion("plans")).contains(3);
        assertThat(rows.latestVersion("gone")).isEmpty();
    }

    /** Started when it was made, unless it is still queued. */
    private void run(String id, String group, String state, Instant createdAt, @Nullable Instant endedAt) {
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                               inbox_place, version, created_at, started_at, ended_at)
                        values (:run, :group, 1, 'k', 't', '{}', :state, 1, 1, :created, :started, :ended)
                        """)
                .param("run", id)
                .param("group", group)
                .param("state", state)
                .param("created", JdbcTimes.toJdbc(createdAt))
                .param(
                        "started",
                        state.equals("QUEUED") ? null : JdbcTimes.toJdbc(createdAt),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("ended", JdbcTimes.toJdbcOrNull(endedAt), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    private void took(String task, int seconds) {
        jdbc.sql("update task_run set started_at = :begin, ended_at = :end where task_run_id = :task")
                .param("task", task)
                .param("begin", JdbcTimes.toJdbc(NOON))
                .param("end", JdbcTimes.toJdbc(NOON.plusSeconds(seconds)))
                .update();
    }

    private void task(String run, int number, String state, @Nullable String cause) {
        jdbc.sql("""
                        insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                               system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                               unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state, created_at, cause)
                        values (:id, :run, 'plans', 1, 'k', :key, :number, 's', :state, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 'NONE',
                               :now, :cause)
                        """)
                .param("id", run + "-" + number)
                .param("run", run)
                .param("key", "task-" + number)
                .param("number", number)
                .param("state", state)
                .param("now", JdbcTimes.toJdbc(NOON))
                .param("cause", cause, Types.VARCHAR)
                .update();
    }
}
