package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Fire times of drawn expressions beside those that somebody counts who looks at a calendar and a clock, minute by minute. */
class CronTimesPropertiesTest {

    private static final List<String> ZONES = List.of(
            "Europe/Warsaw",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "America/Sao_Paulo",
            "Pacific/Chatham",
            "Africa/Casablanca",
            "UTC");

    private static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");

    /** Minutes and hours at which something fires; all hours: no hour is named. */
    private record Drawn(
            Set<Integer> minutes,
            Set<Integer> hours,
            ZoneId zone,
            @Nullable BusinessCalendar calendar) {

        static Drawn of(Random random) {
            var zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            var everyHour = random.nextInt(3) == 0;
            return new Drawn(
                    some(random, 60, 3),
                    everyHour ? Set.of() : some(random, random.nextBoolean() ? 4 : 24, 3),
                    zone,
                    random.nextInt(4) == 0 ? calendar(random) : null);
        }

        private static Set<Integer> some(Random random, int below, int most) {
            return IntStream.rangeClosed(0, random.nextInt(most))
                    .mapToObj(i -> random.nextInt(below))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private static BusinessCalendar calendar(Random random) {
            var excluded = new TreeSet<LocalDate>();
            for (int day = 0; day < 2 * 365; day += 1 + random.nextInt(4)) {
                excluded.add(LocalDate.parse("2027-01-01").plusDays(day));
            }
            return new BusinessCalendar("holidays", 1, List.of(), null, excluded, Set.of(), Set.of());
        }

        CronTimes times() {
            var hoursField = hours.isEmpty() ? "*" : text(hours);
            return new CronTimes(
                    new Schedule("0 " + text(minutes) + " " + hoursField + " * * ?", zone, Misfire.SKIP), calendar);
        }

        private static String text(Set<Integer> numbers) {
            return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        private boolean matches(LocalDateTime local) {
            return minutes.contains(local.getMinute()) && (hours.isEmpty() || hours.contains(local.getHour()));
        }

        /** The fire times in a span, each minute looked at. */
        List<Instant> counted(Instant after, Instant until) {
            var found = new TreeSet<Instant>();
            // what a gap holds fires at its end, so the look begins early enough to see the gap
            for (var at = after.minus(Duration.ofHours(3)); !at.isAfter(until); at = at.plusSeconds(60)) {
                var local = LocalDateTime.ofInstant(at, zone);
                if (matches(local) && (hours.isEmpty() || isFirstOf(at, local))) {
                    found.add(at);
                }
                if (!hours.isEmpty() && anySkippedBefore(at)) {
                    found.add(at);
                }
            }
            return found.stream()
                    .filter(at -> at.isAfter(after) && !at.isAfter(until))
                    .filter(at -> calendar == null
                            || !calendar.excludes(at.atZone(zone).toLocalDate()))
                    .toList();
        }

        private boolean isFirstOf(Instant at, LocalDateTime local) {
            return local.atZone(zone).withEarlierOffsetAtOverlap().toInstant().equals(at);
        }

        /** Whether the clocks have just been put forward over a time that was meant. */
        private boolean anySkippedBefore(Instant at) {
            var change = zone.getRules().nextTransition(at.minusNanos(1));
            if (change == null || !change.isGap() || !change.getInstant().equals(at)) {
                return false;
            }
            for (var local = change.getDateTimeBefore();
                    local.isBefore(change.getDateTimeAfter());
                    local = local.plusMinutes(1)) {
                if (matches(local)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Mostly shortly before a change of the clocks in two years with a 29 February. */
    private static Instant near(Random random, ZoneId zone) {
        var from = BEGIN.plus(Duration.ofMinutes(random.nextInt(2 * 365 * 24 * 60)));
        var change = zone.getRules().nextTransition(from);
        return change == null || random.nextInt(4) == 0
                ? from
                : change.getInstant().minus(Duration.ofMinutes(random.nextInt(36 * 60)));
    }

    private static List<Instant> fired(CronTimes times, Instant after, Instant until) {
        var found = new ArrayList<Instant>();
        for (var time = times.next(after); time != null && !time.isAfter(until); time = times.next(time)) {
            found.add(time);
        }
        return found;
    }

    @Test
    void theyAreThoseThatSomebodyCountsMinuteByMinute() {
        Seeds.each(400, random -> {
            var drawn = Drawn.of(random);
            var after = near(random, drawn.zone());
            var until = after.plus(Duration.ofHours(50));

            assertThat(fired(drawn.times(), after, until)).as("%s", drawn).isEqualTo(drawn.counted(after, until));
        });
    }

    @Test
    void theNextFireTimeIsLaterAndTheSameFromAnyMomentBeforeIt() {
        Seeds.each(1_000, random -> {
            var drawn = Drawn.of(random);
            var times = drawn.times();
            var after = near(random, drawn.zone());
            var next = times.next(after);
            var between = after.plusMillis(
                    (long) (random.nextDouble() * Duration.between(after, next).toMillis()));

            assertThat(next).isAfter(after);
            assertThat(times.next(between)).as("%s from %s", drawn, between).isEqualTo(next);
        });
    }

    @Test
    void whatIsDueIsThePolicysShareOfAllThatCame() {
        Seeds.each(600, random -> {
            var drawn = Drawn.of(random);
            var misfire = Misfire.values()[random.nextInt(Misfire.values().length)];
            var most = 1 + random.nextInt(5);
            var schedule = new Schedule("0 0 0 * * ?", drawn.zone(), null, misfire, most);
            var dealtThrough = near(random, drawn.zone());
            var now = dealtThrough.plusSeconds(random.nextInt(3 * 24 * 3600));
            var all = fired(drawn.times(), dealtThrough, now);

            var due = DueTimes.of(schedule, drawn.times(), dealtThrough, now);

            var late = all.stream()
                    .filter(time -> time.isBefore(now.minus(DueTimes.TOLERANCE)))
                    .count();
            if (late == 0) {
                assertThat(due.now()).isEqualTo(all);
                assertThat(due.paced()).isEmpty();
                return;
            }
            var inTime = all.size() - (int) late;
            int kept = switch (misfire) {
                case SKIP -> inTime;
                case FIRE_ONCE -> 1;
                case CATCH_UP -> Math.min(all.size(), most + inTime);
            };
            assertThat(due.now()).isEmpty();
            assertThat(due.paced()).as("%s of %s", misfire, all).isEqualTo(all.subList(all.size() - kept, all.size()));
        });
    }
}
