package io.syncline.portal.groups;

import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
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

/** Starting a group by hand, after a look at what would start. */
@Controller
class StartController {

    private static final String TRY = "try";

    private final Groups groups;
    private final Platform platform;

    StartController(Groups groups, Platform platform) {
        this.groups = groups;
        this.platform = platform;
    }

    @GetMapping("/groups/{group}/start")
    String form(@PathVariable String group, Model model) {
        return page(group, StartForm.empty(), List.of(), model);
    }

    @PostMapping("/groups/{group}/start")
    String start(
            @PathVariable String group,
            @ModelAttribute("form") StartForm form,
            @RequestParam(name = "do", defaultValue = "start") String what,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var faults = form.faults();
        if (!faults.isEmpty()) {
            return wrong(group, form, faults, model, response);
        }
        var isTry = what.equals(TRY);
        try {
            var started = platform.ask(
                    ApiCall.post("/api/v1/groups/{key}/start", group)
                            .query("dryRun", isTry ? true : null)
                            .body(form.body())
                            .once(form.once())
                            .needs(Groups.OPERATE),
                    Started.class);
            if (isTry) {
                model.addAttribute("wouldStart", started.runs());
                return page(group, form, List.of(), model);
            }
            redirect.addFlashAttribute("done", "Group " + group + " is started.");
            return started.runs().isEmpty() || started.runs().get(0).runId() == null
                    ? "redirect:/runs?group=" + group
                    : "redirect:/runs/" + started.runs().get(0).runId();
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            return wrong(group, form, FormFault.of(refusal), model, response);
        }
    }

    private String wrong(
            String group, StartForm form, List<FormFault> faults, Model model, HttpServletResponse response) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(group, form, faults, model);
    }

    private String page(String group, StartForm form, List<FormFault> faults, Model model) {
        model.addAttribute("group", group);
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute("paused", groups.group(group).status().paused() != null);
        return "group-start";
    }

    record Started(List<Run> runs) {

        record Run(@Nullable String runId, String group, String state) {}
    }
}
