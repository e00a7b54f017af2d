package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.InMemoryTables;
import io.syncline.scheduler.testing.TestDatabase;
import io.syncline.scheduler.trigger.Intake;
import io.syncline.tracing.Spans;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.transaction.PlatformTransactionManager;

/** The tables of schedules in memory, and the real turns of each simulated node before them. */
public final class SimulatedSchedules {

    private static final String PACE = "pace";

    private final InMemoryTables database;
    private final boolean forgetsMissed;
    private final Map<String, ScheduleClock> clocks = new TreeMap<>();
    private final Map<String, Instant> pace = new TreeMap<>();

    /** By group and fire time; the value is when it is due. */
    private final Map<String, Missed> missed = new TreeMap<>();

    private final Table table = new Table();

    private record Missed(ScheduleClocks.MissedStart start, Instant dueAt) {}

    /** @param forgetsMissed a planted mistake: what was missed is not kept */
    public SimulatedSchedules(InMemoryTables database, boolean forgetsMissed) {
        this.database = database;
        this.forgetsMissed = forgetsMissed;
    }

    private static String key(String group, Instant time) {
        return group + " " + time;
    }

    private final class Table implements ScheduleClocks {

        @Override
        public Map<String, ScheduleClock> all() {
            return Map.copyOf(clocks);
        }

        @Override
        public Optional<ScheduleClock> lock(String group) {
            return Optional.ofNullable(clocks.get(group));
        }

        @Override
        public void insert(ScheduleClock clock) {
            database.put(clocks, clock.group(), clock);
        }

        @Override
        public void update(ScheduleClock clock) {
            database.put(clocks, clock.group(), clock);
        }

        @Override
        public void remove(String group) {
            database.remove(clocks, group);
        }

        @Override
        public void addMissed(String group, Collection<Instant> times, Instant dueAt) {
            if (forgetsMissed) {
                return;
            }
            times.forEach(
                    time -> database.put(missed, key(group, time), new Missed(new MissedStart(group, time), dueAt)));
        }

        @Override
        public boolean hasMissed(String group) {
            return !missed(group).isEmpty();
        }

        @Override
        public boolean anyMissed() {
            return !missed.isEmpty();
        }

        @Override
        public boolean arePaused() {
            return false;
        }

        @Override
        public List<Instant> missed(String group) {
            var times = new TreeSet<Instant>();
            missed.values().stream()
                    .map(Missed::start)
                    .filter(start -> start.group().equals(group))
                    .forEach(start -> times.add(start.fireAt()));
            return List.copyOf(times);
        }

        @Override
        public void removeMissed(String group, Instant before) {
            missed(group).stream()
                    .filter(time -> time.isBefore(before))
                    .forEach(time -> database.remove(missed, key(group, time)));
        }

        @Override
        public List<MissedStart> missed(Instant now, int limit) {
            return missed.values().stream()
                    .filter(one -> !one.dueAt().isAfter(now))
                    .map(Missed::start)
                    .sorted((one, other) -> one.fireAt().compareTo(other.fireAt()))
                    .limit(limit)
                    .toList();
        }

        @Override
        public boolean take(MissedStart start) {
            var stands = missed.containsKey(key(start.group(), start.fireAt()));
            if (stands) {
                database.remove(missed, key(start.group(), start.fireAt()));
            }
            return stands;
        }

        @Override
        public void postponeMissed(String group, Instant dueAt) {
            missed(group)
                    .forEach(time ->
                            database.put(missed, key(group, time), new Missed(new MissedStart(group, time), dueAt)));
        }

        @Override
        public boolean mayGo(Instant now, Duration interval) {
            var next = pace.get(PACE);
            if (next != null && next.isAfter(now)) {
                return false;
            }
            database.put(pace, PACE, now.plus(interval));
            return true;
        }
    }

    public Turns on(TaskGroups groups, Intake intake, DatabaseClock clock, PlatformTransactionManager transactions) {
        return new Turns(new ScheduleTurns(
                groups,
                key -> Optional.empty(),
                table,
                new IntakeStarts(intake, Spans.UNTOLD),
                clock,
                transactions,
                new ScheduleProperties(20)));
    }

    /** One node's. */
    public static final class Turns {

        private final ScheduleTurns turns;

        private Turns(ScheduleTurns turns) {
            this.turns = turns;
        }

        /** Over the tables of a database, without calendars. */
        public static Turns onTables(TestDatabase database, TaskGroups groups, Intake intake, DatabaseClock clock) {
            return new Turns(new ScheduleTurns(
                    groups,
                    key -> Optional.empty(),
                    new JdbcScheduleClocks(database.jdbc()),
                    new IntakeStarts(intake, Spans.UNTOLD),
                    clock,
                    database.transactions(),
                    new ScheduleProperties(20)));
        }

        public void align() {
            turns.align(Map.of());
        }

        public void turn(String group) {
            turns.turn(group);
        }

        public void catchUp() {
            turns.catchUp();
        }
    }

    /** The tables themselves, by which a commit tells its changes. */
    public Object clocks() {
        return clocks;
    }

    public Object missed() {
        return missed;
    }

    public boolean anyMissed() {
        return !missed.isEmpty();
    }

    public static Instant dealtThrough(Object row) {
        return ((ScheduleClock) row).dealtThrough();
    }
}
