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
     * @param budget of the 30 days before {@code to}, whatever the range
     * @param tasks of the newest 1,000 runs of the range, the slowest first
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
            List<CauseCount> causes,
            Budget budget,
            List<TaskTimes> tasks) {}

    /**
     * How much may be missed, and how much of it has been.
     *
     * @param objective part of the judged runs that is to be on time, percent
     * @param judged runs that completed or failed; {@code gte}: there are more, of which nothing is told
     * @param missed late or failed ones among them
     * @param allowed how many of the judged ones may be, as a fraction
     */
    record Budget(Instant from, Instant to, double objective, BoundedCount judged, int missed, double allowed) {}

    /**
     * @param runs in which the task completed
     * @param p50Millis from its start to its end, waits and tries between them with it
     */
    record TaskTimes(String task, int runs, long p50Millis, long p95Millis, long longestMillis) {}

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
