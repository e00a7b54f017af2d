package io.syncline.scheduler.run;

import io.syncline.scheduler.run.RunsMoved.RunMove;
import io.syncline.scheduler.run.RunsMoved.TaskRunMove;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the other rooms, in public words, what the journal was told. */
final class Moves {

    private Moves() {}

    /** Of runs that were made in this transaction. */
    static RunsMoved made(Collection<Run> runs, Collection<TaskRun> taskRuns, Instant now) {
        var runMoves = new ArrayList<RunMove>();
        for (Run run : runs) {
            runMoves.add(move(run, null, RunState.QUEUED, now));
            addMoves(run, runMoves, now);
        }
        return new RunsMoved(runMoves, movesOf(taskRuns, Set.of()));
    }

    /** @param lost ids whose rows had changed, so that nothing was written */
    static RunsMoved saved(Collection<Run> runs, Collection<TaskRun> taskRuns, Set<String> lost, Instant now) {
        var runMoves = new ArrayList<RunMove>();
        for (Run run : runs) {
            if (run.changed && !lost.contains(run.runId)) {
                addMoves(run, runMoves, now);
            }
        }
        return new RunsMoved(runMoves, movesOf(taskRuns, lost));
    }

    private static void addMoves(Run run, List<RunMove> moves, Instant now) {
        for (Move move : run.moves) {
            moves.add(move(
                    run, move.from() == null ? null : RunState.valueOf(move.from()), RunState.valueOf(move.to()), now));
        }
    }

    private static RunMove move(Run run, @Nullable RunState from, RunState to, Instant now) {
        return new RunMove(run.runId, run.triggerId, run.group.key(), from, to, run.createdAt, run.startedAt, now);
    }

    private static List<TaskRunMove> movesOf(Collection<TaskRun> taskRuns, Set<String> lost) {
        var moves = new ArrayList<TaskRunMove>();
        for (TaskRun task : taskRuns) {
            if (!task.changed || lost.contains(task.taskRunId)) {
                continue;
            }
            for (Move move : task.moves) {
                moves.add(new TaskRunMove(
                        task.taskRunId,
                        task.runId,
                        task.group,
                        task.task.key(),
                        task.task.system(),
                        move.attempt() == null ? task.attempt : move.attempt(),
                        TaskRunState.valueOf(String.valueOf(move.from())),
                        TaskRunState.valueOf(move.to()),
                        move.cause(),
                        task.reconciliation));
            }
        }
        return moves;
    }
}
