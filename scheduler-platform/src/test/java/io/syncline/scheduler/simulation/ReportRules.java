package io.syncline.scheduler.simulation;

import io.syncline.contracts.CallbackAnswer;
import io.syncline.scheduler.callback.SimulatedCallbacks;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.simulation.Downstream.Report;
import io.syncline.scheduler.store.PassingFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** I6, I14 and I15: one effect for a key, a report counts for its own attempt, and once. */
final class ReportRules {

    private final Findings findings;
    private final Map<String, Integer> effects = new HashMap<>();
    private final Map<String, Report> reports = new HashMap<>();
    private final Set<String> reportedStatus = new HashSet<>();
    private final Set<String> callbacksApplied = new HashSet<>();
    private final Map<String, Boolean> keptCallbacks = new HashMap<>();

    ReportRules(Findings findings) {
        this.findings = findings;
    }

    void hadEffect(String key) {
        var all = effects.merge(key, 1, Integer::sum);
        findings.must(all == 1, Invariant.I6, key + " had " + all + " effects");
    }

    void reported(Report report) {
        reports.put(report.id(), report);
        reportedStatus.add(report.taskRunId() + "." + report.attempt() + " " + report.status());
    }

    boolean reported(String taskRunId, int attempt, String status) {
        return reportedStatus.contains(taskRunId + "." + attempt + " " + status);
    }

    void completed(String taskRunId, int attempt) {
        findings.must(
                reported(taskRunId, attempt, "COMPLETED"),
                Invariant.I14,
                taskRunId + " completed though nobody reported that of attempt " + attempt);
    }

    void kept(SimulatedCallbacks.Kept row) {
        var id = row.taskRunId() + " " + row.callbackId();
        findings.must(
                keptCallbacks.put(id, row.applied()) == null,
                Invariant.I15,
                "callback " + row.callbackId() + " of " + row.taskRunId() + " is kept twice");
        var report = reports.get(row.callbackId());
        if (row.applied()) {
            findings.must(
                    report != null && report.taskRunId().equals(row.taskRunId()) && report.attempt() == row.attempt(),
                    Invariant.I14,
                    "callback " + row.callbackId() + " counted for attempt " + row.attempt() + " of " + row.taskRunId()
                            + ", which it was not sent for");
        }
    }

    void told(Report report, SimulatedCallbacks.Told told) {
        failed(told);
        findings.must(
                told.refusal() == null || told.refusal() >= 500,
                Invariant.I4,
                "callback " + report.id() + " was refused with " + told.refusal());
        var answer = told.answer();
        if (answer == null) {
            return;
        }
        var id = report.taskRunId() + " " + report.id();
        if (answer.applied()) {
            findings.must(callbacksApplied.add(id), Invariant.I15, "callback " + report.id() + " was applied twice");
        }
        if (answer.reason() == CallbackAnswer.Reason.DUPLICATE) {
            findings.must(
                    Objects.equals(answer.firstApplied(), keptCallbacks.get(id)),
                    Invariant.I15,
                    "the copy of " + report.id() + " is told another story");
        } else {
            findings.must(
                    keptCallbacks.containsKey(id),
                    Invariant.I1,
                    "callback " + report.id() + " was answered but is not kept");
        }
    }

    void toldOfForged(SimulatedCallbacks.Told told) {
        failed(told);
        findings.must(told.answer() == null, Invariant.I14, "a forged callback was answered: " + told.answer());
    }

    private void failed(SimulatedCallbacks.Told told) {
        var failure = told.failure();
        if (failure != null && !PassingFailure.is(failure)) {
            findings.fail(Invariant.UNEXPECTED, "a callback could not be stored: " + failure, failure);
        }
    }

    /** One effect at most for a task run that completed. */
    void finish(TaskRunRow task) {
        findings.must(
                effects.getOrDefault("\"" + task.taskRunId() + "." + task.attempt() + "\"", 0) <= 1,
                Invariant.I6,
                task.taskRunId() + " had several effects");
    }
}
