package io.syncline.portal.schedule;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What schedules start next, as the platform answers it. */
record ScheduleView(
        Instant now,
        Instant until,
        List<Group> groups,
        boolean groupsAreAll,
        List<Missed> missed,
        boolean missedAreAll,
        List<Paused> paused,
        boolean pausedAreAll,
        @Nullable AllPaused allPaused) {

    /** No schedule fires since then. */
    record AllPaused(Instant since, String by, String reason) {}

    record Group(
            String group,
            String cron,
            String zone,
            @Nullable String calendar,
            String misfire,
            List<Instant> fires,
            boolean firesAreAll) {}

    record Missed(
            String group,
            Instant fireAt,
            Instant dueAt,
            @Nullable String policy) {}

    record Paused(String group, Instant since, String by, String reason) {}
}
