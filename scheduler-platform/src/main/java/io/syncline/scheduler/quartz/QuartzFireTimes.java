package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.FireTimes;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;
import org.springframework.stereotype.Component;

@Component
class QuartzFireTimes implements FireTimes {

    @Override
    public List<Instant> next(String cron, ZoneId zone, Instant after, int count) {
        var expression = read(cron, zone);
        var times = new ArrayList<Instant>();
        var time = Date.from(after);
        while (times.size() < count) {
            time = expression.getNextValidTimeAfter(time);
            if (time == null) {
                break;
            }
            times.add(time.toInstant());
        }
        return times;
    }

    /**
     * The last fire time after {@code after} and not after {@code until}: what a firing stands for that comes late or in
     * place of several missed ones.
     */
    static Instant lastUntil(String cron, ZoneId zone, Instant after, Instant until) {
        var expression = read(cron, zone);
        var last = until;
        var time = expression.getNextValidTimeAfter(Date.from(after));
        while (time != null && !time.toInstant().isAfter(until)) {
            last = time.toInstant();
            time = expression.getNextValidTimeAfter(time);
        }
        return last;
    }

    /** The parser's words, unless they speak of its own code. */
    private static String finding(@Nullable String words) {
        return words == null || words.contains("Exception")
                ? "it is no cron expression"
                : "it is no cron expression: " + words;
    }

    private static CronExpression read(String cron, ZoneId zone) {
        try {
            var expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            return expression;
        } catch (ParseException e) {
            throw new IllegalArgumentException(finding(e.getMessage()), e);
        }
    }
}
