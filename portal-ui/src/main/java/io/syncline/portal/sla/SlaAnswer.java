package io.syncline.portal.sla;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How groups have done, as the platform answers it. */
final class SlaAnswer {

    private SlaAnswer() {}

    record Groups(List<GroupLine> groups, boolean groupsAreAll) {}

    record GroupLine(String group, Freshness freshness, Totals totals) {}

    /** @param countedFrom runs that were made before it are not among those that are told of */
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

    /** @param allowed how many of the judged runs may be missed */
    record Budget(Instant from, Instant to, double objective, Bounded judged, int missed, double allowed) {}

    record TaskTimes(String task, int runs, long p50Millis, long p95Millis, long longestMillis) {}

    record Freshness(@Nullable String target, @Nullable Instant lastSuccessAt, boolean overTarget) {}

    record Bounded(long value, String relation) {

        boolean isAll() {
            return !relation.equals("gte");
        }
    }

    record Totals(
            Bounded runs,
            int onTime,
            int late,
            int failed,
            int leftOut,
            int open,
            @Nullable Long p50Millis,
            @Nullable Long p95Millis) {}

    record Day(
            LocalDate day,
            int onTime,
            int late,
            int failed,
            int leftOut,
            int open,
            @Nullable Long p50Millis,
            @Nullable Long p95Millis,
            @Nullable Long oldestMillis) {

        int missed() {
            return late + failed;
        }

        int all() {
            return onTime + late + failed + leftOut + open;
        }
    }

    record CauseCount(String cause, int runs) {}
}
