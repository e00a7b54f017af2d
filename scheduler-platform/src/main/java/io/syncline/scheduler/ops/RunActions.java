package io.syncline.scheduler.ops;

import io.syncline.scheduler.run.ActionResult;
import io.syncline.scheduler.run.Move;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Carries out what operators do to runs, each action and its audit entry in one transaction. */
@Component
class RunActions {

    private final Runs runs;
    private final RunViews views;
    private final Audit audit;

    RunActions(Runs runs, RunViews views, Audit audit) {
        this.runs = runs;
        this.views = views;
        this.audit = audit;
    }

    /** @throws ProblemException 404 for an unknown run, 409 when the action is not legal now */
    @Transactional
    public ActionAnswer act(String runId, RunAction action, Operator operator, Labels labels, boolean dryRun) {
        if (!views.exists(runId, labels)) {
            throw unknownRun(runId);
        }
        var result = switch (action) {
            case CANCEL -> runs.cancel(runId, operator, dryRun);
            case RERUN_FAILED -> runs.rerunFailed(runId, operator, dryRun);
        };
        if (result instanceof ActionResult.Applied applied) {
            var changes = applied.moves().stream().map(Change::of).toList();
            if (!dryRun) {
                audit.record(operator.name(), action.wire(), "run", runId, operator.reason(), changes);
            }
            return new ActionAnswer(runId, applied.state().name(), dryRun, changes);
        }
        if (result instanceof ActionResult.Illegal illegal) {
            throw ProblemException.of(409, "illegal-action", "The action is not legal now")
                    .detail("The run is " + illegal.currentState() + "; allowed are "
                            + illegal.allowedActions().stream()
                                    .map(RunAction::wire)
                                    .sorted()
                                    .toList() + ".")
                    .member("currentState", illegal.currentState().name())
                    .member(
                            "allowedActions",
                            illegal.allowedActions().stream()
                                    .map(RunAction::wire)
                                    .sorted()
                                    .toList());
        }
        throw unknownRun(runId);
    }

    static ProblemException unknownRun(String runId) {
        return ProblemException.of(404, "not-found", "Not found").detail("There is no run " + runId + ".");
    }

    /** @param changes every state that changed, or in a dry run would change */
    record ActionAnswer(String runId, String state, boolean dryRun, List<Change> changes) {}

    record Change(
            String runId,
            @org.jspecify.annotations.Nullable String taskRunId,
            @org.jspecify.annotations.Nullable String from,
            String to) {

        static Change of(Move move) {
            return new Change(move.runId(), move.taskRunId(), move.from(), move.to());
        }
    }
}
