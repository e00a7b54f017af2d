package io.syncline.scheduler.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.faults.Calls;
import io.syncline.faults.FaultyDataSource;
import io.syncline.scheduler.callback.SimulatedCallbacks.Incoming;
import io.syncline.scheduler.callback.SimulatedCallbacks.Judge;
import io.syncline.scheduler.dispatch.SimulatedDispatch;
import io.syncline.scheduler.quartz.SimulatedSchedules.Turns;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TaskRunState;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import io.syncline.scheduler.trigger.Intake;
import io.syncline.scheduler.trigger.TestIntakes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * One node on tables whose calls can be made to fail, without threads: what its threads do is done step by step, in a time
 * that the test moves. A step that fails is made again at the next one, as its thread would.
 */
final class OneScheduler {

    private static final List<String> TABLES = List.of(
            "call",
            "callback",
            "journal",
            "task_run",
            "run",
            "run_slot",
            "run_gate",
            "trigger_message",
            "missed_start",
            "schedule_clock");

    /** Longer than any lease or backoff of these flows. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    final FixedTaskGroups groups = new FixedTaskGroups();
    final SettableClock time = SettableClock.atNoon();
    final FaultySystem downstream;
    final TestDatabase faulty;
    final Runs runs;
    final Intake intake;

    private static final Duration STEP = Duration.ofSeconds(3);
    private static final int STEPS_A_SWEEP = 3;

    private final JdbcTemplate tables;
    private final FaultyDataSource source;
    private final SimulatedDispatch dispatch;
    private final Judge judge;
    private final Turns schedules;
    private final List<Incoming> unanswered = new ArrayList<>();
    private int steps;

    OneScheduler(TestDatabase database, FaultyDataSource source, Calls http, FaultySystem.Behaviour behaviour) {
        this.tables = new JdbcTemplate(database.dataSource());
        this.source = source;
        TABLES.forEach(table -> tables.update("delete from " + table));
        faulty = new TestDatabase(source.dataSource());
        downstream = new FaultySystem(http, behaviour);
        // As the real one, which asks the database and so may fail.
        DatabaseClock clock = () -> {
            faulty.jdbc().sql("select 1").query(Integer.class).single();
            return time.now();
        };
        var meters = new SimpleMeterRegistry();
        runs = TestRuns.on(faulty, groups, clock);
        intake = TestIntakes.on(faulty, groups, clock, runs);
        dispatch = SimulatedDispatch.onTables(faulty, runs, downstream, time::now, meters);
        judge = Judge.onTables(faulty, runs, clock, meters);
        schedules = Turns.onTables(faulty, groups, intake, clock);
    }

    // ---- its threads, step by step

    /** What a thread does; that it fails is no end of it. */
    private static boolean tried(Runnable work) {
        try {
            work.run();
            return true;
        } catch (RuntimeException asItsThreadWould) {
            return false;
        }
    }

    void round() {
        tried(() -> dispatch.round(Set.of(), true));
    }

    void writeOutcomes() {
        tried(dispatch::write);
    }

    void sweep() {
        tried(runs::sweep);
    }

    void renewLeases() {
        tried(dispatch::renewLeases);
    }

    /** The turn of a schedule; whether it was made. */
    boolean turn(String group) {
        return tried(() -> schedules.turn(group));
    }

    void align() {
        schedules.align();
    }

    /** A downstream reports; it sends again what was not answered. */
    void report(String taskRunId, int attempt, String status) {
        unanswered.add(new Incoming(
                taskRunId,
                taskRunId,
                attempt,
                "{\"callbackId\":\"" + status + "\",\"attempt\":" + attempt + ",\"status\":\"" + status + "\"}"));
        sendReports();
    }

    void sendReports() {
        unanswered.removeIf(one -> {
            try {
                return judge.judge(List.of(one)).get(0).answer() != null;
            } catch (RuntimeException e) {
                return false;
            }
        });
    }

    boolean allReportsAnswered() {
        return unanswered.isEmpty();
    }

    /** Lets time pass and threads run until it is so. */
    void until(String what, BooleanSupplier done) {
        var end = time.now().plus(LONGEST);
        while (!done.getAsBoolean()) {
            assertThat(time.now())
                    .as("not within " + LONGEST + ": " + what + "; " + states())
                    .isBefore(end);
            sendReports();
            round();
            writeOutcomes();
            time.advance(STEP);
            renewLeases();
            if (++steps % STEPS_A_SWEEP == 0) {
                sweep();
            }
        }
    }

    void untilAllEnded() {
        until(
                "the end of all runs",
                () -> allReportsAnswered()
                        && !dispatch.hasCallsInHand()
                        && count("select count(*) from run where state in ('QUEUED', 'RUNNING')") == 0
                        && count("select count(*) from task_run where cancel_state = 'PENDING'") == 0);
    }

    // ---- what is left

    int count(String sql, Object... parameters) {
        var count = tables.queryForObject(sql, Integer.class, parameters);
        return count == null ? 0 : count;
    }

    List<String> column(String sql, Object... parameters) {
        return tables.queryForList(sql, String.class, parameters);
    }

    String states() {
        return column("select concat(group_key, concat(' ', state)) from run") + " "
                + column(
                        "select concat(task_key, concat(' ', concat(state, coalesce(concat(' ', cause), '')))) from task_run order by task_run_id");
    }

    List<String> runStates() {
        return column("select state from run order by created_at, run_id");
    }

    List<String> taskRuns() {
        return column("select task_run_id from task_run order by run_id, task_no");
    }

    /** Whatever the flow: nothing is held, and each state was come to by arrows of its table, all of them written down. */
    void checkWhatIsLeft() {
        assertThat(source.open()).as("connections not given back").isZero();
        assertThat(downstream.slotsTaken()).as("call slots not given back").isZero();
        assertThat(dispatch.hasCallsInHand()).as("calls in hand").isFalse();
        assertThat(column("select task_run_id from task_run where lease_node is not null"))
                .as("leases held")
                .isEmpty();
        assertThat(column("select active_run_id from run_slot where active_run_id is not null"))
                .as("places taken by runs that have ended")
                .isEmpty();
        for (Map<String, Object> run : tables.queryForList("select run_id, state from run")) {
            checkJournal(
                    (String) run.get("run_id"),
                    null,
                    (String) run.get("state"),
                    "select from_state, to_state from journal where run_id = ? and task_run_id is null order by journal_id",
                    RunState.class,
                    from -> RunState.valueOf(from).successors());
        }
        for (Map<String, Object> task : tables.queryForList("select task_run_id, state from task_run")) {
            checkJournal(
                    (String) task.get("task_run_id"),
                    TaskRunState.WAITING.name(),
                    (String) task.get("state"),
                    "select from_state, to_state from journal where task_run_id = ? order by journal_id",
                    TaskRunState.class,
                    from -> TaskRunState.valueOf(from).successors());
        }
    }

    private <S extends Enum<S>> void checkJournal(
            String id,
            @Nullable String made,
            String state,
            String moves,
            Class<S> states,
            Function<String, Set<S>> arrows) {
        var last = made;
        for (Map<String, Object> move : tables.queryForList(moves, id)) {
            var from = (String) move.get("from_state");
            var to = (String) move.get("to_state");
            assertThat(from).as("journal of " + id + " goes on where it was").isEqualTo(last);
            if (from != null) {
                assertThat(arrows.apply(from))
                        .as("journal of " + id + " from " + from)
                        .contains(Enum.valueOf(states, to));
            }
            last = to;
        }
        assertThat(last).as("journal of " + id + " ends at its state").isEqualTo(state);
    }

    void checkEffects(String... keys) {
        assertThat(downstream.effects().keySet()).as("keys that were called").containsExactlyInAnyOrder(keys);
    }
}
