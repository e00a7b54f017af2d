package io.syncline.scheduler.quartz;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.JobBuilder;
import org.quartz.Scheduler;
import org.quartz.spi.JobFactory;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;

/** What the clock does on every database, with real schedulers on its tables. */
abstract class ClockContract {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final List<SchedulerFactoryBean> started = new ArrayList<>();
    private final List<TaskGroup> groups = new ArrayList<>();
    private final Queue<String> starts = new ConcurrentLinkedQueue<>();
    private TestDatabase database;
    private ClockRows rows;
    private Scheduler scheduler;
    private Schedules schedules;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void oneNodeThatStandsStill() throws Exception {
        database = emptyDatabase();
        rows = new JdbcClockRows(database.jdbc(), database.transaction());
        scheduler = node(0);
        scheduler.addJob(
                JobBuilder.newJob(ScheduleJob.class)
                        .withIdentity(ScheduleJob.KEY)
                        .storeDurably()
                        .requestRecovery()
                        .build(),
                true);
        schedules = new Schedules(new StoredGroups(), scheduler, rows);
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
        assertThat(rows.schedules().get("nightly").zone()).isEqualTo("Europe/Berlin");

        groups.clear();
        groups.add(group("nightly", "0 45 3 * * ?", Misfire.FIRE_ONCE));
        schedules.align();

        assertThat(rows.schedules().keySet()).containsExactly("nightly");
        assertThat(rows.schedules().get("nightly").cron()).isEqualTo("0 45 3 * * ?");
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
        scheduler.setJobFactory((bundle, anyScheduler) -> new ScheduleJob((group, intended) -> {
            seen.add(group + "@" + intended);
            if (failures.getAndUpdate(left -> left - 1) > 0) {
                throw new IllegalStateException("the database is away");
            }
        }));

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
        factory.setDataSource(database.dataSource());
        factory.setTransactionManager(database.transactions());
        factory.setQuartzProperties(QuartzConfiguration.properties(SqlDialect.of(database.dataSource())));
        factory.setJobFactory(jobFactory());
        factory.setAutoStartup(false);
        factory.setStartupDelay(startupDelay);
        factory.afterPropertiesSet();
        started.add(factory);
        return factory.getScheduler();
    }

    private JobFactory jobFactory() {
        return (bundle, anyScheduler) -> new ScheduleJob((group, intended) -> starts.add(group + "@" + intended));
    }

    private static TaskGroup group(String key, String cron, Misfire misfire) {
        return aGroup(key).scheduled(new Schedule(cron, BERLIN, misfire)).build();
    }

    private final class StoredGroups implements TaskGroups {

        @Override
        public List<TaskGroup> scheduled() {
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
