package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.dispatch.TestExpiredCalls;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.RetentionProperties;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The queue goes on while a backlog of old rows is removed. */
class PurgeBesideTheQueuePostgresIT {

    private static final Duration LONGEST_STEP = Duration.ofSeconds(2);

    @Test
    void theQueueIsNotLockedOut() throws Exception {
        var database = TestDatabase.postgres();
        var groups = new FixedTaskGroups();
        var clock = new SettableClock(Instant.now().plus(Duration.ofDays(400)));
        var group = groups.put(aGroup("daily").with(aSyncTask("a")));
        var runs = TestRuns.on(database, groups, clock);
        var days = new RetentionProperties(
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(90),
                Duration.ofDays(35),
                Duration.ofDays(365));
        old(database);
        var retention = new RunRetention(
                new NamedParameterJdbcTemplate(database.dataSource()),
                SqlDialect.POSTGRESQL,
                database.transaction(),
                clock,
                days);
        var calls = TestExpiredCalls.on(database, clock, days);

        var purge = CompletableFuture.runAsync(() -> {
            calls.purge();
            retention.purgeJournal();
            retention.purgeRuns();
        });
        long slowest = 0;
        int done = 0;
        do {
            long began = System.nanoTime();
            runs.start(List.of(new NewRun(group, null, "k" + done, Ids.next(), "{}", null)));
            var claimed = runs.claim(DOWNSTREAM, 10);
            assertThat(runs.record(claimed.stream()
                            .map(claim -> new CallOutcome(
                                    claim, new CallResult.Reported(completed().build())))
                            .toList()))
                    .containsOnly(true);
            done += claimed.size();
            slowest = Math.max(slowest, System.nanoTime() - began);
        } while (!purge.isDone());
        purge.get(30, TimeUnit.SECONDS);

        assertThat(Duration.ofNanos(slowest)).isLessThan(LONGEST_STEP);
        assertThat(done).isGreaterThan(10);
        assertThat(count(database, "call")).isZero();
        assertThat(count(database, "run")).isEqualTo(done);
        assertThat(count(database, "run_summary")).isEqualTo(2000);
    }

    private static int count(TestDatabase database, String table) {
        return database.jdbc()
                .sql("select count(*) from " + table)
                .query(Integer.class)
                .single();
    }

    private static void old(TestDatabase database) {
        var jdbc = database.jdbc();
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                               inbox_place, version, created_at, ended_at)
                        select '0' || to_char(n, 'FM0000000') || '-0000-7000-8000-000000000000', 'daily', 1, 'old', 'm', '{}',
                               'COMPLETED', n, 1, now() - interval '1 hour', now() - interval '1 hour'
                          from generate_series(1, 2000) n
                        """).update();
        jdbc.sql("""
                        insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                               system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                               unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state, created_at)
                        select run_id, run_id, 'daily', 1, 'old', 'a', 0, 'downstream', 'COMPLETED', 1, 1, 1, 1, 1, 0, 0, 0, 0,
                               0, 'NONE', created_at
                          from run
                        """).update();
        jdbc.sql("""
                        insert into call (call_id, task_run_id, run_id, kind, attempt, round, fence, called_at, duration_ms,
                               outcome, applied, node_id)
                        select '0' || to_char(n, 'FM0000000') || '-0000-7000-8000-000000000000', 't', 'r', 'SYNC', 1, 1, 1,
                               now() - interval '1 hour', 5, 'ACCEPTED', 1, 'node'
                          from generate_series(1, 15000) n
                        """).update();
    }
}
