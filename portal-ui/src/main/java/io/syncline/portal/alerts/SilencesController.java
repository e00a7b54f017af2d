package io.syncline.portal.alerts;

import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Of which alerts nobody is told for a while. */
@Controller
class SilencesController {

    private static final String READ = "runs:read";
    private static final String OPERATE = "runs:operate";
    private static final int MOST_ALERTS = 200;

    private final Platform platform;

    SilencesController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/alerts/silences")
    String silences(@RequestParam(required = false) @Nullable String cursor, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/silences")
                        .query("limit", 50)
                        .query("cursor", cursor)
                        .needs(READ),
                SilenceView.Part.class);
        model.addAttribute(
                "rows",
                list.items().stream()
                        .map(silence -> SilenceRow.of(silence, moments))
                        .toList());
        model.addAttribute("isFirstPage", cursor == null);
        model.addAttribute("nextCursor", list.nextCursor());
        return "silences";
    }

    @GetMapping("/alerts/silences/new")
    String form(@ModelAttribute("form") SilenceForm form, Moments moments, Model model) {
        var begun = form.begun(moments);
        model.addAttribute("form", begun);
        model.addAttribute("faults", FormFaults.NONE);
        if (begun.faults(moments).isEmpty()) {
            model.addAttribute("preview", preview(begun, moments));
        }
        return page(model);
    }

    /** What it would hide, by what is filled in so far; it makes nothing. */
    @PostMapping("/alerts/silences/preview")
    String preview(@ModelAttribute("form") SilenceForm form, Moments moments, Model model) {
        var faults = form.faults(moments);
        model.addAttribute("faults", FormFaults.NONE);
        model.addAttribute(
                "preview",
                faults.isEmpty()
                        ? preview(form, moments)
                        : Preview.not(faults.all().get(0).text()));
        return page(model);
    }

    @PostMapping("/alerts/silences")
    String create(
            @ModelAttribute("form") SilenceForm form,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var faults = form.faults(moments);
        if (faults.isEmpty()) {
            try {
                var silence = platform.ask(
                        ApiCall.post("/api/v1/silences")
                                .body(form.body(moments))
                                .needs(OPERATE),
                        SilenceView.class);
                redirect.addFlashAttribute(
                        "done",
                        "The silence is made: until %s nobody is told of what matches."
                                .formatted(moments.of(silence.until()).text()));
                return "redirect:/alerts/silences";
            } catch (PlatformException refusal) {
                if (!refusal.isAboutForm()) {
                    throw refusal;
                }
                faults = FormFaults.of(refusal, form::fieldOf);
            }
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("faults", faults);
        return page(model);
    }

    @PostMapping("/alerts/silences/{silenceId}/end")
    String end(@PathVariable String silenceId, RedirectAttributes redirect) {
        try {
            platform.tell(ApiCall.delete("/api/v1/silences/{id}", silenceId).needs(OPERATE));
            redirect.addFlashAttribute("done", "The silence has ended. What is still open of it is told now.");
        } catch (PlatformException refusal) {
            if (refusal.kind() != PlatformException.Kind.CONFLICT) {
                throw refusal;
            }
            redirect.addFlashAttribute("done", "The silence had ended already.");
        }
        return "redirect:/alerts/silences";
    }

    private Preview preview(SilenceForm form, Moments moments) {
        try {
            var trial = platform.ask(
                    ApiCall.post("/api/v1/silences")
                            .query("dryRun", true)
                            .body(form.trial(moments))
                            .needs(OPERATE),
                    SilenceView.class);
            return named(Objects.requireNonNullElse(trial.quiets(), List.of()));
        } catch (PlatformException refusal) {
            return Preview.not(refusal.words());
        }
    }

    private Preview named(List<String> alertIds) {
        if (alertIds.isEmpty()) {
            return new Preview(null, List.of());
        }
        var titles = platform
                .ask(
                        ApiCall.get("/api/v1/alerts")
                                .query("state", "OPEN")
                                .query("state", "ACKNOWLEDGED")
                                .query("limit", MOST_ALERTS)
                                .needs(READ),
                        AlertView.Part.class)
                .items()
                .stream()
                .collect(Collectors.toMap(AlertView::alertId, AlertView::title));
        var hidden = new ArrayList<Hidden>();
        alertIds.forEach(id -> hidden.add(new Hidden(id, titles.getOrDefault(id, id))));
        return new Preview(null, hidden);
    }

    private static String page(Model model) {
        model.addAttribute("conditions", AlertFilter.CONDITIONS);
        return "silence-form";
    }

    /** @param trouble why there is none; null: there is */
    record Preview(@Nullable String trouble, List<Hidden> hidden) {

        static Preview not(String why) {
            return new Preview(why, List.of());
        }
    }

    /** An open alert of which nobody would be told. */
    record Hidden(String alertId, String title) {}
}
