package io.syncline.scheduler.quartz;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.JobBuilder;
import org.quartz.Scheduler;
import org.quartz.spi.JobFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.transaction.support.TransactionTemplate;

/** What the clock does on every database, with real schedulers on its tables. */
abstract class ClockContract {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final int CATCH_UP_PER_SECOND = 150;

    private final List<SchedulerFactoryBean> started = new ArrayList<>();
    private final List<TaskGroup> groups = new ArrayList<>();
    private final Queue<String> starts = new ConcurrentLinkedQueue<>();
    private final Queue<Instant> madeUpInBatchOf = new ConcurrentLinkedQueue<>();
    private TestDatabase database;
    private ClockRows rows;
    private Scheduler scheduler;
    private Schedules schedules;
    private ScheduleTurns turns;
    private DataSource clockSource;
    private JdbcTransactionManager clockTransactions;
    private ClockTransactions inTransactions;
    private volatile ScheduledStarts starting = (group, intended) -> starts.add(group + "@" + intended);
    private final Map<String, BusinessCalendar> calendars = new ConcurrentHashMap<>();
    private final StatementsOutsideTransactions outside = new StatementsOutsideTransactions();

    /** How many schedules an outage meets; a test of one node's speed, therefore few where the database is slow. */
    abstract int schedulesInAnOutage();

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void oneNodeThatStandsStill() throws Exception {
        database = emptyDatabase();
        clockSource = outside.watching(database.dataSource());
        clockTransactions = new JdbcTransactionManager(clockSource);
        rows = new JdbcClockRows(JdbcClient.create(clockSource), new TransactionTemplate(clockTransactions));
        scheduler = node(0);
        inTransactions = new ClockTransactions(new TransactionTemplate(clockTransactions));
        inTransactions.run(() -> {
            scheduler.addJob(
                    JobBuilder.newJob(ScheduleJob.class)
                            .withIdentity(ScheduleJob.KEY)
                            .storeDurably()
                            .requestRecovery()
                            .build(),
                    true);
            scheduler.addJob(
                    JobBuilder.newJob(CatchUpJob.class)
                            .withIdentity(CatchUpJob.KEY)
                            .storeDurably()
                            .build(),
                    true);
        });
        turns = new ScheduleTurns(
                new StoredGroups(),
                key -> Optional.ofNullable(calendars.get(key)),
                new NotedClocks(database.jdbc()),
                (group, intended) -> starting.start(group, intended),
                () -> Instant.now().truncatedTo(ChronoUnit.MICROS),
                database.transactions(),
                new ScheduleProperties(CATCH_UP_PER_SECOND));
        schedules = new Schedules(turns, scheduler, rows, inTransactions);
    }

    @AfterEach
    void stop() throws Exception {
        for (var factory : started) {
            factory.destroy();
        }
    }

    @Test
    void schedulesFollowTheCatalogue() throws Exception {
        groups.add(group("nightly", "0 30 2 * * ?", Misfire.FIRE_ONCE));
        groups.add(group("hourly", "0 0 * * * ?", Misfire.SKIP));
        schedules.align();
        assertThat(rows.schedules().keySet()).containsExactlyInAnyOrder("nightly", "hourly");

        groups.clear();
        groups.add(group("nightly", "0 45 3 * * ?", Misfire.FIRE_ONCE));
        schedules.align();

        assertThat(rows.schedules().keySet()).containsExactly("nightly");
        assertThat(rows.nextFireTimes(10, Labels.ALL)).singleElement().satisfies(next -> {
            assertThat(next.kind()).isEqualTo("schedules");
            assertThat(next.name()).isEqualTo("nightly");
            assertThat(next.at().atZone(BERLIN).toLocalTime()).hasToString("03:45");
        });
    }

    @Test
    void aScheduleThatIsRightStaysUntouched() throws Exception {
        groups.add(group("nightly", "0 30 2 * * ?", Misfire.FIRE_ONCE));
        schedules.align();
        database.jdbc().sql("update qrtz_triggers set prev_fire_time = 4711").update();

        schedules.align();

        assertThat(database.jdbc()
                        .sql("select prev_fire_time from qrtz_triggers")
                        .query(Long.class)
                        .single())
                .isEqualTo(4711);
    }

    @Test
    void twoNodesFireEachTimeOfAScheduleOnce() throws Exception {
        groups.add(group("each-second", "* * * * * ?", Misfire.FIRE_ONCE));
        schedules.align();
        var other = node(0);

        scheduler.start();
        other.start();

        await().atMost(Duration.ofSeconds(60)).until(() -> starts.size() >= 5);
        assertThat(starts).doesNotHaveDuplicates().allMatch(start -> start.startsWith("each-second@"));
    }

    @Test
    void aFailedStartIsTriedAgainForTheSameTime() throws Exception {
        var failures = new AtomicReference<>(2);
        groups.add(group("each-second", "* * * * * ?", Misfire.FIRE_ONCE));
        schedules.align();
        var seen = new ConcurrentLinkedQueue<String>();
        starting = (group, intended) -> {
            seen.add(group + "@" + intended);
            if (failures.getAndUpdate(left -> left - 1) > 0) {
                throw new IllegalStateException("the database is away");
            }
        };

        scheduler.start();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> seen.stream().distinct().count() < seen.size());
    }

    @Test
    void aStuckTriggerIsSetFreeAfterAMinuteAndOneInErrorToo() throws Exception {
        groups.add(group("nightly", "0 30 2 * * ?", Misfire.FIRE_ONCE));
        groups.add(group("hourly", "0 0 * * * ?", Misfire.FIRE_ONCE));
        groups.add(group("fine", "0 0 * * * ?", Misfire.FIRE_ONCE));
        schedules.align();
        plant("nightly", "ACQUIRED");
        plant("hourly", "ERROR");
        var now = new AtomicReference<>(Instant.parse("2026-11-20T12:00:00Z"));
        var meters = new SimpleMeterRegistry();
        var watchdog = new Watchdog(rows, now::get, meters);

        watchdog.look();
        assertThat(states()).containsEntry("nightly", "ACQUIRED").containsEntry("hourly", "ERROR");
        now.updateAndGet(before -> before.plusSeconds(61));
        watchdog.look();

        assertThat(states()).isEqualTo(Map.of("nightly", "WAITING", "hourly", "WAITING", "fine", "WAITING"));
        assertThat(meters.get("syncline.scheduler.triggers.freed")
                        .tag("state", "ACQUIRED")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aTriggerThatANodeWorksOnIsNoSuspect() throws Exception {
        groups.add(group("nightly", "0 30 2 * * ?", Misfire.FIRE_ONCE));
        schedules.align();
        plant("nightly", "ACQUIRED");
        database.jdbc().sql("""
                        insert into qrtz_fired_triggers (sched_name, entry_id, trigger_name, trigger_group, instance_name,
                                                         fired_time, sched_time, priority, state)
                        values ('syncline', 'e1', 'nightly', 'schedules', 'another-node', 1, 1, 5, 'ACQUIRED')
                        """).update();

        assertThat(rows.stuck()).isEmpty();
    }

    @Test
    void aCalendarThatChangesMovesTheNextFireTimeOfALiveSchedule() throws Exception {
        groups.add(aGroup("nightly")
                .scheduled(new Schedule("0 30 2 * * ?", BERLIN, "holidays", Misfire.FIRE_ONCE, 10))
                .build());
        schedules.align();
        var before = rows.nextFireTimes(10, Labels.ALL).get(0).at();

        exclude(before.atZone(BERLIN).toLocalDate());
        schedules.align();

        var after = rows.nextFireTimes(10, Labels.ALL).get(0).at();
        assertThat(after.atZone(BERLIN).toLocalDate())
                .isEqualTo(before.atZone(BERLIN).toLocalDate().plusDays(1));
    }

    @Test
    void aDayThatWasExcludedAfterTheAlarmWasSetDoesNotFire() throws Exception {
        groups.add(aGroup("each-second")
                .scheduled(new Schedule("* * * * * ?", BERLIN, "holidays", Misfire.FIRE_ONCE, 10))
                .build());
        schedules.align();
        var today = Instant.now().atZone(BERLIN).toLocalDate();
        exclude(today, today.plusDays(1));

        var turn = turns.turn("each-second");

        assertThat(starts).isEmpty();
        assertThat(turn.nextAt()).isAfter(Instant.now().plusSeconds(3600));
    }

    @Test
    void afterAnOutageEachScheduleKeepsItsPolicyAndAllTogetherThePace() throws Exception {
        int each = schedulesInAnOutage() / 3;
        // Each quarter of an hour, but neither just now nor soon.
        var quarterly = "0 %d/15 * * * ?".formatted((LocalTime.now(BERLIN).getMinute() + 7) % 15);
        for (int place = 0; place < each; place++) {
            groups.add(group("once-" + place, quarterly, Misfire.FIRE_ONCE));
            groups.add(group("skip-" + place, quarterly, Misfire.SKIP));
            groups.add(aGroup("make-up-" + place)
                    .scheduled(new Schedule(quarterly, BERLIN, null, Misfire.CATCH_UP, 3))
                    .build());
        }
        schedules.align();
        var now = Instant.now();
        // As if nothing had run for two hours.
        var began = now.minus(Duration.ofHours(2));
        database.jdbc()
                .sql("update schedule_clock set dealt_through = :began, next_at = :began")
                .param("began", JdbcTimes.toJdbc(began))
                .update();
        database.jdbc()
                .sql("update qrtz_triggers set next_fire_time = :began, start_time = :began")
                .param("began", began.toEpochMilli())
                .update();
        node(0).start();
        scheduler.start();

        await().atMost(Duration.ofSeconds(60)).until(() -> starts.size() >= each * 4 && !turns.anyMissed());
        assertThat(starts).doesNotHaveDuplicates();
        assertThat(starts).filteredOn(start -> start.startsWith("once-")).hasSize(each);
        assertThat(starts).filteredOn(start -> start.startsWith("make-up-")).hasSize(each * 3);
        assertThat(starts).noneMatch(start -> start.startsWith("skip-"));
        for (int place = 0; place < each; place++) {
            var group = "make-up-" + place + "@";
            assertThat(starts.stream().filter(start -> start.startsWith(group))).isSorted();
        }
        var perBatch = new TreeMap<Instant, Integer>();
        madeUpInBatchOf.forEach(nextAt -> perBatch.merge(nextAt, 1, Integer::sum));
        assertThat(perBatch.values()).allMatch(count -> count <= CATCH_UP_PER_SECOND);
        Instant before = Instant.MIN;
        for (var nextAt : perBatch.keySet()) {
            assertThat(nextAt).isAfterOrEqualTo(before.plusSeconds(1));
            before = nextAt;
        }
        assertThat(madeUpInBatchOf).hasSizeGreaterThanOrEqualTo(each * 3);
    }

    @Test
    void aFullQueueIsMadeUpForLaterAndKeepsNoWorker() throws Exception {
        groups.add(group("full", "* * * * * ?", Misfire.FIRE_ONCE));
        schedules.align();
        database.jdbc()
                .sql("update schedule_clock set dealt_through = :began")
                .param("began", JdbcTimes.toJdbc(Instant.now().minusSeconds(5)))
                .update();
        starting = (group, intended) -> {
            throw ProblemException.of(429, "queue-full", "The queue of a task group is full");
        };

        var turn = turns.turn("full");

        assertThat(turn.paced()).isTrue();
        assertThat(turn.nextAt()).isNotNull();
        assertThat(new JdbcScheduleClocks(database.jdbc()).missed("full")).hasSize(1);
    }

    @Test
    void whileAllSchedulesArePausedNothingFiresAndItsEndIsTheEndOfAnOutage() throws Exception {
        // Each quarter of an hour, but neither just now nor soon.
        var quarterly = "0 %d/15 * * * ?".formatted((LocalTime.now(BERLIN).getMinute() + 7) % 15);
        groups.add(group("once", quarterly, Misfire.FIRE_ONCE));
        groups.add(group("skip", quarterly, Misfire.SKIP));
        schedules.align();
        var began = Instant.now().minus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
        database.jdbc()
                .sql("update schedule_clock set dealt_through = :began, next_at = :began")
                .param("began", JdbcTimes.toJdbc(began))
                .update();
        new JdbcScheduleClocks(database.jdbc()).addMissed("once", List.of(began), began);
        database.jdbc()
                .sql("update scheduling_pause set paused_at = :now, paused_by = 'op', reason = 'storm'")
                .param("now", JdbcTimes.toJdbc(began))
                .update();

        assertThat(turns.arePaused()).isTrue();
        assertThat(turns.turn("once")).isEqualTo(ScheduleTurns.Turn.NONE);
        assertThat(turns.catchUp()).isFalse();
        schedules.align();
        assertThat(starts).isEmpty();
        assertThat(new JdbcScheduleClocks(database.jdbc()).all().get("once").dealtThrough())
                .isEqualTo(began);

        database.jdbc().sql("update scheduling_pause set paused_at = null").update();
        assertThat(turns.turn("once").paced()).isTrue();
        assertThat(turns.turn("skip").paced()).isFalse();
        var caughtUp = new JdbcScheduleClocks(database.jdbc());
        assertThat(caughtUp.missed("skip")).isEmpty();
        assertThat(caughtUp.missed("once"))
                .singleElement()
                .satisfies(time -> assertThat(time).isAfter(began));
        assertThat(turns.catchUp()).isTrue();
        assertThat(starts).singleElement().satisfies(start -> assertThat(start).startsWith("once@"));
    }

    @Test
    void missedStartsOfAGroupGoInTheirOrder() {
        var clocks = new JdbcScheduleClocks(database.jdbc());
        var noon = Instant.parse("2026-11-20T12:00:00Z");
        clocks.addMissed("one", List.of(noon), noon.plusSeconds(60));
        clocks.addMissed("one", List.of(noon.plusSeconds(30)), noon.plusSeconds(30));
        clocks.addMissed("two", List.of(noon.plusSeconds(10)), noon.plusSeconds(30));

        assertThat(clocks.missed(noon.plusSeconds(40), 10))
                .containsExactly(new ScheduleClocks.MissedStart("two", noon.plusSeconds(10)));
        assertThat(clocks.missed(noon.plusSeconds(60), 10))
                .containsExactly(
                        new ScheduleClocks.MissedStart("one", noon),
                        new ScheduleClocks.MissedStart("two", noon.plusSeconds(10)),
                        new ScheduleClocks.MissedStart("one", noon.plusSeconds(30)));
    }

    @Test
    void theClocksStoreIsNeverChangedOutsideOfATransaction() throws Exception {
        groups.add(group("each-second", "* * * * * ?", Misfire.FIRE_ONCE));
        schedules.align();
        scheduler.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> starts.size() >= 2);
        groups.clear();
        schedules.align();

        assertThat(outside.changes()).isEmpty();
    }

    private void exclude(LocalDate... days) {
        calendars.put(
                "holidays", new BusinessCalendar("holidays", 1, List.of(), null, Set.of(days), Set.of(), Set.of()));
    }

    private void plant(String trigger, String state) {
        database.jdbc()
                .sql("update qrtz_triggers set trigger_state = :state where trigger_name = :name")
                .param("state", state)
                .param("name", trigger)
                .update();
    }

    private Map<String, String> states() {
        var states = new java.util.HashMap<String, String>();
        database.jdbc()
                .sql("select trigger_name, trigger_state from qrtz_triggers")
                .query(row -> {
                    states.put(row.getString(1), row.getString(2));
                });
        return states;
    }

    private Scheduler node(int startupDelay) throws Exception {
        var factory = new SchedulerFactoryBean();
        factory.setSchedulerName(QuartzConfiguration.SCHEDULER);
        factory.setDataSource(clockSource);
        factory.setTransactionManager(clockTransactions);
        factory.setQuartzProperties(QuartzConfiguration.properties(SqlDialect.of(database.dataSource())));
        factory.setJobFactory(jobFactory());
        factory.setAutoStartup(false);
        factory.setStartupDelay(startupDelay);
        factory.afterPropertiesSet();
        started.add(factory);
        return factory.getScheduler();
    }

    private JobFactory jobFactory() {
        return (bundle, anyScheduler) -> bundle.getJobDetail().getKey().equals(CatchUpJob.KEY)
                ? new CatchUpJob(schedules)
                : new ScheduleJob(schedules);
    }

    private static TaskGroup group(String key, String cron, Misfire misfire) {
        return aGroup(key).scheduled(new Schedule(cron, BERLIN, misfire)).build();
    }

    /**
     * Notes of each start that is made up for in which batch it was, by the row of the pace in the start's own transaction:
     * on a busy machine the test's own clock says when the machine had time, not what was allowed.
     */
    private final class NotedClocks extends JdbcScheduleClocks {

        NotedClocks(JdbcClient jdbc) {
            super(jdbc);
        }

        @Override
        public boolean take(MissedStart missed) {
            var taken = super.take(missed);
            if (taken) {
                madeUpInBatchOf.add(database.jdbc()
                        .sql("select next_batch_at from catch_up_pace")
                        .query((row, number) -> JdbcTimes.instant(row, "next_batch_at"))
                        .single());
            }
            return taken;
        }
    }

    private final class StoredGroups implements TaskGroups {

        @Override
        public List<TaskGroup> all() {
            return List.copyOf(groups);
        }

        @Override
        public Optional<TaskGroup> current(String key) {
            return groups.stream().filter(group -> group.key().equals(key)).findFirst();
        }

        @Override
        public TaskGroup version(String key, int version) {
            return current(key).orElseThrow();
        }

        @Override
        public List<TaskGroup> matching(String source, String type) {
            return List.of();
        }

        @Override
        public Set<String> withinReach(Labels labels, Collection<String> keys) {
            return Set.copyOf(keys);
        }

        @Override
        public Optional<Instant> pausedSince(String key) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> pausedSinceAndHold(String key) {
            return Optional.empty();
        }
    }
}
