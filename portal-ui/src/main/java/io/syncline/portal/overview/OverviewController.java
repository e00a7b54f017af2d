package io.syncline.portal.overview;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Person;
import io.syncline.portal.platform.Platform;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class OverviewController {

    private static final String TAKEN = "taken";
    private static final String ALL = "all";

    private final Platform platform;

    OverviewController(Platform platform) {
        this.platform = platform;
    }

    /** @param show {@code taken} what somebody has taken up, {@code all} that as well; otherwise what nobody has */
    @GetMapping("/")
    String overview(
            @RequestParam(required = false) @Nullable String show,
            @ModelAttribute(name = "person", binding = false) @Nullable Person person,
            Moments moments,
            Model model) {
        var answer = platform.ask(ApiCall.get("/api/v1/overview").needs("runs:read"), OverviewAnswer.class);
        var operates = person != null && person.may("runs:operate");
        var rows = rows(answer.attention(), operates, moments);
        var taken = rows.stream().filter(row -> row.taken() != null).toList();
        var open = rows.stream().filter(row -> row.taken() == null).toList();
        var shown = TAKEN.equals(show) ? TAKEN : ALL.equals(show) ? ALL : "open";
        model.addAttribute("show", shown);
        model.addAttribute("rows", shown.equals(TAKEN) ? taken : shown.equals(ALL) ? rows : open);
        model.addAttribute("open", open.size());
        model.addAttribute("taken", taken.size());
        model.addAttribute("all", rows.size());
        model.addAttribute("more", answer.attention().more());
        model.addAttribute("operates", operates);
        model.addAttribute("lastFailure", moments.orNull(answer.lastFailure()));
        model.addAttribute(
                "running",
                answer.running().stream()
                        .map(run -> RunningRow.of(run, moments))
                        .toList());
        model.addAttribute("moreRunning", answer.moreRunning());
        model.addAttribute(
                "due", answer.due().stream().map(due -> DueRow.of(due, moments)).toList());
        model.addAttribute(
                "groups",
                answer.groups().stream()
                        .map(group -> GroupRow.of(group, moments))
                        .toList());
        model.addAttribute("moreGroups", answer.moreGroups());
        model.addAttribute("cluster", answer.cluster());
        return "overview";
    }

    /** Failures first, then what is late, then what did not come in, then the rest. */
    private static List<AttentionRow> rows(OverviewAnswer.Attention attention, boolean operates, Moments moments) {
        return Stream.of(
                        attention.failed().stream().map(failed -> AttentionRow.of(failed, operates, moments)),
                        attention.late().stream().map(late -> AttentionRow.of(late, operates, moments)),
                        attention.rejected().stream().map(rejected -> AttentionRow.of(rejected, moments)),
                        attention.alerts().stream().map(incident -> AttentionRow.of(incident, moments)))
                .flatMap(row -> row)
                .toList();
    }
}
