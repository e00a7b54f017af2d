package io.syncline.portal.settings;

import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.FieldDiff;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.JsonNode;

/** Changes that take a second person. */
@Controller
class ChangesController {

    private static final String WRITE = "config:write";
    private static final List<String> STATES = List.of("PENDING", "APPLIED", "REJECTED", "STALE", "FAILED", "EXPIRED");

    private final Platform platform;

    ChangesController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/settings/changes")
    String changes(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        try {
            var list = platform.ask(
                    ApiCall.get("/api/v1/changes")
                            .query("state", state)
                            .query("limit", 50)
                            .query("cursor", cursor)
                            .needs(WRITE),
                    ChangeView.Part.class);
            model.addAttribute(
                    "rows",
                    list.items().stream().map(change -> change.row(moments)).toList());
            model.addAttribute("state", state);
            model.addAttribute("states", STATES);
            model.addAttribute("isFirstPage", cursor == null);
            model.addAttribute("nextCursor", list.nextCursor());
            return "changes";
        } catch (PlatformException refusal) {
            return NotAllowed.page(refusal, "changes", "Pending changes", model, response);
        }
    }

    @GetMapping("/settings/changes/{changeId}")
    String change(@PathVariable String changeId, Moments moments, Model model) {
        var change = read(changeId);
        model.addAttribute("change", change.row(moments));
        model.addAttribute("diff", FieldDiff.between(change.before(), change.after()));
        model.addAttribute("hasAnswer", "APPLIED".equals(change.state()) && !"DELETE".equals(change.method()));
        return "change";
    }

    @GetMapping("/settings/changes/{changeId}/approve")
    String askToApprove(@PathVariable String changeId, Moments moments, Model model) {
        return asked(approval(read(changeId), moments), model);
    }

    @PostMapping("/settings/changes/{changeId}/approve")
    String approve(
            @PathVariable String changeId,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String key,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            platform.tell(ApiCall.post("/api/v1/changes/{id}/approve", changeId)
                    .body(Map.of("reason", reason))
                    .once(key)
                    .needs(WRITE));
        } catch (PlatformException refusal) {
            return refused(refusal, approval(read(changeId), moments), reason, model, response);
        }
        redirect.addFlashAttribute("done", "Approved, and carried out in the name of who has proposed it.");
        return "redirect:/settings/changes/{changeId}";
    }

    @GetMapping("/settings/changes/{changeId}/reject")
    String askToReject(@PathVariable String changeId, Moments moments, Model model) {
        return asked(rejection(read(changeId), moments), model);
    }

    @PostMapping("/settings/changes/{changeId}/reject")
    String reject(
            @PathVariable String changeId,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String key,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            platform.tell(ApiCall.post("/api/v1/changes/{id}/reject", changeId)
                    .body(Map.of("reason", reason))
                    .once(key)
                    .needs(WRITE));
        } catch (PlatformException refusal) {
            return refused(refusal, rejection(read(changeId), moments), reason, model, response);
        }
        redirect.addFlashAttribute("done", "Rejected; nothing was changed.");
        return "redirect:/settings/changes/{changeId}";
    }

    /** What the change was answered with, such as a set-up code: told once, to who has proposed it. */
    @PostMapping("/settings/changes/{changeId}/answer")
    String answer(@PathVariable String changeId, Model model, RedirectAttributes redirect) {
        try {
            var answer = platform.ask(
                    ApiCall.get("/api/v1/changes/{id}/answer", changeId).needs(WRITE), JsonNode.class);
            model.addAttribute("changeId", changeId);
            model.addAttribute("answer", answer.toPrettyString());
            return "change-answer";
        } catch (PlatformException refusal) {
            if (refusal.kind() != PlatformException.Kind.UNKNOWN) {
                throw refusal;
            }
            redirect.addFlashAttribute(
                    "done", "There is no answer, or it was told already; only the proposer is told.");
            return "redirect:/settings/changes/{changeId}";
        }
    }

    private ChangeView read(String changeId) {
        return platform.ask(ApiCall.get("/api/v1/changes/{id}", changeId).needs(WRITE), ChangeView.class);
    }

    private static Confirmation approval(ChangeView change, Moments moments) {
        var what = change.row(moments).what();
        return Confirmation.of(
                        "Approve: " + what,
                        "It is carried out at once, in the name of " + change.proposedBy() + ".",
                        "Approve: " + what,
                        "/settings/changes/" + change.changeId() + "/approve",
                        "/settings/changes/" + change.changeId(),
                        true)
                .affecting(lines(change));
    }

    private static Confirmation rejection(ChangeView change, Moments moments) {
        var what = change.row(moments).what();
        return Confirmation.of(
                        "Reject: " + what,
                        "Nothing is changed; " + change.proposedBy() + " would have to propose it anew.",
                        "Reject: " + what,
                        "/settings/changes/" + change.changeId() + "/reject",
                        "/settings/changes/" + change.changeId(),
                        true)
                .affecting(lines(change));
    }

    private static List<String> lines(ChangeView change) {
        return FieldDiff.between(change.before(), change.after()).stream()
                .map(line -> line.word() + " " + line.text())
                .toList();
    }

    private static String asked(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.SETTINGS);
    }

    private static String refused(
            PlatformException refusal,
            Confirmation confirmation,
            String reason,
            Model model,
            HttpServletResponse response) {
        if (!refusal.isAboutForm()) {
            throw refusal;
        }
        response.setStatus(refusal.formStatus().value());
        return asked(confirmation.refused(reason, refusal), model);
    }
}
