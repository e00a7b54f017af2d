package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import io.syncline.portal.page.PortalProperties;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.runs.RunView.TaskRunView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of one run. */
@Controller
class RunController {

    private static final String READ = "runs:read";
    private static final int MOVES = 100;
    private static final List<RunDeed> HEAD =
            List.of(RunDeed.RERUN_FAILED, RunDeed.RERUN, RunDeed.RERUN_CURRENT, RunDeed.CANCEL);
    private static final List<RunDeed> RESOLUTIONS = List.of(RunDeed.ACKNOWLEDGE, RunDeed.RESOLVE, RunDeed.IGNORE);

    private final Platform platform;
    private final CurrentPerson people;
    private final PortalProperties properties;

    RunController(Platform platform, CurrentPerson people, PortalProperties properties) {
        this.platform = platform;
        this.people = people;
        this.properties = properties;
    }

    /** @param live set when the page's script asks for what has changed: then no body is read, as each reading is audited */
    @GetMapping("/runs/{runId}")
    String run(
            @PathVariable String runId,
            @RequestParam(required = false) @Nullable String task,
            @RequestParam(required = false) @Nullable String call,
            @RequestParam(required = false) @Nullable String zoom,
            @RequestParam(required = false) @Nullable String show,
            @RequestParam(required = false) @Nullable String history,
            @RequestHeader(name = "X-Live", required = false) @Nullable String live,
            Moments moments,
            Model model) {
        var run = platform.ask(ApiCall.get("/api/v1/runs/{runId}", runId).needs(READ), RunView.class);
        var person = people.session().person();
        model.addAttribute("runId", runId);
        model.addAttribute("run", run);
        model.addAttribute("head", RunRow.of(run, moments));
        model.addAttribute("purgedAt", moments.orNull(run.purgedAt()));
        var choices = Choice.ofRun(run, person, HEAD);
        model.addAttribute("actions", choices.stream().filter(Choice::isAllowed).toList());
        model.addAttribute(
                "otherActions",
                choices.stream().filter(choice -> !choice.isAllowed()).toList());
        model.addAttribute("resolutions", Choice.ofRun(run, person, RESOLUTIONS));
        model.addAttribute("resolution", ResolutionRow.of(run, moments));
        model.addAttribute(
                "tasks",
                run.taskRunsOrNone().stream()
                        .map(one -> TaskRow.of(one, runId, person, moments))
                        .toList());
        model.addAttribute("timeline", Timeline.of(run, Window.of(zoom), TaskKind.of(show), moments));
        model.addAttribute("traceAddress", traceAddress(run.traceId()));
        var moves = run.isPurged() ? History.NONE : history(runId, history, model);
        model.addAttribute("moves", moves.rows(moments));
        model.addAttribute("nextMoves", moves.nextCursor());
        model.addAttribute("story", Story.of(run, moves.items(), moments));
        if (task != null && call != null && live == null) {
            call(run, task, call, moments, model);
        }
        return "run";
    }

    /** The rest of the page stands without it. */
    private History history(String runId, @Nullable String cursor, Model model) {
        try {
            return platform.ask(
                    ApiCall.get("/api/v1/runs/{runId}/history", runId)
                            .query("limit", MOVES)
                            .query("cursor", cursor)
                            .needs(READ),
                    History.class);
        } catch (PlatformException trouble) {
            model.addAttribute("historyTrouble", trouble.words());
            return History.NONE;
        }
    }

    private void call(RunView run, String task, String callId, Moments moments, Model model) {
        var taskRunId = run.taskRunsOrNone().stream()
                .filter(one -> one.task().equals(task))
                .map(TaskRunView::taskRunId)
                .findFirst();
        if (taskRunId.isEmpty()) {
            model.addAttribute("callTrouble", "This run has no task " + task + ".");
            return;
        }
        try {
            var detail = platform.ask(
                    ApiCall.get("/api/v1/task-runs/{taskRunId}/calls/{callId}", taskRunId.get(), callId)
                            .needs(READ),
                    CallDetail.class);
            model.addAttribute("call", detail.view(moments));
        } catch (PlatformException trouble) {
            model.addAttribute("callTrouble", trouble.words());
        }
    }

    private @Nullable String traceAddress(@Nullable String traceId) {
        var pattern = properties.traceUrl();
        return pattern == null || traceId == null ? null : pattern.replace("{traceId}", traceId);
    }

    /** The sample of the keys that differ. */
    @GetMapping("/task-runs/{taskRunId}/differences.csv")
    ResponseEntity<String> differences(@PathVariable String taskRunId) {
        var task = platform.ask(
                ApiCall.get("/api/v1/task-runs/{taskRunId}", taskRunId).needs(READ), TaskRunView.class);
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/csv;charset=UTF-8"))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("differences-" + task.task() + ".csv")
                                .build()
                                .toString())
                .body(Differences.csv(Differences.of(task.result())));
    }
}
