package io.syncline.scheduler.run;

import io.syncline.contracts.Reconciliation;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Published inside the transaction that moved runs or task runs; to be heard after its commit, on the node that made it.
 * Claims move task runs as well and are not told of.
 */
public record RunsMoved(List<RunMove> runs, List<TaskRunMove> taskRuns) {

    public RunsMoved {
        runs = List.copyOf(runs);
        taskRuns = List.copyOf(taskRuns);
    }

    /** The runs that have ended by it. */
    public Set<String> ended() {
        return runs.stream().filter(RunMove::ended).map(RunMove::runId).collect(Collectors.toSet());
    }

    /**
     * One state change of a run.
     *
     * @param from null: it was made in this state
     * @param startedAt when it was first promoted; null while it never was
     * @param at the time of the transaction
     */
    public record RunMove(
            String runId,
            String triggerId,
            String group,
            @Nullable RunState from,
            RunState to,
            Instant createdAt,
            @Nullable Instant startedAt,
            Instant at) {

        public boolean ended() {
            return to.isEnded();
        }
    }

    /**
     * One state change of a task run.
     *
     * @param attempt the attempt that moved; where the move began a new one, the new one
     * @param reconciliation the last that was reported for the attempt
     */
    public record TaskRunMove(
            String taskRunId,
            String runId,
            String group,
            String task,
            String system,
            int attempt,
            TaskRunState from,
            TaskRunState to,
            MoveCause cause,
            @Nullable Reconciliation reconciliation) {}
}
