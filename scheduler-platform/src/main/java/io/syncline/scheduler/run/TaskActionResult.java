package io.syncline.scheduler.run;

import java.util.List;
import java.util.Set;

/** What became of an operator's action on a task run. */
public sealed interface TaskActionResult {

    /** Done, or in a dry run what would be done. */
    record Applied(String runId, TaskRunState state, RunState runState, List<Move> moves) implements TaskActionResult {
        public Applied {
            moves = List.copyOf(moves);
        }
    }

    /**
     * Not legal now; nothing was changed.
     *
     * @param currentState of the task run; CALLING while a call is in flight
     */
    record Illegal(TaskRunState currentState, RunState runState, Set<TaskAction> allowedActions)
            implements TaskActionResult {}

    /** The late report does not complete the task run either. */
    record Unbalanced(String detail, TaskRunState currentState, Set<TaskAction> allowedActions)
            implements TaskActionResult {}

    /** The callback that was named is no kept COMPLETED of the last attempt. */
    record UnknownReport(String callbackId) implements TaskActionResult {}

    record UnknownTaskRun(String taskRunId) implements TaskActionResult {}
}
