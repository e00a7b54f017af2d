package io.syncline.portal.schedule;

import io.syncline.portal.page.DocumentController;
import io.syncline.portal.page.EditedDocument;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
class CalendarsController extends DocumentController {

    private static final String ONE = "/api/v1/calendars/{key}";
    private static final String LIST = "/schedule/calendars";
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

    CalendarsController(Platform platform) {
        super(platform, "calendar", ONE, LIST, Place.SCHEDULE);
    }

    @GetMapping(LIST)
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

    @GetMapping(LIST + "/{key}")
    String calendar(@PathVariable String key, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("document", read(key));
        return "calendar";
    }

    @GetMapping(LIST + "/new")
    String fresh(Model model) {
        model.addAttribute("document", EditedDocument.fresh(SKELETON));
        return form(null, FormFaults.NONE, model);
    }

    @GetMapping(LIST + "/{key}/edit")
    String edit(@PathVariable String key, Model model) {
        model.addAttribute("document", read(key));
        return form(key, FormFaults.NONE, model);
    }

    @PostMapping(LIST)
    String store(
            @ModelAttribute("document") EditedDocument document,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return create(document, model, response, redirect);
    }

    @PostMapping(LIST + "/{key}")
    String store(
            @PathVariable String key,
            @ModelAttribute("document") EditedDocument document,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return replace(key, document, model, response, redirect);
    }

    @Override
    protected String stored() {
        return "The calendar is stored; schedules that name it go by it at once.";
    }

    @Override
    protected String afterStoring(String key) {
        return LIST;
    }

    @Override
    protected String consequence() {
        return "While the schedule of a group names it, it stays.";
    }

    @Override
    protected String form(@Nullable String key, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("faults", faults);
        return "calendar-form";
    }

    @GetMapping(LIST + "/{key}/delete")
    String askToDelete(@PathVariable String key, Model model) {
        return askWhetherToDelete(key, model);
    }

    @PostMapping(LIST + "/{key}/delete")
    String delete(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String entityTag,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return deleteFor(reason, key, entityTag, model, response, redirect);
    }

    /** A page of calendars as the platform answers it. */
    record Part(List<Item> items, @Nullable String nextCursor) {

        record Item(String key, int version, List<String> labels, int holidays, Instant changedAt, String changedBy) {}
    }

    record Row(String key, int version, List<String> labels, int holidays, Moment changed, String changedBy) {}
}
