package io.syncline.portal.runs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as the pages show it, in UTC.
 *
 * @param iso complete, for machines and for the pointer
 * @param text to the second
 * @param ago how long before the page was made, in one unit
 */
record Moment(String iso, String text, String ago) {

    private static final DateTimeFormatter TO_THE_SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    static Moment of(Instant at, Instant now) {
        return new Moment(at.toString(), TO_THE_SECOND.format(at), ago(Duration.between(at, now)));
    }

    static @Nullable Moment orNull(@Nullable Instant at, Instant now) {
        return at == null ? null : of(at, now);
    }

    private static String ago(Duration past) {
        if (past.isNegative()) {
            return "in " + oneUnit(past.negated());
        }
        return past.toSeconds() < 1 ? "now" : oneUnit(past) + " ago";
    }

    private static String oneUnit(Duration span) {
        if (span.toDays() > 0) {
            return span.toDays() + " d";
        }
        if (span.toHours() > 0) {
            return span.toHours() + " h";
        }
        return span.toMinutes() > 0 ? span.toMinutes() + " min" : span.toSeconds() + " s";
    }

    /** How long something took, in two units at most; "-" as long as it has not begun. */
    static String span(@Nullable Instant from, @Nullable Instant to) {
        if (from == null || to == null || to.isBefore(from)) {
            return "-";
        }
        var span = Duration.between(from, to);
        if (span.toDays() > 0) {
            return "%d d %d h".formatted(span.toDays(), span.toHoursPart());
        }
        if (span.toHours() > 0) {
            return "%d h %d min".formatted(span.toHours(), span.toMinutesPart());
        }
        if (span.toMinutes() > 0) {
            return "%d min %d s".formatted(span.toMinutes(), span.toSecondsPart());
        }
        return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1000.0);
    }
}
