package io.syncline.scheduler.callback;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Many callbacks share a commit. */
class CallbackCommitsPostgresIT {

    private static final int CALLBACKS = 2000;
    private static final int SENDERS = 64;
    private static final int MOST_COMMITS = 400;

    private final TestDatabase database = TestDatabase.postgres();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SettableClock clock = SettableClock.atNoon();

    @Test
    void twoThousandCallbacksOverSixtyFourSendersTakeAtMostFourHundredCommits() throws Exception {
        var runs = TestRuns.on(database, groups, clock);
        var taskRuns = taskRuns(runs);
        var intake = new CallbackIntake(
                runs,
                new JdbcCallbacks(new NamedParameterJdbcTemplate(database.dataSource()), SqlDialect.POSTGRESQL),
                clock,
                database.transactions(),
                new CallbackProperties(200, Duration.ofMillis(5), 2000, Duration.ofSeconds(2)),
                new SimpleMeterRegistry());
        intake.start();
        var caller = Caller.machine("downstream", DOWNSTREAM, Set.of(Scope.CALLBACKS_WRITE));
        var senders = Executors.newFixedThreadPool(SENDERS);
        long before = database.commits();
        try {
            var work = new ArrayList<Callable<Boolean>>();
            for (String taskRun : taskRuns) {
                var body = "{\"callbackId\":\"" + taskRun + "\",\"attempt\":1,\"status\":\"COMPLETED\"}";
                var reading = ReportReader.read(body.getBytes(StandardCharsets.UTF_8), true);
                work.add(() -> intake.accept(taskRun, caller, reading, body)
                                        .orTimeout(60, TimeUnit.SECONDS)
                                        .join()
                                instanceof CallbackReply.Answered answered
                        && answered.answer().applied());
            }
            for (var done : senders.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            senders.shutdownNow();
            intake.stop();
        }
        long commits = database.commits() - before;

        assertThat(commits).isBetween(CALLBACKS / 200L, (long) MOST_COMMITS);
        assertThat(database.jdbc()
                        .sql("select count(*) from run where state = 'COMPLETED'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(CALLBACKS);
    }

    private List<String> taskRuns(Runs runs) {
        var group = groups.put(aGroup("g").with(aSyncTask("a")));
        for (int from = 0; from < CALLBACKS; from += 200) {
            var some = new ArrayList<NewRun>();
            for (int i = from; i < from + 200; i++) {
                some.add(new NewRun(group, "k" + i, "k" + i, Ids.next(), "{}", null));
            }
            runs.start(some);
        }
        return database.jdbc()
                .sql("select task_run_id from task_run")
                .query(String.class)
                .list();
    }
}
