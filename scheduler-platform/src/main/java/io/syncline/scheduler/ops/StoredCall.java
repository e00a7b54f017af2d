package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.TaskRunView.CallView;
import org.jspecify.annotations.Nullable;

/**
 * A call as it is kept.
 *
 * @param applied whether its outcome counted
 * @param transcript what was sent and what came, as JSON without secrets; null: nothing of it was kept
 */
record StoredCall(
        CallView call,
        String taskRunId,
        String runId,
        String task,
        boolean applied,
        String node,
        @Nullable String transcript) {}
