package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.SimulatedRuns.RunRow;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskRunState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** I4 and I26: what is due is called, what may start starts, and in the end all has ended. */
final class RestRules {

    /** A takeover, and the calls that may be before it. */
    private static final Duration TAKEOVER = Duration.ofSeconds(20);

    private final Simulation world;
    private final Rows rows;
    private final Findings findings;
    private final ReportRules reports;

    /** Since when runs and task runs of a healed world could go on. */
    private final Map<String, Instant> ready = new HashMap<>();

    RestRules(Simulation world, Rows rows, Findings findings, ReportRules reports) {
        this.world = world;
        this.rows = rows;
        this.findings = findings;
        this.reports = reports;
    }

    boolean hasSettled() {
        return rows.runs.values().stream().allMatch(run -> run.state().isEnded())
                && rows.taskRuns.values().stream()
                        .allMatch(task -> task.state().isEnded() && task.leaseNode() == null && !task.cancelPending())
                && !world.schedules.anyMissed()
                && world.runs.holders().isEmpty();
    }

    /** In a healed world: what is due is called, what may start starts. */
    void lookForWhatIsLate() {
        var now = world.now();
        var still = new HashMap<String, Instant>();
        for (TaskRunRow task : rows.taskRuns.values()) {
            var leased = task.leaseUntil() != null && task.leaseUntil().isAfter(now);
            if (!task.state().isEnded() && task.dueAt() != null && !task.dueAt().isAfter(now) && !leased) {
                wait(task.taskRunId(), still);
            }
        }
        for (RunRow run : rows.runs.values()) {
            if (run.state() == RunState.QUEUED && !run.held() && couldStart(run)) {
                wait(run.runId(), still);
            }
        }
        ready.clear();
        ready.putAll(still);
    }

    private void wait(String id, Map<String, Instant> still) {
        var since = ready.getOrDefault(id, world.now());
        still.put(id, since);
        findings.must(
                !world.now().isAfter(since.plus(TAKEOVER)),
                Invariant.I26,
                id + " could go on since " + since + ", and does not at " + world.now());
    }

    private boolean couldStart(RunRow run) {
        if (rows.awaitsCancel(run)) {
            return false;
        }
        if (run.needsSlot()
                && rows.runs.values().stream()
                        .anyMatch(other -> Rows.sameKey(run, other)
                                && (other.state() == RunState.RUNNING || rows.awaitsCancel(other)))) {
            return false;
        }
        return run.group().whenActive() != WhenActive.PARALLEL
                || rows.activeIn(run) < run.group().maxActive();
    }

    void finish() {
        for (RunRow run : rows.runs.values()) {
            findings.must(run.state().isEnded(), Invariant.I4, run.runId() + " is still " + run.state());
        }
        for (TaskRunRow task : rows.taskRuns.values()) {
            findings.must(task.state().isEnded(), Invariant.I4, task.taskRunId() + " is still " + task.state());
            findings.must(task.leaseNode() == null, Invariant.I4, task.taskRunId() + " still has a lease");
            findings.must(!task.cancelPending(), Invariant.I4, task.taskRunId() + " still awaits a cancel");
            if (task.state() == TaskRunState.COMPLETED && !task.manual()) {
                reports.finish(task);
            }
        }
        findings.must(world.runs.holders().isEmpty(), Invariant.I4, "places are still taken: " + world.runs.holders());
    }
}
