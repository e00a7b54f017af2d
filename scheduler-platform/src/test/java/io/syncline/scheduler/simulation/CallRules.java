package io.syncline.scheduler.simulation;

import io.syncline.scheduler.run.Move;
import io.syncline.scheduler.run.MoveCause;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskRunState;
import io.syncline.scheduler.simulation.Network.Call;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** I5 and I7: one key for all rounds of an attempt, a new attempt only for a reason, and no call for what has ended. */
final class CallRules {

    private static final Set<MoveCause> NEW_ATTEMPTS = Set.of(
            MoveCause.ATTEMPT_FAILED,
            MoveCause.RETRY,
            MoveCause.RERUN_FAILED,
            MoveCause.SKIP,
            MoveCause.MARK_DONE,
            MoveCause.ACCEPT_LATE);

    private final Rows rows;
    private final Findings findings;
    private final FenceRules fences;
    private final PaceRules pace;
    private final BarrierRules barriers;
    private final ReportRules reports;
    private final Set<String> started = new HashSet<>();
    private final Map<String, String> contentOfAttempt = new HashMap<>();
    private final Set<String> calledTaskRuns = new HashSet<>();

    CallRules(
            Rows rows,
            Findings findings,
            FenceRules fences,
            PaceRules pace,
            BarrierRules barriers,
            ReportRules reports) {
        this.rows = rows;
        this.findings = findings;
        this.fences = fences;
        this.pace = pace;
        this.barriers = barriers;
        this.reports = reports;
    }

    void attempts(TaskRunRow before, TaskRunRow after, List<Move> all) {
        if (after.attempt() == before.attempt()) {
            return;
        }
        var id = after.taskRunId();
        findings.must(after.attempt() == before.attempt() + 1, Invariant.I5, id + " skipped an attempt");
        var byOperator = all.stream()
                .anyMatch(move -> id.equals(move.taskRunId())
                        && NEW_ATTEMPTS.contains(move.cause())
                        && move.cause() != MoveCause.ATTEMPT_FAILED);
        findings.must(
                byOperator || reports.reported(id, before.attempt(), "FAILED"),
                Invariant.I5,
                id + " began attempt " + after.attempt() + " though nobody reported that the one before failed");
        pace.newAttempt(after, byOperator);
    }

    void completed(String taskRunId) {
        findings.must(calledTaskRuns.contains(taskRunId), Invariant.I5, taskRunId + " completed without a call");
    }

    void called(Call call) {
        var id = call.taskRunId();
        var row = rows.taskRuns.get(id);
        if (row == null) {
            findings.fail(Invariant.I2, "a call for a task run that there is not: " + id, null);
            return;
        }
        if (call.cancel()) {
            return;
        }
        var fence = fences.claimed(id, call.round());
        findings.must(
                fence != null, Invariant.I7, id + " is called in round " + call.round() + ", which nobody claimed");
        findings.must(
                started.add(id + "/" + call.round()), Invariant.I7, id + " is called twice in round " + call.round());
        var isCurrent = fence != null && fence == row.fence();
        findings.must(
                !isCurrent || row.state() == TaskRunState.CALLING || row.state() == TaskRunState.RUNNING,
                Invariant.I7,
                id + " is called though it is " + row.state());
        var content = call.key() + " " + call.content();
        var known = contentOfAttempt.putIfAbsent(id + "." + call.attempt(), content);
        findings.must(
                known == null || known.equals(content),
                Invariant.I5,
                "two calls of attempt " + call.attempt() + " of " + id + " differ: " + known + " and " + content);
        findings.must(
                call.key().equals("\"" + id + "." + call.attempt() + "\""),
                Invariant.I5,
                "attempt " + call.attempt() + " of " + id + " has the key " + call.key());
        calledTaskRuns.add(id);
        if (isCurrent) {
            pace.called(id);
        }
        barriers.called(row);
    }
}
