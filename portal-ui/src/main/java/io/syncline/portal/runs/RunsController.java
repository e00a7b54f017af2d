package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestHeader;

/** The list of runs. */
@Controller
class RunsController {

    private static final String READ = "runs:read";

    private final Platform platform;
    private final CurrentPerson people;

    RunsController(Platform platform, CurrentPerson people) {
        this.platform = platform;
        this.people = people;
    }

    /** @param live set when the page's script asks for what has changed, to which the histogram does not belong */
    @GetMapping("/runs")
    String runs(
            @ModelAttribute("filter") RunFilter filter,
            @RequestHeader(name = "X-Live", required = false) @Nullable String live,
            Moments moments,
            Model model) {
        var list = platform.ask(filter.question(moments).needs(READ), RunList.class);
        model.addAttribute("states", filter.stateOptions());
        model.addAttribute("spans", RunFilter.withinOptions(filter.chosenWithin()));
        model.addAttribute(
                "rows",
                list.items().stream().map(run -> RunRow.of(run, moments)).toList());
        model.addAttribute("nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor()));
        model.addAttribute("deeds", RunDeed.forMany());
        model.addAttribute("mayOperate", Choice.mayOperate(people.session().person()));
        if (live == null) {
            histogram(filter, moments, model);
        }
        return "runs";
    }

    /** The list stands without it. */
    private void histogram(RunFilter filter, Moments moments, Model model) {
        try {
            var answer = platform.ask(filter.histogramQuestion(moments).needs(READ), HistogramAnswer.class);
            model.addAttribute("histogram", Histogram.of(answer, filter, moments));
        } catch (PlatformException trouble) {
            model.addAttribute("histogramTrouble", trouble.words());
        }
    }
}
