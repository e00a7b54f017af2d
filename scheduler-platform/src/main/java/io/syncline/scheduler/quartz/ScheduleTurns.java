package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.BusinessCalendar;
import io.syncline.scheduler.catalog.Calendars;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves the schedules on, in database time. What a fire time starts and the fact that it has been dealt with are one
 * transaction, so a fire time is neither lost nor dealt with twice, whoever calls and how often.
 */
@Component
class ScheduleTurns {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleTurns.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final TaskGroups groups;
    private final Calendars calendars;
    private final ScheduleClocks clocks;
    private final ScheduledStarts starts;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final ScheduleProperties properties;

    ScheduleTurns(
            TaskGroups groups,
            Calendars calendars,
            ScheduleClocks clocks,
            ScheduledStarts starts,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            ScheduleProperties properties) {
        this.groups = groups;
        this.calendars = calendars;
        this.clocks = clocks;
        this.starts = starts;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
        this.properties = properties;
    }

    /**
     * What a schedule's turn came to.
     *
     * @param nextAt when it comes next; null: never, as far as is known now
     * @param paced whether missed starts wait
     */
    record Turn(@Nullable Instant nextAt, boolean paced) {

        static final Turn NONE = new Turn(null, false);
    }

    /** Starts what is due of one schedule. */
    Turn turn(String group) {
        try {
            return turn(group, false);
        } catch (ProblemException e) {
            if (!e.type().endsWith("/queue-full")) {
                throw e;
            }
            LOG.info("The schedule of {} waits: {}", group, e.detail());
            return turn(group, true);
        }
    }

    /** @param late whether what has come in time is made up for later, as what was missed */
    private Turn turn(String group, boolean late) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var standing = clocks.lock(group);
            var schedule = schedule(group);
            // A schedule that has just been set or changed begins when schedules are aligned.
            return standing.isEmpty()
                            || clocks.arePaused()
                            || schedule.isEmpty()
                            || !standing.get().spec().equals(ScheduleClock.spec(schedule.get()))
                    ? Turn.NONE
                    : turn(standing.get(), schedule.get(), late);
        }));
    }

    private Turn turn(ScheduleClock standing, Schedule schedule, boolean late) {
        var now = clock.now();
        var times = new CronTimes(schedule, calendar(schedule));
        var due = DueTimes.of(schedule, times, standing.dealtThrough(), now);
        var group = standing.group();
        var behind = late || clocks.hasMissed(group);
        if (behind) {
            // What came in time must not overtake what is still to be made up for.
            clocks.addMissed(group, due.now(), now);
        } else {
            due.now().forEach(time -> starts.start(group, time));
        }
        if (!due.paced().isEmpty()) {
            LOG.info(
                    "Schedule of {} was not fired in time and makes up for {} fire times",
                    group,
                    due.paced().size());
            clocks.addMissed(group, due.paced(), now);
        }
        if (behind) {
            clocks.removeMissed(group, DueTimes.keptFrom(schedule, clocks.missed(group), now));
        }
        var next = times.next(now);
        clocks.update(new ScheduleClock(group, standing.spec(), now, next));
        return new Turn(next, behind || !due.paced().isEmpty());
    }

    /**
     * Makes the clocks what the catalogue and its calendars say; those that are right are only read. What came while nobody
     * looked is not decided here but at the schedule's turn.
     *
     * @param missedSince from when on an earlier release's clock of the group has not fired; it is taken over
     * @return the next fire times by group
     */
    Map<String, Instant> align(Map<String, Instant> missedSince) {
        var stored = new HashMap<>(clocks.all());
        var read = new HashMap<String, Optional<BusinessCalendar>>();
        var next = new HashMap<String, Instant>();
        for (var group : groups.all()) {
            var schedule = group.schedule();
            if (schedule == null) {
                continue;
            }
            var standing = stored.remove(group.key());
            try {
                var calendar = schedule.calendar() == null
                        ? null
                        : read.computeIfAbsent(schedule.calendar(), calendars::current)
                                .orElse(null);
                var nextAt = isRight(standing, schedule, calendar)
                        ? Objects.requireNonNull(standing).nextAt()
                        : alignOne(group.key(), missedSince.get(group.key())).orElse(null);
                if (nextAt != null) {
                    next.put(group.key(), nextAt);
                }
            } catch (RuntimeException e) {
                // One schedule's trouble keeps no other from being aligned.
                LOG.warn("The schedule of group {} could not be aligned; tried again", group.key(), e);
            }
        }
        for (var gone : stored.keySet()) {
            transaction.executeWithoutResult(status -> {
                if (clocks.lock(gone).isPresent() && schedule(gone).isEmpty()) {
                    clocks.remove(gone);
                    LOG.info("Schedule of group {} removed", gone);
                }
            });
        }
        return next;
    }

    private static boolean isRight(
            @Nullable ScheduleClock standing, Schedule schedule, @Nullable BusinessCalendar calendar) {
        return standing != null
                && standing.spec().equals(ScheduleClock.spec(schedule))
                && Objects.equals(standing.nextAt(), new CronTimes(schedule, calendar).next(standing.dealtThrough()));
    }

    private Optional<Instant> alignOne(String group, @Nullable Instant missedSince) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var standing = clocks.lock(group);
            var schedule = schedule(group).orElse(null);
            if (schedule == null) {
                return Optional.<Instant>empty();
            }
            var spec = ScheduleClock.spec(schedule);
            var now = clock.now();
            Instant from;
            if (standing.isPresent()) {
                from = standing.get().spec().equals(spec) ? standing.get().dealtThrough() : now;
            } else {
                from = missedSince != null && missedSince.isBefore(now) ? missedSince.minusMillis(1) : now;
            }
            var next = new CronTimes(schedule, calendar(schedule)).next(from);
            var aligned = new ScheduleClock(group, spec, from, next);
            if (standing.isPresent()) {
                clocks.update(aligned);
            } else {
                clocks.insert(aligned);
            }
            LOG.info("Schedule of group {} is {}; next fire time {}", group, spec, next);
            return Optional.ofNullable(next);
        }));
    }

    Instant now() {
        return clock.now();
    }

    boolean anyMissed() {
        return clocks.anyMissed();
    }

    boolean arePaused() {
        return clocks.arePaused();
    }

    /**
     * Starts one batch of what was missed, at most one in a second over the whole cluster.
     *
     * @return whether more may wait
     */
    boolean catchUp() {
        if (!clocks.anyMissed() || clocks.arePaused()) {
            return false;
        }
        var now = Objects.requireNonNull(transaction.execute(status -> clock.now()));
        if (!Boolean.TRUE.equals(transaction.execute(status -> clocks.mayGo(now, PACE)))) {
            return true;
        }
        var failed = new HashSet<String>();
        for (var missed : clocks.missed(now, properties.catchUpPerSecond())) {
            if (!failed.contains(missed.group()) && !made(missed, now)) {
                failed.add(missed.group());
            }
        }
        return true;
    }

    private boolean made(ScheduleClocks.MissedStart missed, Instant now) {
        try {
            transaction.executeWithoutResult(status -> {
                if (clocks.take(missed)) {
                    starts.start(missed.group(), missed.fireAt());
                }
            });
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    "The missed start of {} for {} is tried again: {}",
                    missed.group(),
                    missed.fireAt(),
                    e.getMessage());
            transaction.executeWithoutResult(status -> clocks.postponeMissed(missed.group(), now.plus(AGAIN)));
            return false;
        }
    }

    private Optional<Schedule> schedule(String group) {
        return groups.current(group).map(current -> current.schedule());
    }

    private @Nullable BusinessCalendar calendar(Schedule schedule) {
        return schedule.calendar() == null
                ? null
                : calendars.current(schedule.calendar()).orElse(null);
    }
}
