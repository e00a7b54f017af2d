package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.Mode;
import io.syncline.scheduler.run.SimulatedRuns.Changed;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskRunState;

/** I13: SYNC tasks wait for those before them, ASYNC ones start together. */
final class BarrierRules {

    private final Rows rows;
    private final Findings findings;

    BarrierRules(Rows rows, Findings findings) {
        this.rows = rows;
        this.findings = findings;
    }

    void startsWithItsNeighbours(Changed<TaskRunRow> changed) {
        var row = changed.after();
        var before = changed.before();
        if (before == null
                || before.state() != TaskRunState.WAITING
                || row.state() != TaskRunState.DUE
                || row.task().mode() != Mode.ASYNC) {
            return;
        }
        for (TaskRunRow other : rows.stageOf(row)) {
            findings.must(
                    other.state() != TaskRunState.WAITING,
                    Invariant.I13,
                    row.taskRunId() + " starts, but beside it " + other.taskRunId() + " waits");
        }
    }

    void called(TaskRunRow row) {
        for (TaskRunRow other : rows.inOrder(row.runId())) {
            var before = other.taskNo() < row.taskNo()
                    && (other.task().mode() == Mode.SYNC || row.task().mode() == Mode.SYNC);
            findings.must(
                    !before || other.state().opensTheBarrier(),
                    Invariant.I13,
                    row.taskRunId() + " is called while " + other.taskRunId() + " is " + other.state());
        }
    }
}
