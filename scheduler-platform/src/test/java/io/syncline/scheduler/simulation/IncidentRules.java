package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskRunState;
import java.util.Set;

/** I19: what went wrong is told, and what has passed is told no more. */
final class IncidentRules {

    private static final Set<AlertCondition> OF_WHAT_IS_OPEN = Set.of(
            AlertCondition.OVERDUE,
            AlertCondition.SILENT,
            AlertCondition.NO_ANSWER,
            AlertCondition.START_LATE,
            AlertCondition.UNREADABLE_REPLY);

    private final Simulation world;
    private final Rows rows;
    private final Findings findings;

    IncidentRules(Simulation world, Rows rows, Findings findings) {
        this.world = world;
        this.rows = rows;
        this.findings = findings;
    }

    void failed(TaskRunRow after) {
        var id = after.taskRunId();
        findings.must(
                after.cause() != null
                        && world.alerts.stands(
                                AlertCondition.valueOf(after.cause().name()), AlertSignal.taskRun(id)),
                Invariant.I19,
                id + " failed by " + after.cause() + ", and nobody is told");
    }

    /** Everything has ended: alarms about what was open have passed, those about failures stand. */
    void finish() {
        for (SimulatedAlerts.Standing one : world.alerts.all()) {
            findings.must(
                    !OF_WHAT_IS_OPEN.contains(one.condition()),
                    Invariant.I19,
                    one.condition() + " of " + one.subject() + " stands, but it has ended");
            var id = one.subject().substring(one.subject().indexOf(':') + 1);
            findings.must(
                    !one.condition().isFailure() || rows.taskRuns.get(id).state() == TaskRunState.FAILED,
                    Invariant.I19,
                    one.condition() + " of " + one.subject() + " stands, but it has not failed");
        }
    }
}
