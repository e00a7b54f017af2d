package io.syncline.scheduler.trigger;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.run.IncomingReport;
import io.syncline.scheduler.run.Judging;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.run.TriggeredRun;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Who waits for the end of runs, on every database: this node is "here", the other one is never heard. */
abstract class WaitersContract {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SettableClock clock = SettableClock.atNoon();
    private Runs here;
    private Runs elsewhere;
    private Waiters waiters;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        var jdbc = new NamedParameterJdbcTemplate(database().dataSource());
        List.of("journal", "task_run", "run", "run_slot", "trigger_message")
                .forEach(table -> jdbc.update("delete from " + table, Map.of()));
        here = TestRuns.on(database(), groups, clock, "here", work -> {}, ended -> waiters.on(ended));
        elsewhere = TestRuns.on(database(), groups, clock, "elsewhere", work -> {});
        waiters = new Waiters(
                here,
                new JdbcTriggerMessages(jdbc, SqlDialect.of(database().dataSource())),
                TestIntakes.properties(3, Duration.ofMillis(50)),
                new SimpleMeterRegistry());
        waiters.start();
        groups.put(aGroup("daily").with(aSyncTask("a")));
        groups.put(aGroup("weekly").with(aSyncTask("b")));
        groups.put(aGroup("monthly").with(aSyncTask("c")));
    }

    @AfterEach
    void close() {
        waiters.stop();
    }

    private List<StartedRun> start(String triggerId, String... keys) {
        return here.start(java.util.Arrays.stream(keys)
                .map(key ->
                        new NewRun(groups.current(key).orElseThrow(), null, NewRun.COMMON_KEY, triggerId, "{}", null))
                .toList());
    }

    private Waiter await(String triggerId, List<StartedRun> started, Duration atMost) {
        assertThat(waiters.reserve()).isTrue();
        return waiters.await(triggerId, started, atMost);
    }

    private void end(Runs node, StartedRun run, ReportFixture report) {
        var taskRun = database()
                .jdbc()
                .sql("select task_run_id from task_run where run_id = ?")
                .param(run.runId())
                .query(String.class)
                .single();
        Judging.judge(
                node,
                List.of(new IncomingReport(
                        taskRun, report.id(Ids.next()).attempt(1).build())));
    }

    private static List<TriggeredRun> answer(Waiter waiter) throws Exception {
        return waiter.answer.get(10, TimeUnit.SECONDS).orElseThrow();
    }

    @Test
    void aWaiterIsAnsweredWhenAllItsRunsHaveEndedWhicheverNodeEndsThem() throws Exception {
        var trigger = Ids.next();
        var runs = start(trigger, "daily", "weekly");
        var waiter = await(trigger, runs, LONG);

        end(here, runs.get(0), completed().result(Map.of("rows", 3)));
        assertThat(waiter.answer).isNotDone();
        end(elsewhere, runs.get(1), failed().retryable(false).message("no disk"));

        var ended = answer(waiter);
        assertThat(ended).extracting(TriggeredRun::state).containsExactly(RunState.COMPLETED, RunState.FAILED);
        assertThat(ended.get(0).results()).isEqualTo(Map.of("a", Map.of("rows", 3)));
        assertThat(ended.get(1).error()).contains("b", "REPORTED_FAILED", "no disk");
    }

    @Test
    void anEndBetweenTheCommitAndTheWaitIsNotMissed() throws Exception {
        assertThat(waiters.reserve()).isTrue();
        var trigger = Ids.next();
        var runs = start(trigger, "daily");
        end(here, runs.get(0), completed());

        var waiter = waiters.await(trigger, runs, LONG);

        assertThat(answer(waiter)).extracting(TriggeredRun::state).containsExactly(RunState.COMPLETED);
    }

    @Test
    void aMergedRunIsAnsweredWithWhatBecameOfTheOneItWasMergedInto() throws Exception {
        var trigger = Ids.next();
        var merged = start(trigger, "daily").get(0);
        var middle = start(Ids.next(), "weekly").get(0);
        var last = start(Ids.next(), "monthly").get(0);
        var waiter = await(trigger, List.of(merged), LONG);
        merge(merged, middle);
        merge(middle, last);

        end(elsewhere, last, completed().result(Map.of("rows", 5)));

        var ended = answer(waiter).get(0);
        assertThat(ended.runId()).isEqualTo(merged.runId());
        assertThat(ended.mergedInto()).isEqualTo(last.runId());
        assertThat(ended.state()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.results()).isEqualTo(Map.of("c", Map.of("rows", 5)));
    }

    private void merge(StartedRun run, StartedRun into) {
        database()
                .jdbc()
                .sql("update run set state = 'SKIPPED', queue_place = null, merged_into = ? where run_id = ?")
                .params(into.runId(), run.runId())
                .update();
    }

    @Test
    void aMessageThatIsStillVerifiedIsWaitedForAsWell() throws Exception {
        var trigger = Ids.next();
        message(trigger, "VERIFYING");
        var waiter = await(trigger, List.of(), LONG);

        var runs = start(trigger, "daily");
        message(trigger, "ACCEPTED");
        end(elsewhere, runs.get(0), completed());

        assertThat(answer(waiter)).extracting(TriggeredRun::state).containsExactly(RunState.COMPLETED);
    }

    @Test
    void aMessageThatIsDiscardedEndsTheWaitWithoutRuns() throws Exception {
        var trigger = Ids.next();
        message(trigger, "VERIFYING");
        var waiter = await(trigger, List.of(), LONG);

        message(trigger, "DISCARDED");

        assertThat(answer(waiter)).isEmpty();
    }

    private void message(String triggerId, String status) {
        var jdbc = database().jdbc();
        if (jdbc.sql("update trigger_message set status = ? where trigger_id = ?")
                        .params(status, triggerId)
                        .update()
                == 0) {
            jdbc.sql("""
                            insert into trigger_message (trigger_id, source, message_id, event_type, status, content_hash,
                                   event_body, client_id, transport, received_at)
                            values (?, '/s', '1', 't', ?, 'h', '{}', 'c', 'REST', current_timestamp)
                            """).params(triggerId, status).update();
        }
    }

    @Test
    void whenTheTimeIsOverThereIsNoAnswerAndThePlaceIsFree() throws Exception {
        var trigger = Ids.next();
        var runs = start(trigger, "daily");

        var waiters = List.of(
                await(trigger, runs, Duration.ofMillis(300)),
                await(trigger, runs, Duration.ofMillis(20)),
                await(trigger, runs, Duration.ofMillis(20)));
        assertThat(this.waiters.reserve()).as("a fourth of three").isFalse();

        for (Waiter waiter : waiters) {
            assertThat(waiter.answer.get(10, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
        }
        assertThat(this.waiters.reserve()).isTrue();
    }

    @Test
    void whoGoesAwayFreesThePlace() {
        var trigger = Ids.next();
        var runs = start(trigger, "daily");
        var one = await(trigger, runs, LONG);
        await(trigger, runs, LONG);
        await(trigger, runs, LONG);
        assertThat(waiters.reserve()).isFalse();

        one.giveUp();

        assertThat(waiters.reserve()).isTrue();
    }

    @Test
    void aStopAnswersAllAtOnceAndWhoComesLaterToo() throws Exception {
        var trigger = Ids.next();
        var runs = start(trigger, "daily");
        var waiter = await(trigger, runs, LONG);

        waiters.stop();

        assertThat(waiter.answer.get(1, TimeUnit.SECONDS)).isEmpty();
        assertThat(await(trigger, runs, LONG).answer.get(1, TimeUnit.SECONDS)).isEmpty();
    }
}
