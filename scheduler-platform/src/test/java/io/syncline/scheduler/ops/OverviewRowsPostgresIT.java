package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverviewRowsPostgresIT extends OverviewRowsContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }

    /** 60,000 runs of which few are open or unresolved: whatever a query does not find by an index it would scan. */
    @Test
    void noQueryScansRunsOrTheirTasks() {
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                               inbox_place, version, created_at, started_at, ended_at, unresolved_since)
                        select 'r' || n, case when n % 2 = 0 then 'plans' else 'prices' end, 1, 'k' || n, 't' || n, '{}',
                               case when n % 5000 = 0 then 'FAILED' when n % 4999 = 0 then 'RUNNING' else 'COMPLETED' end,
                               1, 1, now() - n * interval '1 second', now(), now(),
                               case when n % 5000 = 0 then now() end
                        from generate_series(1, 60000) n
                        """).update();
        jdbc.sql("""
                        insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                               system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                               unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state,
                               created_at, ended_at, overdue_since)
                        select 't' || n, 'r' || n, 'plans', 1, 'k', 'copy', 0, 's', 'COMPLETED', 1, 1, 1, 0, 1, 0, 0, 0, 0, 0,
                               'NONE', now(), case when n % 4999 = 0 then null else now() end,
                               case when n % 100 = 0 or n % 4999 = 0 then now() end
                        from generate_series(1, 60000) n
                        """).update();
        jdbc.sql("""
                        insert into trigger_message (trigger_id, source, message_id, event_type, status, content_hash,
                               event_body, client_id, transport, received_at)
                        select 't' || n, '/erp', 'm' || n, 'ready', case when n % 5000 = 0 then 'REJECTED' else 'ACCEPTED' end,
                               'hash', '{}', 'erp', 'REST', now() - n * interval '1 second'
                        from generate_series(1, 60000) n
                        """).update();
        jdbc.sql("""
                        insert into journal (journal_id, run_id, to_state, cause, node_id, moved_at)
                        select '0193' || lpad(n::text, 32, '0'), 'r' || n, 'RUNNING', 'START', 'a', now() - n * interval '1 second'
                        from generate_series(1, 60000) n
                        """).update();
        jdbc.sql("analyze").update();

        for (var query : List.of(
                JdbcOverview.FAILED_GROUPS,
                JdbcOverview.UNRESOLVED,
                JdbcOverview.FLAGGED,
                JdbcOverview.REJECTED,
                JdbcOverview.LAST_SUCCESSES,
                JdbcOverview.GROUPS,
                JdbcOverview.STRIPS,
                JdbcOverview.LAST_FAILURE)) {
            assertThat(plan(query))
                    .as(query)
                    .doesNotContain("Seq Scan on run ")
                    .doesNotContain("Seq Scan on task_run ")
                    .doesNotContain("Seq Scan on trigger_message ");
        }
        assertThat(plan(JdbcOverview.FAILED_GROUPS)).contains("run_unresolved_group_ix");
        assertThat(plan(JdbcOverview.UNRESOLVED)).contains("run_unresolved_group_ix");
        assertThat(plan(JdbcOverview.FLAGGED)).contains("task_run_flagged_ix");
    }

    private String plan(String query) {
        return String.join(
                "\n",
                jdbc.sql("explain " + query.replace(":group", "'plans'").replace(":from", "now() - interval '1 hour'"))
                        .query(String.class)
                        .list());
    }
}
