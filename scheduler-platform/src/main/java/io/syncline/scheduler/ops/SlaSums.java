package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import io.syncline.scheduler.ops.JdbcSla.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums of runs, of a whole range or of one day of it. */
final class SlaSums {

    private int onTime;
    private int late;
    private int failed;
    private int leftOut;
    private int open;
    private long oldestMillis = -1;
    private final List<Long> tookMillis = new ArrayList<>();

    static SlaSums of(List<Run> runs) {
        var sums = new SlaSums();
        runs.forEach(sums::add);
        return sums;
    }

    /**
     * The days of a range, with those on which nothing was made.
     *
     * @param before the last success before the range; null: there was none
     */
    static List<SlaView.Day> days(SlaRange range, List<Run> runs, @Nullable Instant before) {
        Map<LocalDate, SlaSums> days = new TreeMap<>();
        var last = range.day(range.to().minusNanos(1));
        for (var day = range.day(range.from()); !day.isAfter(last); day = day.plusDays(1)) {
            days.put(day, new SlaSums());
        }
        for (var run : runs) {
            days.computeIfAbsent(range.day(run.createdAt()), none -> new SlaSums())
                    .add(run);
        }
        ages(range, runs, before, days);
        return days.entrySet().stream()
                .map(day -> day.getValue().day(day.getKey()))
                .toList();
    }

    /** From each success to the next one, or to the end of the range, what it has grown to on each day. */
    private static void ages(SlaRange range, List<Run> runs, @Nullable Instant before, Map<LocalDate, SlaSums> days) {
        var successes = new ArrayList<Instant>();
        if (before != null) {
            successes.add(before);
        }
        for (var run : runs) {
            var ended = run.endedAt();
            if (run.state().equals("COMPLETED") && ended != null && ended.isBefore(range.to())) {
                successes.add(ended);
            }
        }
        successes.sort(null);
        for (int at = 0; at < successes.size(); at++) {
            var success = successes.get(at);
            var end = at + 1 < successes.size() ? successes.get(at + 1) : range.to();
            var day = range.day(success.isBefore(range.from()) ? range.from() : success);
            for (; range.begin(day).isBefore(end); day = day.plusDays(1)) {
                var dayEnd = range.begin(day.plusDays(1));
                var sums = days.get(day);
                if (sums != null) {
                    sums.age(Duration.between(success, dayEnd.isBefore(end) ? dayEnd : end));
                }
            }
        }
    }

    private void age(Duration age) {
        oldestMillis = Math.max(oldestMillis, age.toMillis());
    }

    private void add(Run run) {
        switch (run.state()) {
            case "COMPLETED" -> {
                if (run.late()) {
                    late++;
                } else {
                    onTime++;
                }
                var started = run.startedAt();
                var ended = run.endedAt();
                if (started != null && ended != null) {
                    tookMillis.add(Duration.between(started, ended).toMillis());
                }
            }
            case "FAILED" -> failed++;
            case "CANCELLED", "SKIPPED" -> leftOut++;
            default -> open++;
        }
    }

    SlaView.Totals totals(BoundedCount counted) {
        return new SlaView.Totals(counted, onTime, late, failed, leftOut, open, percentile(50), percentile(95));
    }

    private SlaView.Day day(LocalDate day) {
        return new SlaView.Day(
                day,
                onTime,
                late,
                failed,
                leftOut,
                open,
                percentile(50),
                percentile(95),
                oldestMillis < 0 ? null : oldestMillis);
    }

    private @Nullable Long percentile(int ofHundred) {
        if (tookMillis.isEmpty()) {
            return null;
        }
        tookMillis.sort(null);
        return percentile(tookMillis, ofHundred);
    }

    /**
     * The smallest that so many of a hundred do not exceed.
     *
     * @param sorted in ascending order, one at least
     */
    static long percentile(List<Long> sorted, int ofHundred) {
        int rank = (sorted.size() * ofHundred + 99) / 100;
        return sorted.get(Math.max(rank, 1) - 1);
    }

    /** @param objective part that is to be on time, percent */
    SlaView.Budget budget(SlaRange range, double objective, boolean isAll) {
        int judged = onTime + late + failed;
        return new SlaView.Budget(
                range.from(),
                range.to(),
                objective,
                new BoundedCount(judged, isAll ? "eq" : "gte"),
                late + failed,
                judged * (100 - objective) / 100);
    }

    /** The slowest first, told by what 95 of 100 do not exceed. */
    static List<SlaView.TaskTimes> tasks(Map<String, List<Long>> tookMillis) {
        return tookMillis.entrySet().stream()
                .map(task -> {
                    var sorted = task.getValue().stream().sorted().toList();
                    return new SlaView.TaskTimes(
                            task.getKey(),
                            sorted.size(),
                            percentile(sorted, 50),
                            percentile(sorted, 95),
                            sorted.get(sorted.size() - 1));
                })
                .sorted(Comparator.comparing(SlaView.TaskTimes::p95Millis)
                        .reversed()
                        .thenComparing(SlaView.TaskTimes::task))
                .toList();
    }
}
