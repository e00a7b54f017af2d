package io.syncline.scheduler.ops;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.ops.RunActions.ActionAnswer;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class RunsController {

    private final RunViews views;
    private final RunActions actions;
    private final ActionArguments arguments;
    private final PurgedRuns purged;
    private final CallDetails calls;
    private final JsonMapper json;

    RunsController(
            RunViews views,
            RunActions actions,
            ActionArguments arguments,
            PurgedRuns purged,
            CallDetails calls,
            JsonMapper json) {
        this.calls = calls;
        this.arguments = arguments;
        this.purged = purged;
        this.views = views;
        this.actions = actions;
        this.json = json;
    }

    /** Runs, newest first, by group, state, businessKey, overdue, from and to. */
    @GetMapping("/api/v1/runs")
    @RequiresScope(Scope.RUNS_READ)
    @Parameter(
            name = "group",
            in = ParameterIn.QUERY,
            description = "may stand here several times: any of them; with a - before it: none of them")
    @Parameter(
            name = "state",
            in = ParameterIn.QUERY,
            description = "may stand here several times: any of them; with a - before it: none of them")
    @Parameter(name = "businessKey", in = ParameterIn.QUERY, description = "may stand here several times: any of them")
    @Parameter(name = "overdue", in = ParameterIn.QUERY, description = "true: open runs with the flag OVERDUE")
    @Parameter(
            name = "unresolved",
            in = ParameterIn.QUERY,
            description = "true: failed runs that nobody has dealt with")
    @Parameter(name = "within", in = ParameterIn.QUERY, description = "made so long ago at most, such as PT24H")
    @Parameter(name = "from", in = ParameterIn.QUERY, description = "made at or after this time")
    @Parameter(name = "to", in = ParameterIn.QUERY, description = "made before this time")
    @Parameter(name = "limit", in = ParameterIn.QUERY, description = "1 to 200, 50 if left out")
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "nextCursor of the page before")
    PageView<RunView> runs(Caller caller, @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> query) {
        var filter = RunFilter.of(query);
        var page = PageRequest.of(query.getFirst("limit"), query.getFirst("cursor"));
        return views.page(filter, page.cursor(), page.limit(), caller);
    }

    /**
     * The same runs, counted by state over the time in which they were made: 30 days where neither {@code within} nor
     * {@code from} is told. Of each span 500 are counted at most.
     */
    @GetMapping("/api/v1/runs/histogram")
    @RequiresScope(Scope.RUNS_READ)
    @Parameter(
            name = "group",
            in = ParameterIn.QUERY,
            description = "may stand here several times: any of them; with a - before it: none of them")
    @Parameter(
            name = "state",
            in = ParameterIn.QUERY,
            description = "may stand here several times: any of them; with a - before it: none of them")
    @Parameter(name = "businessKey", in = ParameterIn.QUERY, description = "may stand here several times: any of them")
    @Parameter(name = "overdue", in = ParameterIn.QUERY, description = "true: open runs with the flag OVERDUE")
    @Parameter(
            name = "unresolved",
            in = ParameterIn.QUERY,
            description = "true: failed runs that nobody has dealt with")
    @Parameter(name = "within", in = ParameterIn.QUERY, description = "made so long ago at most, such as PT24H")
    @Parameter(name = "from", in = ParameterIn.QUERY, description = "made at or after this time")
    @Parameter(name = "to", in = ParameterIn.QUERY, description = "made before this time")
    RunHistogram histogram(Caller caller, @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> query) {
        return views.histogram(RunFilter.of(query), caller);
    }

    /** One run with its task runs, their calls and callbacks, and why each open one waits. */
    @GetMapping("/api/v1/runs/{runId}")
    @RequiresScope(Scope.RUNS_READ)
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {RunView.class, PurgedRunView.class})))
    Object run(Caller caller, @PathVariable String runId) {
        return views.run(runId, caller)
                .<Object>map(view -> view)
                .or(() -> purged.find(runId, caller.labels()))
                .orElseThrow(() -> RunActions.unknownRun(runId));
    }

    @GetMapping("/api/v1/task-runs/{taskRunId}")
    @RequiresScope(Scope.RUNS_READ)
    TaskRunView taskRun(Caller caller, @PathVariable String taskRunId) {
        return views.taskRun(taskRunId, caller).orElseThrow(() -> RunActions.unknownTaskRun(taskRunId));
    }

    /** What one call sent and got, secrets hidden; the bodies for those alone who may read payloads. */
    @GetMapping("/api/v1/task-runs/{taskRunId}/calls/{callId}")
    @RequiresScope(Scope.RUNS_READ)
    CallDetailView call(Caller caller, @PathVariable String taskRunId, @PathVariable String callId) {
        return calls.find(taskRunId, callId, caller)
                .orElseThrow(() -> ProblemException.of(404, "not-found", "Not found")
                        .detail("Task run " + taskRunId + " has no call " + callId + "."));
    }

    /** Every change of state of a run and of its task runs, oldest first; of a purged run none is left. */
    @GetMapping("/api/v1/runs/{runId}/history")
    @RequiresScope(Scope.RUNS_READ)
    PageView<MoveView> history(
            Caller caller,
            @PathVariable String runId,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        return views.history(runId, page.cursor(), page.limit(), caller.labels())
                .or(() -> purged.find(runId, caller.labels()).map(gone -> new PageView<>(List.of(), null)))
                .orElseThrow(() -> RunActions.unknownRun(runId));
    }

    /** Ends a run and all its open task runs at once. */
    @PostMapping(path = "/api/v1/runs/{runId}/actions/cancel", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer cancel(
            Caller caller,
            @PathVariable String runId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(RunAction.CANCEL, caller, runId, dryRun, body);
    }

    /** Reopens what failed and what that cancelled; what completed stays completed. */
    @PostMapping(path = "/api/v1/runs/{runId}/actions/rerun-failed", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer rerunFailed(
            Caller caller,
            @PathVariable String runId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(RunAction.RERUN_FAILED, caller, runId, dryRun, body);
    }

    /** Starts a new run of the same trigger message. */
    @PostMapping(path = "/api/v1/runs/{runId}/actions/rerun", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer rerun(
            Caller caller,
            @PathVariable String runId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(RunAction.RERUN, caller, runId, dryRun, body);
    }

    /** Says what people made of a failure; the state of the run stays. */
    @PostMapping(path = "/api/v1/runs/{runId}/resolution", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ActionAnswer resolution(
            Caller caller,
            @PathVariable String runId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(RunAction.RESOLUTION, caller, runId, dryRun, body);
    }

    private ActionAnswer act(
            RunAction action, Caller caller, String runId, @Nullable String dryRun, byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        if (!views.exists(runId, caller.labels())) {
            throw RunActions.unknownRun(runId);
        }
        var taken = arguments.of(action, sent);
        var reason = sent.reason();
        sent.valid();
        return actions.act(runId, action, taken, new Operator(caller.subject(), reason), caller.labels(), onlyAsked);
    }
}
