package io.syncline.scheduler.simulation;

import io.syncline.scheduler.dispatch.SimulatedDispatch.Written;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.SimulatedRuns.RunRow;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** I8 and I9: versions and fences only rise, no outcome of a lost claim counts, and leases do not overlap. */
final class FenceRules {

    private final Simulation world;
    private final Findings findings;
    private final Map<String, Long> claimedFence = new HashMap<>();

    FenceRules(Simulation world, Findings findings) {
        this.world = world;
        this.findings = findings;
    }

    /** @param answer whose outcome was applied with the change */
    void changed(TaskRunRow before, TaskRunRow after, @Nullable Written answer) {
        var id = after.taskRunId();
        findings.must(
                after.fence() >= before.fence(),
                Invariant.I8,
                id + ": its fence fell from " + before.fence() + " to " + after.fence());
        findings.must(
                after.version() > before.version()
                        || (after.state() == before.state()
                                && after.fence() == before.fence()
                                && after.attempt() == before.attempt()),
                Invariant.I8,
                id + " changed under version " + after.version());
        if (answer != null) {
            findings.must(
                    answer.fence() == before.fence(),
                    Invariant.I8,
                    id + ": an outcome under fence " + answer.fence() + " counted, the fence is " + before.fence());
        }
        if (after.round() > before.round()) {
            claimed(before, after);
        }
    }

    void changed(RunRow before, RunRow after) {
        findings.must(
                after.version() > before.version(),
                Invariant.I8,
                after.runId() + " changed under version " + after.version());
    }

    private void claimed(TaskRunRow before, TaskRunRow after) {
        var id = after.taskRunId();
        var now = world.now();
        findings.must(after.round() == before.round() + 1, Invariant.I5, id + " skipped a round");
        findings.must(after.fence() > before.fence(), Invariant.I8, id + " was claimed without a new fence");
        findings.must(
                Objects.equals(after.leaseUntil(), now.plus(Runs.LEASE)),
                Invariant.I9,
                id + " was claimed until " + after.leaseUntil() + " at " + now);
        var live = before.leaseNode() != null
                && before.leaseUntil() != null
                && before.leaseUntil().isAfter(now);
        findings.must(!live, Invariant.I9, id + " was claimed while " + before.leaseNode() + " held it");
        if (before.leaseNode() != null) {
            world.happened(Fault.LEASE_TAKEN_OVER, id);
        }
        claimedFence.put(id + "/" + after.round(), after.fence());
    }

    void written(Written row, Map<String, Written> applied) {
        if (row.cancel()) {
            return;
        }
        if (row.applied()) {
            findings.must(
                    applied.put(row.taskRunId(), row) == null,
                    Invariant.I8,
                    "two outcomes of " + row.taskRunId() + " counted at once");
        } else {
            world.happened(Fault.STALE_OUTCOME_REJECTED, row.taskRunId());
        }
    }

    /** Under which fence a round was claimed; null: nobody claimed it. */
    @Nullable
    Long claimed(String taskRunId, int round) {
        return claimedFence.get(taskRunId + "/" + round);
    }
}
