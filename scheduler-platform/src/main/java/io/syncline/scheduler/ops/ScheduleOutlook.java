package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Labels;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What time itself is going to start; implemented by the room that owns the clock. */
public interface ScheduleOutlook {

    /** The schedules that fire after {@code from} and not after {@code until}, as far as they are within reach. */
    Outlook between(Instant from, Instant until, Labels labels);

    /**
     * @param groups those that fire first, in the order of their first fire time
     * @param groupsAreAll false: more schedules fire than are told
     * @param missed fire times that nobody could fire and that are still made up for, oldest first
     * @param missedAreAll false: more are made up for than are told
     */
    record Outlook(List<Scheduled> groups, boolean groupsAreAll, List<Missed> missed, boolean missedAreAll) {}

    /**
     * @param misfire what becomes of fire times that nobody could fire
     * @param fires in order
     * @param firesAreAll false: it fires more often than is told
     */
    record Scheduled(
            String group,
            String cron,
            String zone,
            @Nullable String calendar,
            String misfire,
            List<Instant> fires,
            boolean firesAreAll) {}

    /**
     * @param dueAt when it is started at the earliest
     * @param policy the {@code misfire} of its schedule; null: the group has none any more
     */
    record Missed(
            String group,
            Instant fireAt,
            Instant dueAt,
            @Nullable String policy) {}
}
