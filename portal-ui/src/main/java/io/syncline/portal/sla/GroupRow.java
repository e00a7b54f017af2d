package io.syncline.portal.sla;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.sla.SlaAnswer.Freshness;
import io.syncline.portal.sla.SlaAnswer.GroupLine;
import io.syncline.portal.sla.SlaAnswer.Totals;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * How a group has done, in words.
 *
 * @param onTime null: no run has completed or failed
 * @param width of the bar that shows the same, of 100
 * @param runs how many were counted, and whether there are more
 * @param target null: nobody asks for a success so often
 */
record GroupRow(
        String group,
        @Nullable String onTime,
        int width,
        String runs,
        int late,
        int failed,
        int leftOut,
        int open,
        String p50,
        String p95,
        @Nullable Moment lastSuccess,
        @Nullable String target,
        boolean overTarget) {

    static GroupRow of(GroupLine line, Moments moments) {
        return of(line.group(), line.freshness(), line.totals(), moments);
    }

    static GroupRow of(String group, Freshness freshness, Totals totals, Moments moments) {
        long judged = (long) totals.onTime() + totals.late() + totals.failed();
        return new GroupRow(
                group,
                Share.percent(totals.onTime(), judged),
                judged == 0 ? 0 : (int) (totals.onTime() * 100L / judged),
                (totals.runs().isAll() ? "" : "newest ")
                        + Numbers.grouped(totals.runs().value()),
                totals.late(),
                totals.failed(),
                totals.leftOut(),
                totals.open(),
                span(totals.p50Millis()),
                span(totals.p95Millis()),
                moments.orNull(freshness.lastSuccessAt()),
                target(freshness.target()),
                freshness.overTarget());
    }

    static String span(@Nullable Long millis) {
        return millis == null ? "-" : Moments.span(Instant.EPOCH, Instant.EPOCH.plusMillis(millis));
    }

    private static @Nullable String target(@Nullable String text) {
        var duration = duration(text);
        return duration == null ? text : span(duration.toMillis());
    }

    /** Null: there is none, or it is none. */
    static @Nullable Duration duration(@Nullable String text) {
        try {
            return text == null ? null : Duration.parse(text);
        } catch (DateTimeParseException other) {
            return null;
        }
    }
}
