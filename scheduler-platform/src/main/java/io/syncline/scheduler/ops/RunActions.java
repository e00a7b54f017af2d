package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.run.ActionResult;
import io.syncline.scheduler.run.KeptReports;
import io.syncline.scheduler.run.Move;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.run.RerunResult;
import io.syncline.scheduler.run.RerunVersion;
import io.syncline.scheduler.run.ResolutionStatus;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.run.TaskActionResult;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Carries out what operators do to runs, each action and its audit entry in one transaction. */
@Component
class RunActions {

    private final Runs runs;
    private final RunViews views;
    private final KeptReports reports;
    private final Audit audit;
    private final TransactionTemplate transaction;

    RunActions(Runs runs, RunViews views, KeptReports reports, Audit audit, PlatformTransactionManager transactions) {
        this.runs = runs;
        this.views = views;
        this.reports = reports;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** @throws ProblemException 404 for an unknown run, 409 when the action is not legal now */
    ActionAnswer act(
            String runId, RunAction action, Arguments arguments, Operator operator, Labels labels, boolean dryRun) {
        return alone(() -> attempt(runId, action, arguments, operator, labels, dryRun), dryRun);
    }

    /** @throws ProblemException 404 for an unknown task run, 409 when the action is not legal now */
    ActionAnswer act(
            String taskRunId,
            TaskAction action,
            Arguments arguments,
            Operator operator,
            Labels labels,
            boolean dryRun) {
        return alone(() -> attempt(taskRunId, action, arguments, operator, labels, dryRun), dryRun);
    }

    private ActionAnswer alone(Supplier<Attempt> action, boolean dryRun) {
        Attempt attempt;
        try {
            attempt = Objects.requireNonNull(transaction.execute(status -> {
                var result = action.get();
                if (dryRun) {
                    status.setRollbackOnly();
                }
                return result;
            }));
        } catch (QueueFullException e) {
            throw queueFull(e);
        }
        if (attempt instanceof Refused refused) {
            throw refused.problem();
        }
        return ((Done) attempt).answer();
    }

    /** Within the caller's transaction: done, or refused and nothing changed. A dry run is to be rolled back by the caller. */
    Attempt attempt(
            String runId, RunAction action, Arguments arguments, Operator operator, Labels labels, boolean dryRun) {
        if (!views.exists(runId, labels)) {
            return new Refused(unknownRun(runId));
        }
        return switch (action) {
            case CANCEL -> onRun(runId, action, arguments, runs.cancel(runId, operator, dryRun), operator, dryRun);
            case RERUN_FAILED ->
                onRun(runId, action, arguments, runs.rerunFailed(runId, operator, dryRun), operator, dryRun);
            case RESOLUTION ->
                onRun(
                        runId,
                        action,
                        arguments,
                        runs.resolve(
                                runId, Objects.requireNonNull(arguments.status()), arguments.until(), operator, dryRun),
                        operator,
                        dryRun);
            case RERUN -> rerun(runId, arguments, operator, dryRun);
        };
    }

    private Attempt onRun(
            String runId,
            RunAction action,
            Arguments arguments,
            ActionResult result,
            Operator operator,
            boolean dryRun) {
        if (result instanceof ActionResult.Applied applied) {
            var changes = changes(applied.moves());
            var details = new LinkedHashMap<String, Object>();
            if (arguments.status() != null) {
                details.put("status", arguments.status());
            }
            if (arguments.until() != null) {
                details.put("until", arguments.until());
            }
            audit(action.wire(), "run", runId, arguments, details, changes, operator, dryRun);
            return new Done(new ActionAnswer(runId, null, applied.state().name(), null, dryRun, null, changes));
        }
        if (result instanceof ActionResult.Illegal illegal) {
            return new Refused(illegal(illegal.currentState(), illegal.allowedActions()));
        }
        return new Refused(unknownRun(runId));
    }

    private Attempt rerun(String runId, Arguments arguments, Operator operator, boolean dryRun) {
        var result = runs.rerun(runId, arguments.version());
        if (result instanceof RerunResult.Started started) {
            var run = started.run();
            // The id of what is undone would only mislead.
            var newRunId = dryRun ? null : run.runId();
            var changes = dryRun
                    ? List.<Change>of()
                    : List.of(new Change(run.runId(), null, null, run.state().name()));
            var details = new LinkedHashMap<String, Object>();
            details.put("version", arguments.version());
            details.put("newRunId", run.runId());
            audit(RunAction.RERUN.wire(), "run", runId, arguments, details, changes, operator, dryRun);
            return new Done(new ActionAnswer(
                    runId,
                    null,
                    started.oldState().name(),
                    null,
                    dryRun,
                    new NewRunView(
                            newRunId,
                            run.group(),
                            started.groupVersion(),
                            run.state().name()),
                    changes));
        }
        if (result instanceof RerunResult.Illegal illegal) {
            return new Refused(illegal(illegal.currentState(), illegal.allowedActions()));
        }
        return new Refused(unknownRun(runId));
    }

    /** Within the caller's transaction: done, or refused and nothing changed. */
    Attempt attempt(
            String taskRunId,
            TaskAction action,
            Arguments arguments,
            Operator operator,
            Labels labels,
            boolean dryRun) {
        if (!views.taskRunExists(taskRunId, labels)) {
            return new Refused(unknownTaskRun(taskRunId));
        }
        var result = runs.act(taskRunId, action, arguments.callbackId(), reports, operator, dryRun);
        if (result instanceof TaskActionResult.Applied applied) {
            var changes = changes(applied.moves());
            var details = new LinkedHashMap<String, Object>();
            details.put("runId", applied.runId());
            if (arguments.callbackId() != null) {
                details.put("callbackId", arguments.callbackId());
            }
            audit(action.wire(), "task-run", taskRunId, arguments, details, changes, operator, dryRun);
            return new Done(new ActionAnswer(
                    applied.runId(),
                    taskRunId,
                    applied.state().name(),
                    applied.runState().name(),
                    dryRun,
                    null,
                    changes));
        }
        if (result instanceof TaskActionResult.Illegal illegal) {
            var allowed =
                    wire(illegal.allowedActions().stream().map(TaskAction::wire).toList());
            return new Refused(illegalAction("The task run is " + illegal.currentState() + " in a run that is "
                            + illegal.runState() + "; allowed are " + allowed + ".")
                    .member("currentState", illegal.currentState().name())
                    .member("allowedActions", allowed));
        }
        if (result instanceof TaskActionResult.Unbalanced unbalanced) {
            return new Refused(ProblemException.of(409, "unbalanced", "The late report does not balance")
                    .detail("The report was judged anew: " + unbalanced.detail()
                            + ". If the work is done nevertheless, use mark-done.")
                    .member("currentState", unbalanced.currentState().name())
                    .member(
                            "allowedActions",
                            wire(unbalanced.allowedActions().stream()
                                    .map(TaskAction::wire)
                                    .toList())));
        }
        if (result instanceof TaskActionResult.UnknownReport) {
            return new Refused(ProblemException.of(422, "invalid-body", "The body is not valid")
                    .detail("Correct what the errors name and send the call again.")
                    .error("/callbackId", "names no kept COMPLETED report of the last attempt", "unknown-callback"));
        }
        return new Refused(unknownTaskRun(taskRunId));
    }

    private void audit(
            String action,
            String kind,
            String key,
            Arguments arguments,
            LinkedHashMap<String, Object> details,
            List<Change> changes,
            Operator operator,
            boolean dryRun) {
        if (dryRun) {
            return;
        }
        if (arguments.bulkJob() != null) {
            details.put("bulk", arguments.bulkJob());
        }
        details.put("changes", changes);
        audit.record(operator.name(), action, kind, key, operator.reason(), details);
    }

    private static List<Change> changes(List<Move> moves) {
        return moves.stream().map(Change::of).toList();
    }

    private static ProblemException illegal(RunState state, Set<RunAction> allowedActions) {
        var allowed = wire(allowedActions.stream().map(RunAction::wire).toList());
        return illegalAction("The run is " + state + "; allowed are " + allowed + ".")
                .member("currentState", state.name())
                .member("allowedActions", allowed);
    }

    static ProblemException queueFull(QueueFullException full) {
        return ProblemException.of(429, "queue-full", "The queue of a task group is full")
                .detail("Group '" + full.group() + "' has " + full.maxQueued()
                        + " queued runs, as many as its maxQueued allows. Nothing was kept; do it again later.")
                .header("Retry-After", "10");
    }

    private static ProblemException illegalAction(String detail) {
        return ProblemException.of(409, "illegal-action", "The action is not legal now")
                .detail(detail);
    }

    private static List<String> wire(Collection<String> actions) {
        return actions.stream().sorted().toList();
    }

    static ProblemException unknownRun(String runId) {
        return ProblemException.of(404, "not-found", "Not found").detail("There is no run " + runId + ".");
    }

    static ProblemException unknownTaskRun(String taskRunId) {
        return ProblemException.of(404, "not-found", "Not found").detail("There is no task run " + taskRunId + ".");
    }

    /**
     * What some actions take besides the reason.
     *
     * @param version of a rerun
     * @param status of a resolution
     * @param callbackId of accept-late
     * @param bulkJob for which it is done, if for one
     */
    record Arguments(
            RerunVersion version,
            @Nullable ResolutionStatus status,
            @Nullable Instant until,
            @Nullable String callbackId,
            @Nullable String bulkJob) {

        static final Arguments NONE = new Arguments(RerunVersion.PINNED, null, null, null, null);
    }

    /** What became of an action. */
    sealed interface Attempt permits Done, Refused {}

    record Done(ActionAnswer answer) implements Attempt {}

    record Refused(ProblemException problem) implements Attempt {}

    /**
     * @param taskRunId and runState: of an action on a task run, whose state is {@code state} then
     * @param newRun of a rerun
     * @param changes every state that changed, or in a dry run would change
     */
    record ActionAnswer(
            String runId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String taskRunId,

            String state,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String runState,

            boolean dryRun,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            NewRunView newRun,

            List<Change> changes) {}

    record NewRunView(
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String runId,

            String group,
            int groupVersion,
            String state) {}

    record Change(
            String runId,
            @Nullable String taskRunId,
            @Nullable String from,
            String to) {

        static Change of(Move move) {
            return new Change(move.runId(), move.taskRunId(), move.from(), move.to());
        }
    }
}
