package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.Schedule;
import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Date;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/**
 * The fire times of one schedule. The expression is read in local time without a zone; what becomes of local times that a
 * change of the clocks skips or repeats is decided here:
 *
 * <ul>
 *   <li>An expression for certain hours names times of day, each of which comes once a day: a time that is skipped fires at
 *       the first moment after the gap, once for all that were skipped; a time that is repeated fires the first time only.
 *   <li>An expression for every hour goes on at its pace: each moment whose local time matches fires, a repeated hour both
 *       times, and nothing makes up for times that do not exist.
 * </ul>
 *
 * Days that the calendar excludes are left out, by the local date of the moment of firing.
 */
final class CronTimes {

    /** Of hours that lie on excluded days; more than a leap day in eight years would need. */
    private static final int MOST_EXCLUDED_DAYS = 5_000;

    private static final int MOST_TRANSITIONS = 1_000;
    private static final int HOURS = 24;

    private final CronExpression expression;
    private final boolean everyHour;
    private final ZoneId zone;
    private final ZoneRules rules;
    private final @Nullable BusinessCalendar calendar;
    private final ZoneId calendarZone;

    /** @throws IllegalArgumentException when the expression cannot be read; the message says why */
    CronTimes(Schedule schedule, @Nullable BusinessCalendar calendar) {
        this.expression = read(schedule.cron());
        this.everyHour = namesEveryHour(expression);
        this.zone = schedule.zone();
        this.rules = zone.getRules();
        this.calendar = calendar;
        var ofCalendar = calendar == null ? null : calendar.zone();
        this.calendarZone = ofCalendar == null ? zone : ofCalendar;
    }

    /** The first fire time strictly after; null when there is none any more. */
    @Nullable
    Instant next(Instant after) {
        var time = nextOfAnyDay(after);
        for (int days = 0; time != null && days < MOST_EXCLUDED_DAYS; days++) {
            var endOfDay = endOfExcludedDay(time);
            if (endOfDay == null) {
                return time;
            }
            time = nextOfAnyDay(endOfDay.minusNanos(1));
        }
        return null;
    }

    private @Nullable Instant endOfExcludedDay(Instant time) {
        if (calendar == null) {
            return null;
        }
        var day = time.atZone(calendarZone).toLocalDate();
        return calendar.excludes(day)
                ? day.plusDays(1).atTime(LocalTime.MIN).atZone(calendarZone).toInstant()
                : null;
    }

    private @Nullable Instant nextOfAnyDay(Instant after) {
        return everyHour ? nextMoment(after) : nextTimeOfDay(after);
    }

    private @Nullable Instant nextTimeOfDay(Instant after) {
        var local = LocalDateTime.ofInstant(after, rules.getOffset(after));
        while (true) {
            local = nextLocal(local);
            if (local == null) {
                return null;
            }
            var moment = firstMoment(local);
            if (moment.isAfter(after)) {
                return moment;
            }
        }
    }

    /** When the local time comes first; if it is skipped, when the clocks have been changed. */
    private Instant firstMoment(LocalDateTime local) {
        var transition = rules.getTransition(local);
        if (transition == null) {
            return local.toInstant(rules.getOffset(local));
        }
        return transition.isGap() ? transition.getInstant() : local.toInstant(transition.getOffsetBefore());
    }

    private @Nullable Instant nextMoment(Instant after) {
        var from = after;
        for (int transitions = 0; transitions < MOST_TRANSITIONS; transitions++) {
            var offset = rules.getOffset(from);
            var local = nextLocal(LocalDateTime.ofInstant(from, offset));
            if (local == null) {
                return null;
            }
            var moment = local.toInstant(offset);
            var change = rules.nextTransition(from);
            if (change == null || moment.isBefore(change.getInstant())) {
                return moment;
            }
            // The same question under the new offset, the moment of the change itself included.
            var begin = change.getDateTimeAfter();
            var first = nextLocal(begin.minusNanos(1));
            if (first == null) {
                return null;
            }
            if (first.equals(begin)) {
                return change.getInstant();
            }
            from = change.getInstant();
        }
        return null;
    }

    /** The first matching local time strictly after. */
    private @Nullable LocalDateTime nextLocal(LocalDateTime after) {
        var next = expression.getNextValidTimeAfter(Date.from(after.toInstant(ZoneOffset.UTC)));
        return next == null ? null : LocalDateTime.ofInstant(next.toInstant(), ZoneOffset.UTC);
    }

    private static boolean namesEveryHour(CronExpression expression) {
        var hours = expression
                .getExpressionSummary()
                .lines()
                .filter(line -> line.startsWith("hours:"))
                .map(line -> line.substring("hours:".length()).strip())
                .findFirst()
                .orElse("*");
        return hours.contains("*") || hours.split(",").length == HOURS;
    }

    private static CronExpression read(String cron) {
        try {
            var expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC));
            return expression;
        } catch (ParseException e) {
            throw new IllegalArgumentException(finding(e.getMessage()), e);
        }
    }

    /** The parser's words, unless they speak of its own code. */
    private static String finding(@Nullable String words) {
        return words == null || words.contains("Exception")
                ? "it is no cron expression"
                : "it is no cron expression: " + words;
    }
}
