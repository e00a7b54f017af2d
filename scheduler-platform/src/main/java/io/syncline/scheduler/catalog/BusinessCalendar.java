package io.syncline.scheduler.catalog;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Days on which schedules that name this calendar do not fire.
 *
 * @param zone where its days begin and end; null: in the zone of each schedule
 * @param holidays single days
 * @param yearly days that return each year
 * @param weekends days of each week
 */
public record BusinessCalendar(
        String key,
        int version,
        List<String> labels,
        @Nullable ZoneId zone,
        Set<LocalDate> holidays,
        Set<MonthDay> yearly,
        Set<DayOfWeek> weekends) {

    public BusinessCalendar {
        labels = List.copyOf(labels);
        holidays = Set.copyOf(holidays);
        yearly = Set.copyOf(yearly);
        weekends = Set.copyOf(weekends);
    }

    public boolean excludes(LocalDate day) {
        return weekends.contains(day.getDayOfWeek())
                || holidays.contains(day)
                || (!yearly.isEmpty() && yearly.contains(MonthDay.from(day)));
    }
}
