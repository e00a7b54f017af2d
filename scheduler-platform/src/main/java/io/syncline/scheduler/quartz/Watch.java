package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.ExpectBy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Something that a group is expected to do, and how that stands.
 *
 * @param spec what is expected; another one begins anew
 * @param begunAt since when it is expected
 * @param nextCheckAt when it is looked at again
 * @param standingSince since when it has not been done; null: all is well
 */
record Watch(
        String group,
        AlertCondition condition,
        String spec,
        Instant begunAt,
        Instant nextCheckAt,
        @Nullable Instant standingSince) {

    /** How soon it is seen that what stands has passed. */
    static final Duration WHILE_STANDING = Duration.ofSeconds(10);

    /** How soon a group that is paused now is looked at again. */
    static final Duration WHILE_PAUSED = Duration.ofSeconds(30);

    static Watch expecting(String group, ExpectBy expectBy, Instant now) {
        return new Watch(
                group, AlertCondition.EXPECTED_TRIGGER_MISSING, spec(expectBy), now, nextDeadline(expectBy, now), null);
    }

    static Watch fresh(String group, Duration freshness, Instant begunAt) {
        return new Watch(group, AlertCondition.FRESHNESS, freshness.toString(), begunAt, begunAt.plus(freshness), null);
    }

    static String spec(ExpectBy expectBy) {
        return expectBy.time() + " " + expectBy.zone();
    }

    /** The first deadline after; a time that the clocks skip is the first moment after the gap. */
    static Instant nextDeadline(ExpectBy expectBy, Instant after) {
        var day = after.atZone(expectBy.zone()).toLocalDate().minusDays(1);
        var deadline = on(day, expectBy);
        while (!deadline.isAfter(after)) {
            day = day.plusDays(1);
            deadline = on(day, expectBy);
        }
        return deadline;
    }

    /** The last deadline before. */
    static Instant previousDeadline(ExpectBy expectBy, Instant before) {
        var day = before.atZone(expectBy.zone()).toLocalDate().plusDays(1);
        var deadline = on(day, expectBy);
        while (!deadline.isBefore(before)) {
            day = day.minusDays(1);
            deadline = on(day, expectBy);
        }
        return deadline;
    }

    private static Instant on(LocalDate day, ExpectBy expectBy) {
        var local = day.atTime(expectBy.time());
        var transition = expectBy.zone().getRules().getTransition(local);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                : local.atZone(expectBy.zone()).toInstant();
    }

    /** The deadline whose trigger is looked for: the one that is missing already, or the one that has come. */
    Instant deadline() {
        return standingSince == null ? nextCheckAt : standingSince;
    }

    /** @param came whether a trigger has come since the deadline before {@link #deadline()} */
    Watch lookAtTrigger(boolean came, ExpectBy expectBy, Instant now) {
        var last = previousDeadline(expectBy, now.plusNanos(1));
        return came
                ? with(nextDeadline(expectBy, now), null)
                : with(now.plus(WHILE_STANDING), last.isBefore(deadline()) ? deadline() : last);
    }

    /** @param lastSuccess null: none yet, and the time counts from the beginning */
    Watch lookAtSuccess(@Nullable Instant lastSuccess, Duration freshness, Instant now) {
        var from = lastSuccess == null || lastSuccess.isBefore(begunAt) ? begunAt : lastSuccess;
        var stale = from.plus(freshness);
        return stale.isAfter(now)
                ? with(stale, null)
                : with(now.plus(WHILE_STANDING), standingSince == null ? stale : standingSince);
    }

    Watch postponed(Instant now) {
        return with(now.plus(WHILE_PAUSED), standingSince);
    }

    Watch dueAt(Instant time) {
        return with(time, standingSince);
    }

    private Watch with(Instant check, @Nullable Instant standing) {
        return new Watch(group, condition, spec, begunAt, check, standing);
    }
}
