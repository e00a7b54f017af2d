package io.syncline.scheduler.catalog;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * When time itself starts a group: a Quartz cron expression read in a zone.
 *
 * @param calendar key of the calendar on whose days nothing fires; null: every day counts
 * @param maxCatchUp how many missed fire times {@link Misfire#CATCH_UP} makes up for at most, the newest ones
 */
public record Schedule(String cron, ZoneId zone, @Nullable String calendar, Misfire misfire, int maxCatchUp) {

    public static final int DEFAULT_CATCH_UP = 10;

    public Schedule(String cron, ZoneId zone, Misfire misfire) {
        this(cron, zone, null, misfire, DEFAULT_CATCH_UP);
    }
}
