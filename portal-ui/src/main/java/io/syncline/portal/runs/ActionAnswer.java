package io.syncline.portal.runs;

import io.syncline.portal.runs.RunView.TaskRunView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the platform did, or in a dry run would do.
 *
 * @param newRun of a re-run
 */
record ActionAnswer(
        @Nullable String state,
        @Nullable NewRun newRun,
        @Nullable List<Change> changes) {

    record NewRun(
            @Nullable String runId,
            @Nullable String group,
            @Nullable Integer groupVersion,
            @Nullable String state) {}

    record Change(
            @Nullable String runId,
            @Nullable String taskRunId,
            @Nullable String from,
            String to) {}

    /** What changes, a sentence each; {@code run} names the tasks. */
    List<String> lines(RunView run) {
        var names = run.taskRunsOrNone().stream()
                .collect(Collectors.toMap(TaskRunView::taskRunId, TaskRunView::task, (one, other) -> one));
        var lines = new ArrayList<String>();
        if (newRun != null) {
            lines.add("A new run of %s begins, version %s, as %s."
                    .formatted(newRun.group(), newRun.groupVersion(), newRun.state()));
        }
        for (var change : changes == null ? List.<Change>of() : changes) {
            var what = change.taskRunId() == null
                    ? "The run"
                    : "Task " + names.getOrDefault(change.taskRunId(), change.taskRunId());
            lines.add(
                    change.from() == null
                            ? what + " is made as " + change.to() + "."
                            : "%s: %s becomes %s.".formatted(what, change.from(), change.to()));
        }
        if (lines.isEmpty()) {
            lines.add("No state changes.");
        }
        return lines;
    }
}
