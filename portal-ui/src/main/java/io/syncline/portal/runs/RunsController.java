package io.syncline.portal.runs;

import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.RunView;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;

/** The list of runs and the page of one; both say plainly when the platform does not tell. */
@Controller
class RunsController {

    private final Platform platform;
    private final Clock clock;

    RunsController(Platform platform, Clock clock) {
        this.platform = platform;
        this.clock = clock;
    }

    @GetMapping("/")
    String start() {
        return "redirect:/runs";
    }

    @GetMapping("/runs")
    String runs(@ModelAttribute("filter") RunFilter filter, Model model, HttpServletResponse response) {
        var now = clock.instant();
        pageOf(model, now);
        model.addAttribute("states", RunFilter.STATES);
        try {
            var list = platform.runs(filter.question());
            model.addAttribute(
                    "rows",
                    list.items().stream().map(run -> RunRow.of(run, now)).toList());
            model.addAttribute(
                    "nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor()));
        } catch (PlatformException trouble) {
            showTrouble(trouble, model, response);
        }
        return "runs";
    }

    @GetMapping("/runs/{runId}")
    String run(@PathVariable String runId, Model model, HttpServletResponse response) {
        var now = clock.instant();
        pageOf(model, now);
        model.addAttribute("runId", runId);
        try {
            var run = platform.run(runId);
            model.addAttribute("run", run);
            model.addAttribute("head", RunRow.of(run, now));
            model.addAttribute("tasks", tasksOf(run, now));
        } catch (PlatformException trouble) {
            showTrouble(trouble, model, response);
        }
        return "run";
    }

    private static List<TaskRow> tasksOf(RunView run, Instant now) {
        return run.taskRunsOrNone().stream().map(task -> TaskRow.of(task, now)).toList();
    }

    private static void pageOf(Model model, Instant now) {
        model.addAttribute("asOf", Moment.of(now, now));
    }

    private static void showTrouble(PlatformException trouble, Model model, HttpServletResponse response) {
        model.addAttribute("trouble", trouble);
        response.setStatus(
                switch (trouble.kind()) {
                    case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE.value();
                    case NOT_CONNECTED, UNREADABLE -> HttpStatus.BAD_GATEWAY.value();
                    case FORBIDDEN -> HttpStatus.FORBIDDEN.value();
                    case REFUSED_QUESTION -> HttpStatus.BAD_REQUEST.value();
                    case UNKNOWN -> HttpStatus.NOT_FOUND.value();
                });
    }
}
