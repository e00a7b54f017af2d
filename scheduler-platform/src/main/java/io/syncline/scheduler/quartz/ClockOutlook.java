package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.Calendars;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.ops.ScheduleOutlook;
import io.syncline.scheduler.security.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads schedules ahead; it moves nothing. */
@Component
class ClockOutlook implements ScheduleOutlook {

    static final int MOST_GROUPS = 200;
    static final int MOST_FIRES = 96;
    static final int MOST_MISSED = 100;

    private final JdbcScheduleClocks clocks;
    private final TaskGroups groups;
    private final Calendars calendars;

    ClockOutlook(JdbcScheduleClocks clocks, TaskGroups groups, Calendars calendars) {
        this.clocks = clocks;
        this.groups = groups;
        this.calendars = calendars;
    }

    @Override
    @Transactional(readOnly = true)
    public Outlook between(Instant from, Instant until, Labels labels) {
        var firing = clocks.firingBy(until, MOST_GROUPS + 1, labels);
        var calendarsByKey = new HashMap<String, Optional<BusinessCalendar>>();
        var scheduled = new ArrayList<Scheduled>();
        for (var group : firing.subList(0, Math.min(firing.size(), MOST_GROUPS))) {
            schedule(group)
                    .map(schedule -> scheduled(group, schedule, calendarsByKey, from, until))
                    .filter(one -> !one.fires().isEmpty())
                    .ifPresent(scheduled::add);
        }
        var missed = clocks.waiting(MOST_MISSED + 1, labels);
        var policies = new HashMap<String, Optional<Schedule>>();
        return new Outlook(
                List.copyOf(scheduled),
                firing.size() <= MOST_GROUPS,
                missed.stream()
                        .limit(MOST_MISSED)
                        .map(start -> new Missed(
                                start.group(),
                                start.fireAt(),
                                start.dueAt(),
                                policies.computeIfAbsent(start.group(), this::schedule)
                                        .map(schedule -> schedule.misfire().name())
                                        .orElse(null)))
                        .toList(),
                missed.size() <= MOST_MISSED);
    }

    private Optional<Schedule> schedule(String group) {
        return groups.current(group).map(TaskGroup::schedule);
    }

    private Scheduled scheduled(
            String group,
            Schedule schedule,
            Map<String, Optional<BusinessCalendar>> known,
            Instant from,
            Instant until) {
        var times = new CronTimes(schedule, calendar(schedule, known));
        var fires = new ArrayList<Instant>();
        var time = times.next(from);
        while (time != null && !time.isAfter(until) && fires.size() < MOST_FIRES) {
            fires.add(time);
            time = times.next(time);
        }
        return new Scheduled(
                group,
                schedule.cron(),
                schedule.zone().getId(),
                schedule.calendar(),
                schedule.misfire().name(),
                List.copyOf(fires),
                time == null || time.isAfter(until));
    }

    private @Nullable BusinessCalendar calendar(Schedule schedule, Map<String, Optional<BusinessCalendar>> known) {
        var key = schedule.calendar();
        return key == null
                ? null
                : known.computeIfAbsent(key, calendars::current).orElse(null);
    }
}
