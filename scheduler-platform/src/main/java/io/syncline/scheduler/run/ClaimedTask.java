package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.TaskDefinition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A due task run that this node holds by a lease, with all that its call needs.
 *
 * @param fence goes up with every claim; an outcome under an older one changes nothing
 * @param triggerBody source, id, type, time and data of the trigger message as JSON
 * @param takenOver another node's lease had run out
 */
public record ClaimedTask(
        String taskRunId,
        String runId,
        String group,
        String orderingKey,
        @Nullable String businessKey,
        TaskDefinition task,
        int attempt,
        int round,
        long fence,
        Instant deadline,
        Instant claimedAt,
        String triggerBody,
        @Nullable String traceparent,
        boolean takenOver) {}
