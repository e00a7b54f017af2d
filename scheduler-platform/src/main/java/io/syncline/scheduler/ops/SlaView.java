package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How well groups have kept to what they promise. */
final class SlaView {

    private SlaView() {}

    /**
     * Of each group its newest runs of the range.
     *
     * @param groupsAreAll false: there are more than are told, which are the first by key
     */
    record Groups(Instant from, Instant to, List<GroupLine> groups, boolean groupsAreAll) {}

    record GroupLine(String group, Freshness freshness, Totals totals) {}

    /**
     * One group.
     *
     * @param countedFrom later than {@code from} where there are more runs than are counted: of older ones nothing is told
     * @param days of {@code zone}, oldest first, from that of {@code countedFrom} on
     * @param causes of failed runs, the most frequent first
     */
    record OneGroup(
            String group,
            Instant from,
            Instant to,
            String zone,
            Instant countedFrom,
            Freshness freshness,
            Totals totals,
            List<Day> days,
            List<CauseCount> causes) {}

    /**
     * @param target at most so long between successes; null: nobody asks for that
     * @param lastSuccessAt before the end of the range
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Freshness(@Nullable String target, @Nullable Instant lastSuccessAt, boolean overTarget) {}

    /**
     * @param runs that were counted; {@code gte}: there are more
     * @param onTime COMPLETED, not started late, and no task overdue
     * @param late COMPLETED all the same
     * @param leftOut CANCELLED or SKIPPED: neither on time nor not
     * @param p50Millis from start to end of completed runs; null: there is none
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Totals(
            BoundedCount runs,
            int onTime,
            int late,
            int failed,
            int leftOut,
            int open,
            @Nullable Long p50Millis,
            @Nullable Long p95Millis) {}

    /**
     * Runs that were made on one day.
     *
     * @param oldestMillis how old the last success became on this day at most; null: there was none before
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Day(
            LocalDate day,
            int onTime,
            int late,
            int failed,
            int leftOut,
            int open,
            @Nullable Long p50Millis,
            @Nullable Long p95Millis,
            @Nullable Long oldestMillis) {}

    record CauseCount(String cause, int runs) {}
}
