package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.ReportFixture.running;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Everything at once against few ordering keys: what the lock order and the guards are for. */
class RunsConcurrencyPostgresIT {

    private static final Duration STORM = Duration.ofSeconds(15);
    private static final int KEYS = 4;
    private static final int WIDE = 3;

    private static final String TWO_ACTIVE = """
            select group_key || '/' || ordering_key from run where state = 'RUNNING' and (gated = 0 or keyed = 1)
             group by group_key, ordering_key having count(*) > 1
            """;

    private static final String HELD_BY_ANOTHER = """
            select r.run_id from run r
              join run_slot s on s.group_key = r.group_key and s.ordering_key = r.ordering_key
             where r.state = 'RUNNING' and (r.gated = 0 or r.keyed = 1)
               and (s.active_run_id is null or s.active_run_id <> r.run_id)
            """;

    private static final String ACTIVE_IN_WIDE =
            "select count(*) from run where group_key = 'wide' and state = 'RUNNING'";

    private static final String MERGED_INTO_NOTHING = """
            select m.run_id from run m
             where m.merged_into is not null
               and not exists (select 1 from run i where i.run_id = m.merged_into and i.group_key = m.group_key)
            """;

    private static final String OPEN =
            "select run_id from run where state in ('QUEUED', 'RUNNING') order by inbox_place";

    private final TestDatabase database = TestDatabase.postgres();
    private final NamedParameterJdbcTemplate jdbc = new NamedParameterJdbcTemplate(database.dataSource());
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final List<TaskGroup> all = List.of(
            groups.put(aGroup("g").with(anAsyncTask("a").cancelledAt("/stop"), anAsyncTask("b"), aSyncTask("c"))),
            groups.put(aGroup("h")
                    .with(aSyncTask("a"), anAsyncTask("b"), anAsyncTask("c").cancelledAt("/stop"))),
            groups.put(aGroup("merging")
                    .whenActive(WhenActive.MERGE_LATEST)
                    .with(aSyncTask("a").cancelledAt("/stop"))),
            groups.put(aGroup("replacing")
                    .whenActive(WhenActive.CANCEL_THEN_START)
                    .with(anAsyncTask("a").cancelledAt("/stop"), anAsyncTask("b"))),
            groups.put(aGroup("skipping").whenActive(WhenActive.SKIP).with(aSyncTask("a"))),
            groups.put(aGroup("wide").parallel(WIDE).with(aSyncTask("a").cancelledAt("/stop"))));
    private final DatabaseClock clock = () -> jdbc.getJdbcOperations()
            .queryForObject("select current_timestamp", OffsetDateTime.class)
            .toInstant();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Queue<ClaimedTask> inHand = new ConcurrentLinkedQueue<>();
    private final Set<String> claims = ConcurrentHashMap.newKeySet();
    private final Queue<String> started = new ConcurrentLinkedQueue<>();
    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicBoolean storming = new AtomicBoolean(true);

    private Runs node(String name) {
        var store =
                new JdbcRunStore(jdbc, SqlDialect.POSTGRESQL, database.transaction(), clock, new RunRows(groups), name);
        return new Runs(store, groups, new Random(7), work -> {}, moves -> {}, HeardSignals.DEAF, name);
    }

    @Test
    void everythingAtOnceNeverDeadlocksAndEverythingSettles() throws InterruptedException {
        var one = node("node-1");
        var two = node("node-2");
        var work = List.<Runnable>of(
                () -> starts(one),
                () -> starts(two),
                () -> calls(one, 20),
                () -> calls(two, 20),
                () -> calls(two, 3),
                () -> reports(one),
                () -> reports(two),
                () -> operates(one),
                () -> repairs(two),
                () -> watches());
        var threads = new ArrayList<Thread>();
        for (Runnable each : work) {
            threads.add(new Thread(() -> repeat(each)));
        }
        threads.forEach(Thread::start);
        long end = System.nanoTime() + STORM.toNanos();
        while (failures.isEmpty() && System.nanoTime() < end) {
            threads.get(0).join(100);
        }
        storming.set(false);
        for (Thread thread : threads) {
            thread.join(30_000);
        }

        assertThat(failures).isEmpty();
        assertThat(applied.get()).isGreaterThan(100);
        settle(one);
        assertThat(jdbc.queryForList(OPEN, Map.of(), String.class)).isEmpty();
        assertThat(jdbc.queryForList(MERGED_INTO_NOTHING, Map.of(), String.class))
                .isEmpty();
        assertThat(jdbc.queryForObject(
                        "select count(*) from run where merged_into is not null", Map.of(), Integer.class))
                .isPositive();
        assertThat(jdbc.queryForObject("select count(*) from run", Map.of(), Integer.class))
                .isEqualTo(started.size());
        assertThat(jdbc.queryForList(
                        "select ordering_key from run_slot where active_run_id is not null", Map.of(), String.class))
                .isEmpty();
    }

    private void repeat(Runnable work) {
        while (storming.get()) {
            try {
                work.run();
            } catch (CannotAcquireLockException e) {
                // a slot that was purged while it was taken is the one loss that is expected; a deadlock is none
                if (!String.valueOf(e.getMessage()).contains("was purged while it was taken")) {
                    failures.add(e);
                }
            } catch (RuntimeException | AssertionError e) {
                failures.add(e);
            }
        }
    }

    private void starts(Runs runs) {
        if (jdbc.queryForList(OPEN, Map.of(), String.class).size() > 60) {
            Thread.onSpinWait();
            return;
        }
        var key = "k" + ThreadLocalRandom.current().nextInt(KEYS);
        var trigger = Ids.next();
        var isKeyed = ThreadLocalRandom.current().nextInt(4) == 0;
        var messages = all.stream()
                .map(group -> new NewRun(group, key, key, isKeyed, trigger, "{}", null))
                .toList();
        runs.start(messages).forEach(run -> started.add(run.runId()));
    }

    private void calls(Runs runs, int limit) {
        var claimed = runs.claim(DOWNSTREAM, limit);
        for (ClaimedTask claim : claimed) {
            if (!claims.add(claim.taskRunId() + " " + claim.fence())) {
                throw new AssertionError("claimed twice under one fence: " + claim);
            }
        }
        if (runs.node().equals("node-2")) {
            inHand.addAll(claimed);
        }
        var outcomes =
                claimed.stream().map(claim -> new CallOutcome(claim, answer())).toList();
        if (!outcomes.isEmpty()) {
            applied.addAndGet((int)
                    runs.record(outcomes).stream().filter(Boolean::booleanValue).count());
        }
        inHand.removeAll(claimed);
        var cancels = runs.claimCancels(10);
        if (!cancels.isEmpty()) {
            runs.recordCancels(cancels.stream()
                    .map(cancel -> new CancelOutcome(
                            cancel,
                            ThreadLocalRandom.current().nextBoolean() ? CancelState.CONFIRMED : CancelState.PENDING,
                            null))
                    .toList());
        }
    }

    private static CallResult answer() {
        return switch (ThreadLocalRandom.current().nextInt(8)) {
            case 0 -> new CallResult.Unauthorized();
            case 1 -> new CallResult.Refused("answered 404");
            case 2, 3 -> new CallResult.Reported(completed().build());
            default -> new CallResult.Accepted();
        };
    }

    private void reports(Runs runs) {
        var open = jdbc.queryForList(
                "select task_run_id, attempt from task_run where state in ('DUE', 'CALLING', 'RUNNING')"
                        + " order by random() limit 12",
                Map.of());
        var reports = open.stream()
                .map(row -> new IncomingReport(
                        (String) row.get("task_run_id"), report(((Number) row.get("attempt")).intValue())))
                .toList();
        if (!reports.isEmpty()) {
            Judging.judge(runs, reports);
        }
    }

    private static StatusReport report(int attempt) {
        ReportFixture report = switch (ThreadLocalRandom.current().nextInt(6)) {
            case 0 -> failed().retryable(false);
            case 1 -> failed();
            case 2, 3 -> completed();
            default -> running();
        };
        return report.id(Ids.next()).attempt(attempt).build();
    }

    private void operates(Runs runs) {
        var some = jdbc.queryForList("select run_id from run order by random() limit 4", Map.of(), String.class);
        for (String run : some) {
            var operator = new Operator("ada", "storm");
            if (ThreadLocalRandom.current().nextInt(3) == 0) {
                runs.cancel(run, operator, false);
            } else {
                runs.rerunFailed(run, operator, false);
            }
        }
    }

    private void repairs(Runs runs) {
        runs.renewLeases(List.copyOf(inHand));
        runs.sweep();
    }

    private void watches() {
        assertThat(jdbc.queryForList(TWO_ACTIVE, Map.of(), String.class)).isEmpty();
        assertThat(jdbc.queryForList(HELD_BY_ANOTHER, Map.of(), String.class)).isEmpty();
        assertThat(jdbc.queryForObject(ACTIVE_IN_WIDE, Map.of(), Integer.class)).isLessThanOrEqualTo(WIDE);
    }

    /** Takes what is left to its end, each run as its turn comes. */
    private void settle(Runs runs) {
        for (int i = 0; i < 2000; i++) {
            jdbc.update(
                    "update task_run set cancel_due_at = current_timestamp where cancel_due_at is not null", Map.of());
            var cancels = runs.claimCancels(100);
            runs.recordCancels(cancels.stream()
                    .map(cancel -> new CancelOutcome(cancel, CancelState.CONFIRMED, null))
                    .toList());
            var open = jdbc.queryForList(
                    "select task_run_id, attempt from task_run where state in ('DUE', 'CALLING', 'RUNNING') limit 100",
                    Map.of());
            if (open.isEmpty() && cancels.isEmpty() && runs.sweep().promoted() == 0) {
                return;
            }
            Judging.judge(
                    runs,
                    open.stream()
                            .map(row -> new IncomingReport(
                                    (String) row.get("task_run_id"),
                                    completed()
                                            .id(Ids.next())
                                            .attempt(((Number) row.get("attempt")).intValue())
                                            .build()))
                            .toList());
        }
    }
}
