package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.RunActions.ActionAnswer;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What operators do to one task run. */
@RestController
class TaskActionsController {

    private final RunViews views;
    private final RunActions actions;
    private final ActionArguments arguments;
    private final JsonMapper json;

    TaskActionsController(RunViews views, RunActions actions, ActionArguments arguments, JsonMapper json) {
        this.views = views;
        this.actions = actions;
        this.arguments = arguments;
        this.json = json;
    }

    /** Makes its next call due now; limits and breaker hold. */
    @PostMapping(path = "/api/v1/task-runs/{taskRunId}/actions/call-now", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer callNow(
            Caller caller,
            @PathVariable String taskRunId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(TaskAction.CALL_NOW, caller, taskRunId, dryRun, body);
    }

    /** Reopens it, and what was cancelled for its failure. */
    @PostMapping(path = "/api/v1/task-runs/{taskRunId}/actions/retry", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer retry(
            Caller caller,
            @PathVariable String taskRunId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(TaskAction.RETRY, caller, taskRunId, dryRun, body);
    }

    /** Leaves it out: what is behind it goes on. */
    @PostMapping(path = "/api/v1/task-runs/{taskRunId}/actions/skip", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer skip(
            Caller caller,
            @PathVariable String taskRunId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(TaskAction.SKIP, caller, taskRunId, dryRun, body);
    }

    /** Takes it for completed on the word of the operator. */
    @PostMapping(path = "/api/v1/task-runs/{taskRunId}/actions/mark-done", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer markDone(
            Caller caller,
            @PathVariable String taskRunId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(TaskAction.MARK_DONE, caller, taskRunId, dryRun, body);
    }

    /** Judges a report of completion that came after its end anew. */
    @PostMapping(
            path = "/api/v1/task-runs/{taskRunId}/actions/accept-late",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer acceptLate(
            Caller caller,
            @PathVariable String taskRunId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(TaskAction.ACCEPT_LATE, caller, taskRunId, dryRun, body);
    }

    private ActionAnswer act(
            TaskAction action, Caller caller, String taskRunId, @Nullable String dryRun, byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        if (!views.taskRunExists(taskRunId, caller.labels())) {
            throw RunActions.unknownTaskRun(taskRunId);
        }
        var taken = arguments.of(action, sent);
        var reason = sent.reason();
        sent.valid();
        return actions.act(
                taskRunId, action, taken, new Operator(caller.subject(), reason), caller.labels(), onlyAsked);
    }
}
