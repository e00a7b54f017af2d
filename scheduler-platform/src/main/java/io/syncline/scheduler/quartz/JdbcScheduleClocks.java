package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcScheduleClocks implements ScheduleClocks {

    private static final String ALL = "select group_key, spec, dealt_through, next_at from schedule_clock";

    private static final String LOCK = """
            select group_key, spec, dealt_through, next_at from schedule_clock
            where group_key = :group
            for update
            """;

    private static final String INSERT = """
            insert into schedule_clock (group_key, spec, dealt_through, next_at)
            values (:group, :spec, :dealt, :next)
            """;

    private static final String UPDATE = """
            update schedule_clock set spec = :spec, dealt_through = :dealt, next_at = :next
            where group_key = :group
            """;

    private static final String REMOVE = "delete from schedule_clock where group_key = :group";

    private static final String REMOVE_MISSED = "delete from missed_start where group_key = :group";

    private static final String ADD_MISSED = """
            insert into missed_start (group_key, fire_at, due_at)
            values (:group, :fire, :due)
            """;

    private static final String HAS_MISSED = """
            select group_key from missed_start
            where group_key = :group
            fetch first 1 rows only
            """;

    private static final String ANY_MISSED = "select group_key from missed_start fetch first 1 rows only";

    private static final String PAUSED = "select pause_key from scheduling_pause where paused_at is not null";

    private static final String MISSED_OF =
            "select fire_at from missed_start where group_key = :group order by fire_at";

    private static final String REMOVE_OLDER =
            "delete from missed_start where group_key = :group and fire_at < :before";

    private static final String MISSED = """
            select m.group_key, m.fire_at from missed_start m
            where m.due_at <= :now
                and not exists (
                    select 1 from missed_start e
                    where e.group_key = m.group_key and e.fire_at < m.fire_at and e.due_at > :now)
            order by m.fire_at, m.group_key
            fetch first :count rows only
            """;

    private static final String FIRING_BY = """
            select c.group_key from schedule_clock c
            where c.next_at <= :until
            """;

    private static final String SOONEST = "order by c.next_at, c.group_key\nfetch first :count rows only";

    private static final String WAITING = "select m.group_key, m.fire_at, m.due_at from missed_start m\n";

    private static final String OLDEST = "order by m.fire_at, m.group_key\nfetch first :count rows only";

    private static final String TAKE = "delete from missed_start where group_key = :group and fire_at = :fire";

    private static final String POSTPONE = "update missed_start set due_at = :due where group_key = :group";

    private static final String PACE = """
            update catch_up_pace set next_batch_at = :next
            where pace_key = 'missed-starts' and next_batch_at <= :now
            """;

    private final JdbcClient jdbc;

    JdbcScheduleClocks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<String, ScheduleClock> all() {
        var clocks = new HashMap<String, ScheduleClock>();
        jdbc.sql(ALL).query(JdbcScheduleClocks::clock).list().forEach(clock -> clocks.put(clock.group(), clock));
        return clocks;
    }

    @Override
    public Optional<ScheduleClock> lock(String group) {
        return jdbc.sql(LOCK)
                .param("group", group)
                .query(JdbcScheduleClocks::clock)
                .optional();
    }

    @Override
    public void insert(ScheduleClock clock) {
        write(INSERT, clock);
    }

    @Override
    public void update(ScheduleClock clock) {
        write(UPDATE, clock);
    }

    private void write(String statement, ScheduleClock clock) {
        jdbc.sql(statement)
                .param("group", clock.group())
                .param("spec", clock.spec())
                .param("dealt", JdbcTimes.toJdbc(clock.dealtThrough()))
                .param("next", toJdbc(clock.nextAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    @Override
    public void remove(String group) {
        jdbc.sql(REMOVE_MISSED).param("group", group).update();
        jdbc.sql(REMOVE).param("group", group).update();
    }

    @Override
    public void addMissed(String group, Collection<Instant> times, Instant dueAt) {
        for (var time : times) {
            jdbc.sql(ADD_MISSED)
                    .param("group", group)
                    .param("fire", JdbcTimes.toJdbc(time))
                    .param("due", JdbcTimes.toJdbc(dueAt))
                    .update();
        }
    }

    @Override
    public boolean hasMissed(String group) {
        return jdbc.sql(HAS_MISSED)
                .param("group", group)
                .query(String.class)
                .optional()
                .isPresent();
    }

    @Override
    public boolean arePaused() {
        return !jdbc.sql(PAUSED).query(String.class).list().isEmpty();
    }

    @Override
    public boolean anyMissed() {
        return jdbc.sql(ANY_MISSED).query(String.class).optional().isPresent();
    }

    @Override
    public List<Instant> missed(String group) {
        return jdbc.sql(MISSED_OF)
                .param("group", group)
                .query((row, number) -> JdbcTimes.instant(row, "fire_at"))
                .list();
    }

    @Override
    public void removeMissed(String group, Instant before) {
        jdbc.sql(REMOVE_OLDER)
                .param("group", group)
                .param("before", JdbcTimes.toJdbc(before))
                .update();
    }

    @Override
    public List<MissedStart> missed(Instant now, int limit) {
        return jdbc.sql(MISSED)
                .param("now", JdbcTimes.toJdbc(now))
                .param("count", limit)
                .query((row, number) -> new MissedStart(row.getString("group_key"), JdbcTimes.instant(row, "fire_at")))
                .list();
    }

    /** Groups whose schedule fires not after {@code until}, within reach, those that fire soonest first. */
    List<String> firingBy(Instant until, int count, Labels labels) {
        var query = labels.all()
                ? jdbc.sql(FIRING_BY + SOONEST)
                : jdbc.sql(FIRING_BY + "and " + WithinReach.groups("c.group_key") + "\n" + SOONEST)
                        .param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return query.param("until", JdbcTimes.toJdbc(until))
                .param("count", count)
                .query(String.class)
                .list();
    }

    /** Missed starts that are still made up for, within reach, oldest first. */
    List<WaitingStart> waiting(int count, Labels labels) {
        var query = labels.all()
                ? jdbc.sql(WAITING + OLDEST)
                : jdbc.sql(WAITING + "where " + WithinReach.groups("m.group_key") + "\n" + OLDEST)
                        .param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return query.param("count", count)
                .query((row, number) -> new WaitingStart(
                        row.getString("group_key"),
                        JdbcTimes.instant(row, "fire_at"),
                        JdbcTimes.instant(row, "due_at")))
                .list();
    }

    /** A missed start, and when it is made up for at the earliest. */
    record WaitingStart(String group, Instant fireAt, Instant dueAt) {}

    @Override
    public boolean take(MissedStart missed) {
        return jdbc.sql(TAKE)
                        .param("group", missed.group())
                        .param("fire", JdbcTimes.toJdbc(missed.fireAt()))
                        .update()
                == 1;
    }

    @Override
    public void postponeMissed(String group, Instant dueAt) {
        jdbc.sql(POSTPONE)
                .param("group", group)
                .param("due", JdbcTimes.toJdbc(dueAt))
                .update();
    }

    @Override
    public boolean mayGo(Instant now, Duration interval) {
        return jdbc.sql(PACE)
                        .param("now", JdbcTimes.toJdbc(now))
                        .param("next", JdbcTimes.toJdbc(now.plus(interval)))
                        .update()
                == 1;
    }

    private static ScheduleClock clock(ResultSet row, int number) throws SQLException {
        return new ScheduleClock(
                row.getString("group_key"),
                row.getString("spec"),
                JdbcTimes.instant(row, "dealt_through"),
                JdbcTimes.instantOrNull(row, "next_at"));
    }

    private static @Nullable Object toJdbc(@Nullable Instant time) {
        return time == null ? null : JdbcTimes.toJdbc(time);
    }
}
