package io.syncline.portal.systems;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
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

/** The list of systems, the page of one, its test, and its end. */
@Controller
class SystemsController {

    static final String WRITE = "config:write";
    private static final int PAGE_ROWS = 50;

    private final Platform platform;

    SystemsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/systems")
    String systems(@RequestParam(required = false) @Nullable String cursor, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/systems")
                        .query("limit", PAGE_ROWS)
                        .query("cursor", cursor)
                        .needs(StoredDocument.READ),
                SystemList.class);
        model.addAttribute(
                "rows",
                list.items().stream().map(item -> SystemRow.of(item, moments)).toList());
        model.addAttribute("nextCursor", list.nextCursor());
        model.addAttribute("isFirstPage", cursor == null || cursor.isBlank());
        return "systems";
    }

    @GetMapping("/systems/{key}")
    String system(@PathVariable String key, Moments moments, Model model) {
        return page(key, moments, model);
    }

    /** Calls the system for real; the answer is the page, since nobody keeps what a test has found. */
    @PostMapping("/systems/{key}/test")
    String test(
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String credential,
            Moments moments,
            Model model) {
        var body = credential == null || credential.isBlank() ? Map.of() : Map.of("credential", credential);
        try {
            model.addAttribute(
                    "test",
                    platform.ask(
                            ApiCall.post("/api/v1/systems/{key}/test", key)
                                    .body(body)
                                    .patiently()
                                    .needs(WRITE),
                            SystemTestView.class));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm() && refusal.kind() != PlatformException.Kind.UNAVAILABLE) {
                throw refusal;
            }
            model.addAttribute("testRefusal", refusal.words());
        }
        return page(key, moments, model);
    }

    @GetMapping("/systems/{key}/delete")
    String askToDelete(@PathVariable String key, Moments moments, Model model) {
        var system = read(key, moments);
        return confirm(question(system), model);
    }

    @PostMapping("/systems/{key}/delete")
    String delete(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String reason,
            Moments moments,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var system = read(key, moments);
        try {
            var answer = platform.answer(ApiCall.delete("/api/v1/systems/{key}", key)
                    .ifMatch(system.entityTag())
                    .query("detach", system.managedBy() == null ? null : true)
                    .query("reason", reason)
                    .needs(WRITE));
            after.addFlashAttribute("done", Approvals.words(answer, "The system " + key + " is deleted."));
            return "redirect:/systems";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(HttpStatus.CONFLICT.value());
            return confirm(question(system).refused(reason, refusal), model);
        }
    }

    private static Confirmation question(SystemView system) {
        var key = system.key();
        var affected = system.groups().isEmpty()
                ? List.of("No group within your reach calls it.", lines(system))
                : List.of(
                        "The platform refuses this while groups call it: " + String.join(", ", system.groups())
                                + (system.moreGroups() ? " and others" : "") + ". Change these groups first.",
                        lines(system));
        return Confirmation.of(
                        "Delete system " + key,
                        "Its document and its credentials go; what was called stays in the runs.",
                        "Delete system " + key,
                        "/systems/" + key + "/delete",
                        "/systems/" + key,
                        true)
                .affecting(affected);
    }

    private static String lines(SystemView system) {
        return system.credentials().isEmpty()
                ? "It has no credentials."
                : "Its credentials end: "
                        + String.join(
                                ", ",
                                system.credentials().stream()
                                        .map(CredentialRow::name)
                                        .toList())
                        + ".";
    }

    static String confirm(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.SYSTEMS);
    }

    private String page(String key, Moments moments, Model model) {
        var stored = StoredDocument.read(platform, key);
        var system = SystemView.of(stored.shown(), stored.entityTag(), moments);
        model.addAttribute("system", system);
        model.addAttribute("document", StoredDocument.readYaml(platform, key).text());
        return "system";
    }

    private SystemView read(String key, Moments moments) {
        var stored = StoredDocument.read(platform, key);
        return SystemView.of(stored.shown(), stored.entityTag(), moments);
    }
}
