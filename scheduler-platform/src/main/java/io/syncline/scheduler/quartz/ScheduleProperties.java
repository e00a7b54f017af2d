package io.syncline.scheduler.quartz;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How schedules catch up after a time in which nobody could fire them.
 *
 * @param catchUpPerSecond missed starts that are made up for in a second, over all schedules and nodes; 1 to 1000
 */
@ConfigurationProperties("syncline.schedules")
record ScheduleProperties(@DefaultValue("20") int catchUpPerSecond) {

    ScheduleProperties {
        if (catchUpPerSecond < 1 || catchUpPerSecond > 1000) {
            throw new IllegalArgumentException(
                    "syncline.schedules.catch-up-per-second is from 1 to 1000, not " + catchUpPerSecond);
        }
    }
}
