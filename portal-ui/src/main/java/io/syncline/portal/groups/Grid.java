package io.syncline.portal.groups;

import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What became of each task in the last runs of a group: a row per task, a column per run, oldest first. */
record Grid(List<Column> runs, List<Row> rows) {

    /** As the platform answers it. */
    record Answer(String group, List<String> tasks, List<Run> runs) {}

    record Run(
            String runId,
            String state,
            @Nullable String businessKey,
            int groupVersion,
            Instant createdAt,
            List<Task> tasks) {}

    record Task(
            String taskRunId,
            String task,
            String state,
            int attempt,
            @Nullable String cause,
            boolean manual) {}

    /** @param words key or time, and the state */
    record Column(String runId, StateMark mark, String words) {}

    /** @param summary its cells in words: {@code 18 completed, 2 failed} */
    record Row(String task, List<Cell> cells, String summary) {}

    /** @param mark null: the run does not have the task */
    record Cell(String runId, @Nullable StateMark mark, String words) {}

    static Grid of(Answer answer, Moments moments) {
        return new Grid(
                answer.runs().stream()
                        .map(run -> {
                            var mark = StateMark.ofRun(run.state());
                            return new Column(run.runId(), mark, name(run, moments) + ": " + mark.word());
                        })
                        .toList(),
                answer.tasks().stream().map(task -> row(task, answer, moments)).toList());
    }

    private static Row row(String task, Answer answer, Moments moments) {
        var cells = answer.runs().stream().map(run -> cell(task, run, moments)).toList();
        return new Row(task, cells, summary(cells));
    }

    private static Cell cell(String task, Run run, Moments moments) {
        var mark = run.tasks().stream()
                .filter(one -> one.task().equals(task))
                .findFirst()
                .map(one -> StateMark.ofTaskRun(one.state(), one.cause(), one.attempt(), one.manual()))
                .orElse(null);
        return new Cell(
                run.runId(),
                mark,
                "%s, %s: %s".formatted(task, name(run, moments), mark == null ? "not in this run" : mark.word()));
    }

    private static String name(Run run, Moments moments) {
        return run.businessKey() == null ? moments.typed(run.createdAt()) : run.businessKey();
    }

    private static String summary(List<Cell> cells) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (var cell : cells) {
            if (cell.mark() != null) {
                counts.merge(cell.mark().word().toLowerCase(Locale.ROOT), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }
}
