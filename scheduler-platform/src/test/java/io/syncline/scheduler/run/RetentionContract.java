package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.callback.TestExpiredCallbacks;
import io.syncline.scheduler.dispatch.TestExpiredCalls;
import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.RetentionProperties;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import io.syncline.scheduler.trigger.TestExpiredMessages;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** What is removed when, on every database. */
abstract class RetentionContract {

    /** Ids have the time of this machine in them, so database time begins behind it. */
    private static final Instant BEGIN =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3600);

    private static final List<String> TABLES =
            List.of("callback", "call", "journal", "task_run", "run", "run_slot", "trigger_message", "run_summary");

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SettableClock clock = new SettableClock(BEGIN);
    private final RetentionProperties defaults = new RetentionProperties(
            Duration.ofDays(30), Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(35), Duration.ofDays(365));
    private Runs runs;
    private RunRetention retention;
    private List<Expiring> all;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        TABLES.forEach(table -> database().jdbc().sql("delete from " + table).update());
        runs = TestRuns.on(database(), groups, clock);
        retention = new RunRetention(
                new NamedParameterJdbcTemplate(database().dataSource()),
                SqlDialect.of(database().dataSource()),
                database().transaction(),
                clock,
                defaults);
        all = List.of(
                TestExpiredCalls.on(database(), clock, defaults),
                TestExpiredCallbacks.on(database(), clock, defaults),
                TestExpiredMessages.on(database(), clock, defaults),
                retention::purgeJournal,
                retention::purgeRuns);
        groups.put(aGroup("daily").with(anAsyncTask("a"), anAsyncTask("b")));
    }

    private void purgeAll() {
        all.forEach(Expiring::purge);
    }

    private Map<String, Integer> counts() {
        var counts = new LinkedHashMap<String, Integer>();
        for (String table :
                List.of("call", "callback", "trigger_message", "journal", "task_run", "run", "run_summary")) {
            counts.put(
                    table,
                    database()
                            .jdbc()
                            .sql("select count(*) from " + table)
                            .query(Integer.class)
                            .single());
        }
        return counts;
    }

    private static Map<String, Integer> counts(
            int calls, int callbacks, int messages, int moves, int tasks, int runs, int summaries) {
        var counts = new LinkedHashMap<String, Integer>();
        counts.put("call", calls);
        counts.put("callback", callbacks);
        counts.put("trigger_message", messages);
        counts.put("journal", moves);
        counts.put("task_run", tasks);
        counts.put("run", runs);
        counts.put("run_summary", summaries);
        return counts;
    }

    /** A run with its message, a call and a callback of each task run. */
    private String run(String orderingKey) {
        var trigger = Ids.next();
        message(trigger, "ACCEPTED");
        var started = runs.start(List.of(
                new NewRun(groups.current("daily").orElseThrow(), "2026-11-20", orderingKey, trigger, "{}", null)));
        var runId = started.get(0).runId();
        for (String task : taskRuns(runId)) {
            call(task, runId);
            database().jdbc().sql("""
                            insert into callback (task_run_id, callback_id, run_id, attempt, status, applied, body, received_at)
                            values (?, 'c', ?, 1, 'RUNNING', 1, '{}', ?)
                            """).params(task, runId, time(clock.now())).update();
        }
        return runId;
    }

    private void call(String task, String runId) {
        database()
                .jdbc()
                .sql("""
                        insert into call (call_id, task_run_id, run_id, kind, attempt, round, fence, called_at, duration_ms,
                               outcome, applied, node_id)
                        values (?, ?, ?, 'SYNC', 1, 1, 1, ?, 5, 'ACCEPTED', 1, 'node')
                        """)
                .params(Ids.next(), task, runId, time(clock.now()))
                .update();
    }

    private void message(String triggerId, String status) {
        database()
                .jdbc()
                .sql("""
                        insert into trigger_message (trigger_id, source, message_id, event_type, status, content_hash,
                               event_body, client_id, transport, received_at)
                        values (?, '/s', ?, 't', ?, 'h', '{}', 'c', 'REST', ?)
                        """)
                .params(triggerId, triggerId, status, time(clock.now()))
                .update();
    }

    private static Object time(Instant time) {
        return JdbcTimes.toJdbc(time);
    }

    private List<String> taskRuns(String runId) {
        return database()
                .jdbc()
                .sql("select task_run_id from task_run where run_id = ? order by task_no")
                .param(runId)
                .query(String.class)
                .list();
    }

    private void report(String taskRun, ReportFixture report) {
        Judging.judge(
                runs,
                List.of(new IncomingReport(
                        taskRun, report.id(Ids.next()).attempt(1).build())));
    }

    private String failedRun(String key) {
        var runId = run(key);
        var tasks = taskRuns(runId);
        report(tasks.get(0), completed());
        report(tasks.get(1), failed().retryable(false));
        return runId;
    }

    private void after(int days) {
        clock.set(BEGIN.plus(Duration.ofDays(days)).plusSeconds(1));
        purgeAll();
    }

    @Test
    void eachTableHasItsTimeAndARunLeavesItsSummary() {
        var runId = failedRun("k");
        int moves = counts().get("journal");
        assertThat(counts()).isEqualTo(counts(2, 2, 1, moves, 2, 1, 0));

        after(29);
        assertThat(counts()).isEqualTo(counts(2, 2, 1, moves, 2, 1, 0));
        after(30);
        assertThat(counts()).isEqualTo(counts(0, 0, 1, moves, 2, 1, 0));
        after(35);
        assertThat(counts()).isEqualTo(counts(0, 0, 0, moves, 2, 1, 0));
        after(90);
        assertThat(counts()).isEqualTo(counts(0, 0, 0, 0, 2, 1, 0));
        assertThat(retention.summary(runId)).isEmpty();
        after(365);
        assertThat(counts()).isEqualTo(counts(0, 0, 0, 0, 0, 0, 1));

        var summary = retention.summary(runId).orElseThrow();
        assertThat(summary.group()).isEqualTo("daily");
        assertThat(summary.businessKey()).isEqualTo("2026-11-20");
        assertThat(summary.orderingKey()).isEqualTo("k");
        assertThat(summary.state()).isEqualTo(RunState.FAILED);
        assertThat(summary.createdAt()).isEqualTo(BEGIN);
        assertThat(summary.endedAt()).isEqualTo(BEGIN);
        assertThat(List.of(summary.tasks(), summary.completed(), summary.failed()))
                .containsExactly(2, 1, 1);
        assertThat(summary.cause()).isEqualTo("REPORTED_FAILED");
        assertThat(summary.purgedAt())
                .isEqualTo(BEGIN.plus(Duration.ofDays(365)).plusSeconds(1));
    }

    @Test
    void openRunsAreNeverTouched() {
        run("k");
        run("k");
        int moves = counts().get("journal");

        after(4000);

        assertThat(counts()).isEqualTo(counts(4, 4, 2, moves, 4, 2, 0));
    }

    @Test
    void aRunWhoseDownstreamIsStillToBeToldOfItsCancelStays() {
        var runId = failedRun("k");
        database()
                .jdbc()
                .sql("update task_run set cancel_state = 'PENDING' where run_id = ? and task_no = 0")
                .param(runId)
                .update();

        after(366);

        assertThat(counts().get("run")).isEqualTo(1);
        assertThat(counts().get("task_run")).isEqualTo(2);
    }

    @Test
    void aMessageThatIsStillVerifiedStays() {
        message(Ids.next(), "VERIFYING");
        message(Ids.next(), "REJECTED");

        after(36);

        assertThat(counts().get("trigger_message")).isEqualTo(1);
    }

    @Test
    void whatIsMoreThanOneBatchGoesAsWell() {
        var runId = failedRun("k");
        var task = taskRuns(runId).get(0);
        for (int i = 0; i < 600; i++) {
            call(task, runId);
        }
        for (int i = 0; i < 110; i++) {
            failedRun("k" + i);
        }

        after(31);
        assertThat(counts().get("call")).isZero();
        assertThat(counts().get("callback")).isZero();
        after(366);

        assertThat(counts()).isEqualTo(counts(0, 0, 0, 0, 0, 0, 111));
    }

    @Test
    void aRunThatIsPurgedBeforeItsMovesTakesThemAlong() {
        failedRun("k");
        var sooner = new RunRetention(
                new NamedParameterJdbcTemplate(database().dataSource()),
                SqlDialect.of(database().dataSource()),
                database().transaction(),
                clock,
                defaults);
        clock.set(BEGIN.plus(Duration.ofDays(400)));

        sooner.purgeRuns();

        assertThat(counts().get("journal")).isZero();
        assertThat(counts().get("run")).isZero();
        assertThat(counts().get("run_summary")).isEqualTo(1);
    }
}
