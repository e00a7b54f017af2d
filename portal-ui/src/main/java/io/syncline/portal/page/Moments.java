package io.syncline.portal.page;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Times of one page: all of them in the zone that its reader chose, and told from one now.
 *
 * @param now when the page was made
 */
public record Moments(ZoneId zone, Instant now) {

    private static final DateTimeFormatter TO_THE_SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter TO_THE_MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    public Moment of(Instant at) {
        // HTML's times have three digits of a second at most.
        var iso = at.truncatedTo(ChronoUnit.MILLIS).toString();
        return new Moment(iso, TO_THE_SECOND.format(at.atZone(zone)), ago(Duration.between(at, now)));
    }

    public @Nullable Moment orNull(@Nullable Instant at) {
        return at == null ? null : of(at);
    }

    public Moment asOf() {
        return of(now);
    }

    /** As it stands beside times and in labels of date inputs: {@code UTC} or {@code Europe/Berlin}. */
    public String zoneName() {
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    /** For a date input of the page. */
    public String typed(@Nullable Instant at) {
        return at == null ? "" : TO_THE_MINUTE.format(at.atZone(zone));
    }

    /**
     * What somebody typed, as the platform takes it: a time with its offset stays, one without is of the reader's zone.
     * Anything else stays as it is, for the platform to refuse by name.
     */
    public @Nullable String toApi(@Nullable String typed) {
        if (typed == null || typed.isBlank()) {
            return null;
        }
        var text = typed.strip().replace(' ', 'T');
        try {
            return LocalDateTime.parse(text.length() == 10 ? text + "T00:00" : text)
                    .atZone(zone)
                    .toInstant()
                    .toString();
        } catch (DateTimeParseException withOffsetOrWrong) {
            return typed.strip();
        }
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
    public static String span(@Nullable Instant from, @Nullable Instant to) {
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
