package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.StoredVersion;
import java.time.Instant;
import java.util.List;

/** A calendar in a list. */
record CalendarListItem(
        String key, int version, List<String> labels, int holidays, Instant changedAt, String changedBy) {

    static CalendarListItem of(StoredVersion stored, BusinessCalendar calendar) {
        return new CalendarListItem(
                calendar.key(),
                calendar.version(),
                calendar.labels(),
                calendar.holidays().size() + calendar.yearly().size(),
                stored.createdAt(),
                stored.createdBy());
    }
}
