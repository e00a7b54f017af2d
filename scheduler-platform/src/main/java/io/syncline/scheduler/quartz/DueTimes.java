package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be started of the fire times that have come since a schedule was dealt with.
 *
 * @param now those in time, started at once
 * @param paced those of a time in which nobody could fire, started at the pace of catching up; in order
 */
record DueTimes(List<Instant> now, List<Instant> paced) {

    /** Fire times that come later than this were missed. */
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    private static final Duration FIRST_LOOK = Duration.ofHours(1);
    private static final int LOOK_FACTOR = 8;

    static DueTimes of(Schedule schedule, CronTimes times, Instant dealtThrough, Instant now) {
        var missedBefore = now.minus(TOLERANCE);
        var first = times.next(dealtThrough);
        if (first == null || first.isAfter(now)) {
            return new DueTimes(List.of(), List.of());
        }
        if (!first.isBefore(missedBefore)) {
            return new DueTimes(between(times, dealtThrough, now), List.of());
        }
        var late = between(times, missedBefore.minusNanos(1), now);
        return new DueTimes(
                List.of(),
                switch (schedule.misfire()) {
                    case FIRE_ONCE -> newest(times, dealtThrough, now, 1);
                    case SKIP -> late;
                    case CATCH_UP -> newest(times, dealtThrough, now, schedule.maxCatchUp() + late.size());
                });
    }

    /**
     * From which of the fire times that still wait on the policy keeps them; those before are given up.
     *
     * @param waiting in order
     */
    static Instant keptFrom(Schedule schedule, List<Instant> waiting, Instant now) {
        var missedBefore = now.minus(TOLERANCE);
        var late = (int)
                waiting.stream().filter(time -> !time.isBefore(missedBefore)).count();
        int most = switch (schedule.misfire()) {
            case FIRE_ONCE -> 1;
            case SKIP -> late;
            case CATCH_UP -> schedule.maxCatchUp() + late;
        };
        int given = Math.max(0, waiting.size() - most);
        return given < waiting.size() ? waiting.get(given) : missedBefore;
    }

    /** All fire times after {@code after} and not after {@code until}. */
    private static List<Instant> between(CronTimes times, Instant after, Instant until) {
        var found = new ArrayList<Instant>();
        for (var time = times.next(after); time != null && !time.isAfter(until); time = times.next(time)) {
            found.add(time);
        }
        return found;
    }

    /** Looks back in growing steps, so that a long outage of a busy schedule is not counted second by second. */
    private static List<Instant> newest(CronTimes times, Instant after, Instant until, int count) {
        var look = FIRST_LOOK;
        while (true) {
            var from = until.minus(look);
            var all = !from.isAfter(after);
            var found = between(times, all ? after : from, until);
            if (all || found.size() >= count) {
                return List.copyOf(found.subList(Math.max(0, found.size() - count), found.size()));
            }
            look = look.multipliedBy(LOOK_FACTOR);
        }
    }
}
