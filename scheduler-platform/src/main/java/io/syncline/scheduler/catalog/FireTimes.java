package io.syncline.scheduler.catalog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads schedules; implemented by the room that owns the clock. */
public interface FireTimes {

    /**
     * The next fire times strictly after {@code after}, at most {@code count}, fewer when the schedule ends or its calendar
     * leaves no day.
     *
     * @param calendar the one that the schedule names; null: every day counts
     * @throws IllegalArgumentException when the expression cannot be read; the message says why
     */
    List<Instant> next(Schedule schedule, @Nullable BusinessCalendar calendar, Instant after, int count);
}
