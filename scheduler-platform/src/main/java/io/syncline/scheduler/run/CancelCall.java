package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.TaskDefinition;
import org.jspecify.annotations.Nullable;

/** A cancel call that is due, claimed by this node. */
public record CancelCall(
        String taskRunId,
        String runId,
        String group,
        String orderingKey,
        @Nullable String businessKey,
        TaskDefinition task,
        int attempt,
        long fence,
        String reason,
        int failedCalls,
        @Nullable String traceparent) {}
