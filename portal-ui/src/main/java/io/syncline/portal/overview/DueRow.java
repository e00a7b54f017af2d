package io.syncline.portal.overview;

import io.syncline.portal.overview.OverviewAnswer.Due;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A start to come.
 *
 * @param local the same moment as the schedule says it, with its zone; null: the reader's zone is the schedule's
 * @param paused why nothing will come of it
 */
record DueRow(
        String group,
        Moment at,
        @Nullable String local,
        @Nullable String paused) {

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    static DueRow of(Due due, Moments moments) {
        var pause = due.paused();
        return new DueRow(
                due.group(),
                moments.of(due.at()),
                local(due.at(), due.zone(), moments),
                pause == null
                        ? null
                        : "PAUSED by " + pause.by() + " since "
                                + moments.of(pause.since()).text());
    }

    private static @Nullable String local(Instant at, @Nullable String zone, Moments moments) {
        if (zone == null || zone.equals(moments.zoneName())) {
            return null;
        }
        try {
            return HOUR.format(at.atZone(ZoneId.of(zone))) + " " + zone;
        } catch (DateTimeException unknownHere) {
            return zone;
        }
    }
}
