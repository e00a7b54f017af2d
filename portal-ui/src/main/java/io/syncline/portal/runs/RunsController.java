package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;

/** The list of runs and the page of one. */
@Controller
class RunsController {

    private static final String READ = "runs:read";

    private final Platform platform;

    RunsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/runs")
    String runs(@ModelAttribute("filter") RunFilter filter, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/runs").query(filter.question(moments)).needs(READ), RunList.class);
        model.addAttribute("states", RunFilter.STATES);
        model.addAttribute(
                "rows",
                list.items().stream().map(run -> RunRow.of(run, moments)).toList());
        model.addAttribute("nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor()));
        return "runs";
    }

    @GetMapping("/runs/{runId}")
    String run(@PathVariable String runId, Moments moments, Model model) {
        var run = platform.ask(ApiCall.get("/api/v1/runs/{runId}", runId).needs(READ), RunView.class);
        model.addAttribute("runId", runId);
        model.addAttribute("run", run);
        model.addAttribute("head", RunRow.of(run, moments));
        model.addAttribute(
                "tasks",
                run.taskRunsOrNone().stream()
                        .map(task -> TaskRow.of(task, moments))
                        .toList());
        return "run";
    }
}
