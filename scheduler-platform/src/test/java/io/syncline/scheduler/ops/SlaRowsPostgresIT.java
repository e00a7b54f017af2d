package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.LinkedMultiValueMap;

class SlaRowsPostgresIT extends SlaRowsContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }

    /** 60,000 runs of many groups, in which a range of one has 6,000: whatever a query does not find by an index it would scan. */
    @Test
    void noQueryScansRunsOrTheirTasks() {
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                               inbox_place, version, created_at, started_at, ended_at)
                        select 'r' || n, 'group-' || n % 10, 1, 'k' || n, 't' || n, '{}',
                               case when n % 100 = 1 then 'FAILED' else 'COMPLETED' end,
                               1, 1, now() - n * interval '1 second', now(), now()
                        from generate_series(1, 60000) n
                        """).update();
        jdbc.sql("""
                        insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                               system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                               unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state, created_at, ended_at)
                        select 't' || n || '-' || k, 'r' || n, 'plans', 1, 'k', 'copy-' || k, k, 's', 'COMPLETED', 1, 1, 1, 0, 1,
                               0, 0, 0, 0, 0, 'NONE', now(), now()
                        from generate_series(1, 60000) n, generate_series(0, 1) k
                        """).update();
        jdbc.sql("analyze").update();

        for (var query : List.of(JdbcSla.RUNS, JdbcSla.FAILED_TASKS, JdbcSla.LAST_SUCCESS, JdbcGroupGrid.RUNS)) {
            assertThat(plan(query))
                    .as(query)
                    .doesNotContain("Seq Scan on run ")
                    .doesNotContain("Seq Scan on task_run ");
        }
        assertThat(plan(JdbcSla.RUNS)).contains("run_group_ix", "task_run_run_ix");
        assertThat(plan(JdbcSla.LAST_SUCCESS)).contains("run_success_ix");
        // As small a part of all tasks as 1,000 runs are of a million.
        assertThat(plan(JdbcSla.TASK_TIMES, "60"))
                .contains("run_group_ix", "task_run_run_ix")
                .doesNotContain("Seq Scan on task_run ");
        assertThat(plan(JdbcGroupGrid.TASKS.replace(":runs", "'r1', 'r2'"))).contains("task_run_run_ix");
        var now = Instant.now();
        var spans = List.of(
                new RunHistogram.Bounds(now.minusSeconds(7200), now.minusSeconds(3600)),
                new RunHistogram.Bounds(now.minusSeconds(3600), now));
        var query = new LinkedMultiValueMap<String, String>();
        query.add("state", "-SKIPPED");
        var histogram = new JdbcRunViews.HistogramQuery(RunFilter.of(query), spans, Labels.ALL);
        assertThat(String.join(
                        "\n",
                        jdbc.sql("explain " + histogram.sql)
                                .params(histogram.parameters)
                                .query(String.class)
                                .list()))
                .contains("run_created_ix")
                .doesNotContain("Seq Scan on run ");
    }

    private String plan(String query) {
        return plan(query, "10001");
    }

    private String plan(String query, String count) {
        return String.join(
                "\n",
                jdbc.sql("explain "
                                + query.replace(":group", "'group-1'")
                                        .replace(":from", "now() - interval '12 hours'")
                                        .replace(":to", "now()")
                                        .replace(":before", "now()")
                                        .replace(":count", count))
                        .query(String.class)
                        .list());
    }
}
