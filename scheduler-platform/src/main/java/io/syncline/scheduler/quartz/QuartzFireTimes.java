package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.FireTimes;
import io.syncline.scheduler.catalog.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

@Component
class QuartzFireTimes implements FireTimes {

    @Override
    public List<Instant> next(Schedule schedule, @Nullable BusinessCalendar calendar, Instant after, int count) {
        var cron = new CronTimes(schedule, calendar);
        var times = new ArrayList<Instant>();
        var time = after;
        while (times.size() < count) {
            time = cron.next(time);
            if (time == null) {
                break;
            }
            times.add(time);
        }
        return times;
    }
}
