package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.ExpectBy;
import io.syncline.scheduler.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Deadlines of drawn days beside those that somebody notes who looks at the clock on the wall, minute by minute. */
class ExpectedByPropertiesTest {

    private static final List<String> ZONES = List.of(
            "Europe/Warsaw",
            "America/New_York",
            // its clocks go from 23:00 to the next day
            "America/Nuuk",
            "America/Havana",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "Pacific/Chatham",
            "Africa/Casablanca",
            "UTC");

    private static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");

    private static ExpectBy expectBy(Random random) {
        var zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
        var hour = random.nextBoolean()
                ? random.nextInt(24)
                : List.of(0, 1, 2, 3, 23).get(random.nextInt(5));
        return new ExpectBy(LocalTime.of(hour, random.nextInt(60)), zone);
    }

    /** Mostly about a change of the clocks in two years with a 29 February. */
    private static Instant near(Random random, ZoneId zone) {
        var from = BEGIN.plusSeconds(random.nextInt(2 * 365 * 24 * 3600));
        var change = zone.getRules().nextTransition(from);
        return change == null || random.nextInt(4) == 0
                ? from
                : change.getInstant().plusSeconds(random.nextInt(96 * 3600) - 48 * 3600);
    }

    /** For each day, the first minute at which the date and time on the wall have come to its time or gone past it. */
    private static NavigableSet<Instant> noted(ExpectBy expectBy, Instant from, Instant until) {
        var found = new TreeMap<LocalDate, Instant>();
        var begin = Instant.ofEpochSecond(from.getEpochSecond() / 60 * 60);
        var day = LocalDateTime.ofInstant(begin, expectBy.zone()).toLocalDate().plusDays(1);
        for (var minute = begin; !minute.isAfter(until); minute = minute.plusSeconds(60)) {
            var wall = LocalDateTime.ofInstant(minute, expectBy.zone());
            while (!wall.isBefore(day.atTime(expectBy.time()))) {
                found.put(day, minute);
                day = day.plusDays(1);
            }
        }
        return new TreeSet<>(found.values());
    }

    @Test
    void eachDeadlineIsTheOneThatSomebodyNotesMinuteByMinute() {
        Seeds.each(400, random -> {
            var expectBy = expectBy(random);
            var at = near(random, expectBy.zone());
            var noted = noted(expectBy, at.minus(Duration.ofDays(4)), at.plus(Duration.ofDays(3)));
            var deadline = Objects.requireNonNull(noted.higher(at));

            assertThat(Watch.nextDeadline(expectBy, at))
                    .as("%s after %s", expectBy, at)
                    .isEqualTo(deadline);
            assertThat(Watch.previousDeadline(expectBy, at))
                    .as("%s before %s", expectBy, at)
                    .isEqualTo(noted.lower(at));
            assertThat(Watch.nextDeadline(expectBy, deadline.minusNanos(1))).isEqualTo(deadline);
            assertThat(Watch.nextDeadline(expectBy, deadline)).isEqualTo(noted.higher(deadline));
            assertThat(Watch.previousDeadline(expectBy, deadline)).isEqualTo(noted.lower(deadline));
            assertThat(Watch.previousDeadline(expectBy, deadline.plusNanos(1))).isEqualTo(deadline);
        });
    }

    @Test
    void aTriggerIsMissedFromTheLastDeadlineThatNoneCameBefore() {
        Seeds.each(200, random -> {
            var expectBy = expectBy(random);
            var begin = near(random, expectBy.zone());
            var end = begin.plus(Duration.ofDays(8));
            var noted = noted(expectBy, begin.minus(Duration.ofDays(4)), end.plus(Duration.ofDays(4)));
            var triggers = new TreeSet<Instant>();
            for (var at = begin; at.isBefore(end); at = at.plusSeconds(1 + random.nextInt(50 * 3600))) {
                triggers.add(at.plusMillis(1));
            }
            var watch = Watch.expecting("daily", expectBy, begin);
            assertThat(watch.nextCheckAt()).isEqualTo(noted.higher(begin));

            for (var now = watch.nextCheckAt();
                    now.isBefore(end);
                    now = nextLook(random, watch, noted, triggers, now)) {
                var expected = Objects.requireNonNull(noted.floor(now));
                var inTime = came(triggers, Objects.requireNonNull(noted.lower(expected)), now);

                watch = watch.lookAtTrigger(
                        came(triggers, Objects.requireNonNull(noted.lower(watch.deadline())), now), expectBy, now);

                assertThat(watch.standingSince())
                        .as("%s at %s, triggers %s", expectBy, now, triggers)
                        .isEqualTo(inTime ? null : expected);
                assertThat(watch.nextCheckAt()).isEqualTo(inTime ? noted.higher(now) : now.plus(Watch.WHILE_STANDING));
            }
        });
    }

    private static boolean came(NavigableSet<Instant> triggers, Instant after, Instant until) {
        return !triggers.subSet(after, false, until, true).isEmpty();
    }

    /** When it is due; of the many looks while something stands, those that are first after something has happened. */
    private static Instant nextLook(
            Random random, Watch watch, NavigableSet<Instant> noted, NavigableSet<Instant> triggers, Instant now) {
        if (watch.standingSince() == null) {
            return watch.nextCheckAt();
        }
        var next = now.plusSeconds(10 + random.nextInt(6 * 3600));
        for (var happens : new Instant[] {noted.higher(now), triggers.higher(now)}) {
            next = happens != null && happens.isBefore(next) ? happens : next;
        }
        return next.isBefore(watch.nextCheckAt()) ? watch.nextCheckAt() : next;
    }

    @Test
    void aGroupIsStaleForAsManySecondsAsItsLastSuccessIsTooOld() {
        Seeds.each(200, random -> {
            var freshness = Duration.ofSeconds(60 + random.nextInt(600));
            var begun = BEGIN.plusSeconds(random.nextInt(1_000_000));
            var watch = Watch.fresh("daily", freshness, begun);
            var successes = new ArrayList<Instant>();
            // 0 at the beginning, which counts as a success, and one more with each second
            long age = 0;

            for (int second = 1; second <= 3600; second++) {
                var now = begun.plusSeconds(second);
                age++;
                if (random.nextInt((int) freshness.toSeconds()) == 0) {
                    successes.add(now);
                    age = 0;
                }
                if (watch.nextCheckAt().isAfter(now)) {
                    continue;
                }
                var last = successes.isEmpty() ? null : successes.get(successes.size() - 1);
                watch = watch.lookAtSuccess(last, freshness, now);

                var late = age - freshness.toSeconds();
                assertThat(watch.standingSince())
                        .as("%s, %d s after the last success", freshness, age)
                        .isEqualTo(late >= 0 ? now.minusSeconds(late) : null);
                assertThat(watch.nextCheckAt())
                        .isEqualTo(late >= 0 ? now.plus(Watch.WHILE_STANDING) : now.minusSeconds(late));
            }
        });
    }
}
