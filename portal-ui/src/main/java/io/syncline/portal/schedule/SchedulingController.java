package io.syncline.portal.schedule;

import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Person;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Holds the clock of the whole platform, and lets it go on. */
@Controller
class SchedulingController {

    private static final String HOME = "/schedule";
    private static final String WRITE = "config:write";
    private static final String REASON_OF_DRY_RUN = "to show what would change";

    private final Platform platform;

    SchedulingController(Platform platform) {
        this.platform = platform;
    }

    /** As far as the portal can tell; the platform decides. */
    static boolean isAllowed(Person person) {
        return person.labels().contains("*") && person.may(WRITE);
    }

    /** What a pause or resume would do. */
    record Foreseen(int schedules) {}

    @GetMapping(HOME + "/{deed:pause|resume}")
    String ask(@PathVariable String deed, Model model, RedirectAttributes flash) {
        try {
            var foreseen = platform.ask(order(deed, REASON_OF_DRY_RUN).query("dryRun", true), Foreseen.class);
            return page(question(deed, foreseen.schedules()), model);
        } catch (PlatformException refusal) {
            if (refusal.kind() != PlatformException.Kind.CONFLICT) {
                throw refusal;
            }
            flash.addFlashAttribute("done", "Nothing was done. " + refusal.words());
            return "redirect:" + HOME;
        }
    }

    @PostMapping(HOME + "/{deed:pause|resume}")
    String act(
            @PathVariable String deed,
            @RequestParam(defaultValue = "0") int schedules,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable String typed,
            @RequestParam String key,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        var asked = question(deed, schedules);
        if (!asked.isMeant(typed)) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asked.notMeant(reason), model);
        }
        try {
            platform.tell(order(deed, reason).once(key));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return page(asked.refused(reason, refusal), model);
        }
        flash.addFlashAttribute(
                "done",
                isPause(deed)
                        ? "All scheduling is paused. Every page says so until it is resumed."
                        : "Schedules fire again. What was missed is made up for as each schedule says.");
        return "redirect:" + HOME;
    }

    private static ApiCall order(String deed, String reason) {
        return ApiCall.post("/api/v1/schedule/" + (isPause(deed) ? "pause" : "resume"))
                .body(Map.of("reason", reason.strip()))
                .needs(WRITE);
    }

    private static Confirmation question(String deed, int schedules) {
        var many = Numbers.counted(schedules, "schedule", "schedules");
        if (isPause(deed)) {
            return Confirmation.of(
                            "Pause all scheduling",
                            "No schedule of any group fires until somebody resumes: " + many
                                    + ". What is running goes on; messages and people go on to start runs.",
                            "Pause all scheduling",
                            HOME + "/pause",
                            HOME,
                            true)
                    .sending("schedules", List.of(String.valueOf(schedules)))
                    .typing(schedules);
        }
        return Confirmation.of(
                "Resume all scheduling",
                "Schedules fire again: " + many
                        + ". What came meanwhile was missed, and is made up for as each schedule says.",
                "Resume all scheduling",
                HOME + "/resume",
                HOME,
                false);
    }

    private static boolean isPause(String deed) {
        return deed.equals("pause");
    }

    private static String page(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.SCHEDULE);
    }
}
