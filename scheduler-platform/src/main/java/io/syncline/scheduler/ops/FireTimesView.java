package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.catalog.UpcomingFireTimes;
import io.syncline.scheduler.security.ProblemException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a group's schedule fires next.
 *
 * @param group null: the schedule is that of none yet
 * @param zone null: the group has no schedule, and no items
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record FireTimesView(
        @Nullable String group,
        @Nullable String zone,
        @Nullable String calendar,
        List<Item> items) {

    /** @param local the same moment in the schedule's zone, with its offset */
    record Item(Instant at, String local) {}

    private static final int MOST = 100;

    static FireTimesView of(UpcomingFireTimes upcoming) {
        var schedule = upcoming.schedule();
        if (schedule == null) {
            return new FireTimesView(upcoming.group(), null, null, List.of());
        }
        return new FireTimesView(
                upcoming.group(),
                schedule.zone().getId(),
                schedule.calendar(),
                upcoming.times().stream()
                        .map(at -> new Item(at, local(at, schedule.zone())))
                        .toList());
    }

    private static String local(Instant at, ZoneId zone) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone).toOffsetDateTime());
    }

    /** Five unless asked otherwise. @throws ProblemException 400 */
    static int count(@Nullable String text) {
        if (text == null) {
            return 5;
        }
        try {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MOST) {
                return count;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter 'count'.")
                .parameterError("count", "is a number from 1 to " + MOST, "invalid-value");
    }
}
