package io.syncline.portal.runs;

import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.LocalPath;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/** Actions on one run or one task run: asked for with what they would change, then done. */
@Controller
class RunActionsController {

    private static final String READ = "runs:read";
    private static final String OPERATE = "runs:operate";

    /** The platform wants one; a dry run keeps none. */
    private static final String REASON_OF_DRY_RUN = "to show what would change";

    private final Platform platform;

    RunActionsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/runs/{runId}/actions/{action}")
    String ask(
            @PathVariable String runId,
            @PathVariable String action,
            @RequestParam(required = false) @Nullable String back,
            Model model) {
        var deed = deed(action);
        return page(question(runId, deed, back), model);
    }

    @PostMapping("/runs/{runId}/actions/{action}")
    String act(
            @PathVariable String runId,
            @PathVariable String action,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam String key,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        var deed = deed(action);
        try {
            var answer = platform.ask(order(runId, deed, reason).once(key), ActionAnswer.class);
            flash.addFlashAttribute("done", deed.done());
            var made = answer.newRun() == null ? null : answer.newRun().runId();
            return made == null ? "redirect:" + wayBack(back, pathOfRun(runId)) : "redirect:" + pathOfRun(made);
        } catch (PlatformException refusal) {
            return again(unforeseen(runId, deed, back), reason, refusal, model, response);
        }
    }

    @GetMapping("/task-runs/{taskRunId}/actions/{action}")
    String askOfTask(
            @PathVariable String taskRunId,
            @PathVariable String action,
            @RequestParam(required = false) @Nullable String callbackId,
            @RequestParam(required = false) @Nullable String back,
            Model model) {
        var deed = deedOnTask(action);
        var task = task(taskRunId);
        var foreseen = platform.ask(
                orderOfTask(taskRunId, deed, callbackId, REASON_OF_DRY_RUN).query("dryRun", true), ActionAnswer.class);
        return page(question(task, deed, callbackId, back).affecting(foreseen.lines(run(task.runId()))), model);
    }

    @PostMapping("/task-runs/{taskRunId}/actions/{action}")
    String actOnTask(
            @PathVariable String taskRunId,
            @PathVariable String action,
            @RequestParam(required = false) @Nullable String callbackId,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam String key,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        var deed = deedOnTask(action);
        var task = task(taskRunId);
        try {
            platform.tell(orderOfTask(taskRunId, deed, callbackId, reason).once(key));
        } catch (PlatformException refusal) {
            return again(question(task, deed, callbackId, back), reason, refusal, model, response);
        }
        flash.addFlashAttribute("done", task.task() + ": " + deed.done());
        return "redirect:" + wayBack(back, pathOfRun(task.runId()));
    }

    private Confirmation question(String runId, RunDeed deed, @Nullable String back) {
        var foreseen = platform.ask(order(runId, deed, REASON_OF_DRY_RUN).query("dryRun", true), ActionAnswer.class);
        return unforeseen(runId, deed, back).affecting(foreseen.lines(run(runId)));
    }

    /** Without what would change, which after a refusal is nothing. */
    private Confirmation unforeseen(String runId, RunDeed deed, @Nullable String back) {
        var title = deed.verb() + " " + (deed == RunDeed.CANCEL ? "" : "run ") + RunRow.shortened(runId);
        return Confirmation.of(
                title,
                deed.consequence(),
                deed == RunDeed.CANCEL ? title : deed.label(),
                pathOfRun(runId) + "/actions/" + deed.path(),
                back == null ? pathOfRun(runId) : back,
                deed.isHard());
    }

    private static Confirmation question(
            TaskOfRun task, TaskDeed deed, @Nullable String callbackId, @Nullable String back) {
        var target = UriComponentsBuilder.fromPath("/task-runs/{id}/actions/" + deed.wire());
        var values = new HashMap<String, Object>(Map.of("id", task.taskRunId()));
        if (callbackId != null) {
            target.queryParam("callbackId", "{callback}");
            values.put("callback", callbackId);
        }
        return Confirmation.of(
                deed.verb() + " task " + task.task(),
                deed.consequence(),
                deed.label() + (deed.isHard() ? " (" + task.task() + ")" : ""),
                target.encode().buildAndExpand(values).toUriString(),
                back == null ? pathOfRun(task.runId()) : back,
                deed.isHard());
    }

    private static ApiCall order(String runId, RunDeed deed, String reason) {
        var body = new HashMap<String, String>(deed.arguments());
        body.put("reason", reason.strip());
        return ApiCall.post(deed.apiPath(), runId).body(body).needs(OPERATE);
    }

    private static ApiCall orderOfTask(String taskRunId, TaskDeed deed, @Nullable String callbackId, String reason) {
        var body = new HashMap<String, String>(Map.of("reason", reason.strip()));
        if (callbackId != null && deed == TaskDeed.ACCEPT_LATE) {
            body.put("callbackId", callbackId);
        }
        return ApiCall.post("/api/v1/task-runs/{taskRunId}/actions/" + deed.wire(), taskRunId)
                .body(body)
                .needs(OPERATE);
    }

    private RunView run(String runId) {
        return platform.ask(ApiCall.get("/api/v1/runs/{runId}", runId).needs(READ), RunView.class);
    }

    private TaskOfRun task(String taskRunId) {
        return platform.ask(
                ApiCall.get("/api/v1/task-runs/{taskRunId}", taskRunId).needs(READ), TaskOfRun.class);
    }

    record TaskOfRun(String taskRunId, String runId, String task) {}

    private static String again(
            Confirmation question,
            String reason,
            PlatformException refusal,
            Model model,
            HttpServletResponse response) {
        if (!refusal.isAboutForm()) {
            throw refusal;
        }
        response.setStatus(refusal.formStatus().value());
        return page(question.refused(reason, refusal), model);
    }

    private static String page(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.RUNS);
    }

    private static String pathOfRun(String runId) {
        return UriComponentsBuilder.fromPath("/runs/{id}")
                .encode()
                .buildAndExpand(runId)
                .toUriString();
    }

    private static String wayBack(@Nullable String back, String otherwise) {
        return LocalPath.of(back).map(LocalPath::text).orElse(otherwise);
    }

    private static RunDeed deed(String action) {
        return RunDeed.of(action).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static TaskDeed deedOnTask(String action) {
        return TaskDeed.of(action).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
