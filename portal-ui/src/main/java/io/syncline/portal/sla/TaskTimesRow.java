package io.syncline.portal.sla;

import java.util.List;

/**
 * How long a task takes.
 *
 * @param width of the bar of p95, of 100
 */
record TaskTimesRow(String task, int runs, String p50, String p95, String longest, int width) {

    private static final int MOST = 10;

    /** Those that come first, which are the slowest. */
    static List<TaskTimesRow> all(List<SlaAnswer.TaskTimes> tasks) {
        long most =
                tasks.stream().mapToLong(SlaAnswer.TaskTimes::p95Millis).max().orElse(1);
        return tasks.stream()
                .limit(MOST)
                .map(task -> new TaskTimesRow(
                        task.task(),
                        task.runs(),
                        GroupRow.span(task.p50Millis()),
                        GroupRow.span(task.p95Millis()),
                        GroupRow.span(task.longestMillis()),
                        (int) Math.max(1, task.p95Millis() * 100 / Math.max(1, most))))
                .toList();
    }
}
