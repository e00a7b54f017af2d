package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * From when to when runs are looked at; a run belongs to when it was made.
 *
 * @param to exclusive, now at most
 * @param zone whose days are told apart
 */
record SlaRange(Instant from, Instant to, ZoneId zone) {

    private static final Duration USUAL = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(92);
    private static final double LEAST_OBJECTIVE = 50;

    /** @throws ProblemException 400 naming every parameter that is wrong */
    static SlaRange of(@Nullable String from, @Nullable String to, @Nullable String zone, Instant now) {
        var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameters that the errors name.");
        var end = to == null ? now : instant("to", to, problem);
        var begin = from == null ? null : instant("from", from, problem);
        var days = zone(zone, problem);
        if (problem.hasErrors() || end == null) {
            throw problem;
        }
        var until = end.isAfter(now) ? now : end;
        var since = begin == null ? until.minus(USUAL) : begin;
        if (!since.isBefore(until)) {
            throw problem.parameterError("from", "is before 'to', and has passed", "invalid-value");
        }
        if (Duration.between(since, until).compareTo(LONGEST) > 0) {
            throw problem.parameterError(
                    "from", "is at most " + LONGEST.toDays() + " days before 'to'", "invalid-value");
        }
        return new SlaRange(since, until, days);
    }

    /**
     * The part of the runs that is to be on time.
     *
     * @return percent
     * @throws ProblemException 400 when it is none
     */
    static double objective(@Nullable String text) {
        if (text == null) {
            return Slas.USUAL_OBJECTIVE;
        }
        if (text.matches("\\d{2}(\\.\\d{1,3})?")) {
            var percent = Double.parseDouble(text);
            if (percent >= LEAST_OBJECTIVE) {
                return percent;
            }
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameters that the errors name.")
                .parameterError("objective", "is a percentage from 50 to 99.999, such as 99.5", "invalid-value");
    }

    /** The same, from another moment on. */
    SlaRange since(Instant later) {
        return new SlaRange(later, to, zone);
    }

    LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, zone);
    }

    Instant begin(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    private static @Nullable Instant instant(String name, String text, ProblemException problem) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            problem.parameterError(name, "is a time such as 2026-11-20T02:30:00Z", "invalid-value");
            return null;
        }
    }

    private static ZoneId zone(@Nullable String name, ProblemException problem) {
        if (name == null || name.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            problem.parameterError("zone", "is a name of the tz database, such as Europe/Warsaw", "invalid-value");
            return ZoneOffset.UTC;
        }
    }
}
