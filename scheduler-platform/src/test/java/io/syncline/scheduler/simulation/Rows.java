package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.Mode;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.SimulatedRuns.RunRow;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskRunState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs and task runs as they were last committed. */
final class Rows {

    final Map<String, RunRow> runs = new LinkedHashMap<>();
    final Map<String, TaskRunRow> taskRuns = new LinkedHashMap<>();

    List<TaskRunRow> inOrder(String runId) {
        return taskRuns.values().stream()
                .filter(row -> row.runId().equals(runId))
                .sorted((one, other) -> Integer.compare(one.taskNo(), other.taskNo()))
                .toList();
    }

    /** It and its neighbours that are ASYNC as it is. */
    List<TaskRunRow> stageOf(TaskRunRow row) {
        var stage = new ArrayList<TaskRunRow>();
        for (TaskRunRow other : inOrder(row.runId())) {
            if (other.task().mode() == Mode.SYNC) {
                if (stage.stream().anyMatch(one -> one.taskRunId().equals(row.taskRunId()))) {
                    return stage;
                }
                stage.clear();
            } else {
                stage.add(other);
            }
        }
        return stage;
    }

    static boolean sameKey(RunRow run, RunRow other) {
        return !other.runId().equals(run.runId())
                && other.needsSlot()
                && other.group().key().equals(run.group().key())
                && other.orderingKey().equals(run.orderingKey());
    }

    boolean awaitsCancel(RunRow run) {
        return taskRuns.values().stream().anyMatch(task -> task.runId().equals(run.runId()) && task.cancelPending());
    }

    long activeIn(RunRow run) {
        return runs.values().stream()
                .filter(other -> other.group().key().equals(run.group().key()))
                .filter(other -> other.state() == RunState.RUNNING || awaitsCancel(other))
                .count();
    }

    /** The attempt that a task run is in, as far as anybody can see. */
    int attemptOf(String taskRunId, int otherwise) {
        var row = taskRuns.get(taskRunId);
        return row == null || row.state() == TaskRunState.WAITING ? otherwise : row.attempt();
    }
}
