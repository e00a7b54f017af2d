package io.syncline.scheduler.catalog;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Reads cron expressions; implemented by the room that owns the clock. */
public interface FireTimes {

    /**
     * The next fire times strictly after {@code after}, at most {@code count}, fewer when the expression ends.
     *
     * @throws IllegalArgumentException when the expression cannot be read; the message says why
     */
    List<Instant> next(String cron, ZoneId zone, Instant after, int count);
}
