package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.Schedule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far one schedule has come, in database time.
 *
 * @param spec the schedule that it went by; another one begins anew
 * @param dealtThrough every fire time up to here has been dealt with
 * @param nextAt the next fire time; null: there is none
 */
record ScheduleClock(
        String group,
        String spec,
        Instant dealtThrough,
        @Nullable Instant nextAt) {

    /** What changes the fire times. The content of a calendar is no part of it: it moves the next fire time alone. */
    static String spec(Schedule schedule) {
        var calendar = schedule.calendar();
        return schedule.cron() + " | " + schedule.zone() + (calendar == null ? "" : " | " + calendar);
    }
}
