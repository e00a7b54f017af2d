package io.syncline.scheduler.ops;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a group's last runs.
 *
 * @param tasks that any of these runs has, in the order of the newest run that has them
 * @param runs the newest 20, oldest first
 */
record GroupGrid(String group, List<String> tasks, List<Run> runs) {

    /** @param tasks in the order of the run */
    record Run(
            String runId,
            String state,
            @Nullable String businessKey,
            int groupVersion,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            List<Task> tasks) {}

    record Task(
            String taskRunId,
            String task,
            String state,
            int attempt,
            @Nullable String cause,
            boolean manual) {}
}
