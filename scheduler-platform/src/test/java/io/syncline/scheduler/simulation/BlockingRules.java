package io.syncline.scheduler.simulation;

import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.SimulatedRuns.RunRow;

/** The blocking policies of groups, and of I1 that a merge is stated: one run at a time, in order, within the bound. */
final class BlockingRules {

    private final Rows rows;
    private final Findings findings;
    private final MoveRules moves;

    BlockingRules(Rows rows, Findings findings, MoveRules moves) {
        this.rows = rows;
        this.findings = findings;
        this.moves = moves;
    }

    void skipped(RunRow run) {
        if (run.group().whenActive() == WhenActive.SKIP) {
            findings.must(
                    moves.wasReleasedByNobody(run)
                            || rows.runs.values().stream()
                                    .anyMatch(other -> Rows.sameKey(run, other)
                                            && (!other.state().isEnded() || rows.awaitsCancel(other))),
                    Invariant.BLOCKING,
                    run.runId() + " was skipped, but no other one was active");
        }
        if (run.group().whenActive() != WhenActive.MERGE_LATEST
                && run.group().whenActive() != WhenActive.CANCEL_THEN_START) {
            return;
        }
        var into = run.mergedInto() == null ? null : rows.runs.get(run.mergedInto());
        // without a link it may only have been left behind by the end of a pause
        var byResume = run.mergedInto() == null && moves.wasReleasedByNobody(run);
        findings.must(
                byResume
                        || (into != null
                                && into.orderingKey().equals(run.orderingKey())
                                && into.inboxPlace() > run.inboxPlace()),
                Invariant.I1,
                run.runId() + " was skipped, but is not said to be merged into a newer run");
    }

    void promoted(RunRow run) {
        if (run.needsSlot()) {
            for (RunRow other : rows.runs.values()) {
                if (!Rows.sameKey(run, other)) {
                    continue;
                }
                findings.must(
                        other.state() != RunState.RUNNING && !rows.awaitsCancel(other),
                        Invariant.BLOCKING,
                        run.runId() + " started while " + other.runId() + " was active");
                findings.must(
                        other.state() != RunState.QUEUED || other.held() || other.inboxPlace() > run.inboxPlace(),
                        Invariant.BLOCKING,
                        run.runId() + " overtook " + other.runId());
            }
        }
        if (run.group().whenActive() == WhenActive.PARALLEL) {
            var active = rows.activeIn(run);
            findings.must(
                    active <= run.group().maxActive(),
                    Invariant.BLOCKING,
                    active + " runs of " + run.group().key() + " are active");
        }
    }
}
