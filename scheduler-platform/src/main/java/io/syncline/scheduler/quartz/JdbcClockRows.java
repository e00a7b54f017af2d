package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.ops.NextFireTime;
import io.syncline.scheduler.security.Labels;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

final class JdbcClockRows implements ClockRows {

    private static final String SCHEDULES = """
            select trigger_name, trigger_type, next_fire_time from qrtz_triggers
            where sched_name = :scheduler and trigger_group = :schedules
            """;

    private static final String NEXT_FIRE_TIMES = """
            select trigger_name, trigger_group, trigger_state, next_fire_time
            from qrtz_triggers
            where sched_name = :scheduler and next_fire_time > 0
            order by next_fire_time, trigger_group, trigger_name
            fetch first 100 rows only
            """;

    private static final String NEXT_FIRE_TIMES_WITHIN_REACH = """
            select trigger_name, trigger_group, trigger_state, next_fire_time
            from qrtz_triggers
            where sched_name = :scheduler and next_fire_time > 0 and (trigger_group <> :schedules or\s""" + WithinReach.groups("trigger_name") + """
            )
            order by next_fire_time, trigger_group, trigger_name
            fetch first 100 rows only
            """;

    /** A BLOCKED trigger waits for another firing of its job; an ACQUIRED one has a fired row of its own. */
    private static final String STUCK = """
            select t.trigger_name, t.trigger_group, t.trigger_state, t.next_fire_time
            from qrtz_triggers t
            where t.sched_name = :scheduler
              and (t.trigger_state = 'ERROR'
                or (t.trigger_state = 'ACQUIRED' and not exists (
                      select 1 from qrtz_fired_triggers f
                      where f.sched_name = t.sched_name
                        and f.trigger_name = t.trigger_name and f.trigger_group = t.trigger_group))
                or (t.trigger_state in ('BLOCKED', 'PAUSED_BLOCKED') and not exists (
                      select 1 from qrtz_fired_triggers f
                      where f.sched_name = t.sched_name
                        and f.job_name = t.job_name and f.job_group = t.job_group)))
            order by t.trigger_group, t.trigger_name
            """;

    private static final String LOCK = """
            select lock_name from qrtz_locks
            where sched_name = :scheduler and lock_name = 'TRIGGER_ACCESS'
            for update
            """;

    private static final String SET_FREE = """
            update qrtz_triggers set trigger_state = :free
            where sched_name = :scheduler and trigger_name = :name and trigger_group = :group
              and trigger_state = :state and next_fire_time = :next
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    JdbcClockRows(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @Override
    public Map<String, ScheduleRow> schedules() {
        var schedules = new HashMap<String, ScheduleRow>();
        jdbc.sql(SCHEDULES)
                .param("scheduler", QuartzConfiguration.SCHEDULER)
                .param("schedules", Schedules.TRIGGER_GROUP)
                .query(row -> {
                    long next = row.getLong("next_fire_time");
                    schedules.put(
                            row.getString("trigger_name"),
                            new ScheduleRow(
                                    next > 0 ? Instant.ofEpochMilli(next) : null,
                                    row.getString("trigger_type").equals("SIMPLE")));
                });
        return schedules;
    }

    @Override
    public List<NextFireTime> nextFireTimes(int limit, Labels labels) {
        var query = labels.all()
                ? jdbc.sql(NEXT_FIRE_TIMES)
                : jdbc.sql(NEXT_FIRE_TIMES_WITHIN_REACH)
                        .param("schedules", Schedules.TRIGGER_GROUP)
                        .param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return query
                .param("scheduler", QuartzConfiguration.SCHEDULER)
                .query((row, number) -> new NextFireTime(
                        row.getString("trigger_group"),
                        row.getString("trigger_name"),
                        Instant.ofEpochMilli(row.getLong("next_fire_time")),
                        row.getString("trigger_state")))
                .list()
                .stream()
                .limit(limit)
                .toList();
    }

    @Override
    public List<StuckTrigger> stuck() {
        return jdbc.sql(STUCK)
                .param("scheduler", QuartzConfiguration.SCHEDULER)
                .query(JdbcClockRows::stuckTrigger)
                .list();
    }

    @Override
    public List<StuckTrigger> setFree(List<StuckTrigger> triggers) {
        return Objects.requireNonNull(transaction.execute(status -> {
            jdbc.sql(LOCK)
                    .param("scheduler", QuartzConfiguration.SCHEDULER)
                    .query(String.class)
                    .list();
            var still = new ArrayList<>(stuck());
            still.retainAll(triggers);
            var freed = new ArrayList<StuckTrigger>();
            for (var trigger : still) {
                int updated = jdbc.sql(SET_FREE)
                        .param("scheduler", QuartzConfiguration.SCHEDULER)
                        .param("name", trigger.name())
                        .param("group", trigger.group())
                        .param("state", trigger.state())
                        .param("next", trigger.nextFireMillis())
                        .param("free", trigger.freeState())
                        .update();
                if (updated == 1) {
                    freed.add(trigger);
                }
            }
            return freed;
        }));
    }

    private static StuckTrigger stuckTrigger(ResultSet row, int number) throws SQLException {
        return new StuckTrigger(
                row.getString("trigger_name"),
                row.getString("trigger_group"),
                row.getString("trigger_state"),
                row.getLong("next_fire_time"));
    }
}
