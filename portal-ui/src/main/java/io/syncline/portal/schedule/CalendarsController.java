package io.syncline.portal.schedule;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.EditedDocument;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
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

/** The days on which nothing fires. */
@Controller
class CalendarsController {

    private static final String ONE = "/api/v1/calendars/{key}";
    private static final String READ = "config:read";
    private static final String WRITE = "config:write";
    private static final String SKELETON = """
            apiVersion: syncline/v1
            kind: Calendar
            key: my-calendar
            labels: []
            zone: Europe/Berlin
            weekends: [SATURDAY, SUNDAY]
            yearly: ["12-25", "01-01"]
            holidays: ["2027-03-26"]
            """;

    private final Platform platform;

    CalendarsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/schedule/calendars")
    String calendars(@RequestParam(required = false) @Nullable String cursor, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/calendars")
                        .query("limit", 100)
                        .query("cursor", cursor)
                        .needs(READ),
                Part.class);
        model.addAttribute(
                "rows",
                list.items().stream()
                        .map(calendar -> new Row(
                                calendar.key(),
                                calendar.version(),
                                calendar.labels(),
                                calendar.holidays(),
                                moments.of(calendar.changedAt()),
                                calendar.changedBy()))
                        .toList());
        model.addAttribute("isFirstPage", cursor == null);
        model.addAttribute("nextCursor", list.nextCursor());
        return "calendars";
    }

    @GetMapping("/schedule/calendars/{key}")
    String calendar(@PathVariable String key, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("document", read(key));
        return "calendar";
    }

    @GetMapping("/schedule/calendars/new")
    String fresh(Model model) {
        model.addAttribute("document", EditedDocument.fresh(SKELETON));
        return form(null, FormFaults.NONE, model);
    }

    @GetMapping("/schedule/calendars/{key}/edit")
    String edit(@PathVariable String key, Model model) {
        model.addAttribute("document", read(key));
        return form(key, FormFaults.NONE, model);
    }

    @PostMapping("/schedule/calendars")
    String create(
            @ModelAttribute("document") EditedDocument document,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var key = document.key();
        if (key.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(null, FormFaults.about("text", "The document has no line \"key: …\"."), model);
        }
        return stored(null, key.get(), document, model, response, redirect);
    }

    @PostMapping("/schedule/calendars/{key}")
    String replace(
            @PathVariable String key,
            @ModelAttribute("document") EditedDocument document,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return stored(key, key, document, model, response, redirect);
    }

    private String stored(
            @Nullable String edited,
            String key,
            EditedDocument document,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var answer = platform.answer(document.storing(ONE, key).needs(WRITE));
            redirect.addFlashAttribute(
                    "done",
                    Approvals.words(answer, "The calendar is stored; schedules that name it go by it at once."));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return form(edited, FormFaults.of(refusal, pointer -> "text"), model);
        }
        return "redirect:/schedule/calendars";
    }

    private static String form(@Nullable String key, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("faults", faults);
        return "calendar-form";
    }

    @GetMapping("/schedule/calendars/{key}/delete")
    String askToDelete(@PathVariable String key, Model model) {
        var tag = read(key).entityTag();
        return deletion(key, tag == null ? "" : tag).view(model, Place.SCHEDULE);
    }

    @PostMapping("/schedule/calendars/{key}/delete")
    String delete(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String entityTag,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var asked = deletion(key, entityTag);
        if (reason.isBlank()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return asked.withoutReason().view(model, Place.SCHEDULE);
        }
        try {
            var answer = platform.answer(ApiCall.delete(ONE, key)
                    .query("reason", reason)
                    .ifMatch(entityTag)
                    .needs(WRITE));
            redirect.addFlashAttribute("done", Approvals.words(answer, "The calendar " + key + " is deleted."));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(HttpStatus.CONFLICT.value());
            return asked.refused(reason, refusal).view(model, Place.SCHEDULE);
        }
        return "redirect:/schedule/calendars";
    }

    private EditedDocument read(String key) {
        return EditedDocument.of(
                platform.answer(EditedDocument.reading(ONE, key).needs(READ)));
    }

    private static Confirmation deletion(String key, String entityTag) {
        return Confirmation.of(
                        "Delete calendar " + key,
                        "While the schedule of a group names it, it stays.",
                        "Delete calendar " + key,
                        "/schedule/calendars/" + key + "/delete",
                        "/schedule/calendars/" + key,
                        true)
                .sending("entityTag", List.of(entityTag));
    }

    /** A page of calendars as the platform answers it. */
    record Part(List<Item> items, @Nullable String nextCursor) {

        record Item(String key, int version, List<String> labels, int holidays, Instant changedAt, String changedBy) {}
    }

    record Row(String key, int version, List<String> labels, int holidays, Moment changed, String changedBy) {}
}
