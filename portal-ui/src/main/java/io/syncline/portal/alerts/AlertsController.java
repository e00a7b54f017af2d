package io.syncline.portal.alerts;

import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What is firing, and the page of one alert. */
@Controller
class AlertsController {

    private static final String READ = "runs:read";
    private static final String OPERATE = "runs:operate";

    private final Platform platform;

    AlertsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/alerts")
    String alerts(@ModelAttribute("filter") AlertFilter filter, Moments moments, Model model) {
        var question = ApiCall.get("/api/v1/alerts")
                .query("group", filter.group())
                .query("condition", filter.condition())
                .query("cursor", filter.cursor())
                .query("limit", 50)
                .needs(READ);
        for (var state : filter.states()) {
            question = question.query("state", state);
        }
        var list = platform.ask(question, AlertView.Part.class);
        model.addAttribute("conditions", AlertFilter.CONDITIONS);
        model.addAttribute(
                "rows",
                list.items().stream().map(alert -> AlertRow.of(alert, moments)).toList());
        model.addAttribute("nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor()));
        return "alerts";
    }

    @GetMapping("/alerts/{alertId}")
    String alert(@PathVariable String alertId, Moments moments, Model model) {
        return page(alertId, moments, model);
    }

    @PostMapping("/alerts/{alertId}/acknowledge")
    String acknowledge(
            @PathVariable String alertId,
            @RequestParam(defaultValue = "") String reason,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            platform.tell(ApiCall.post("/api/v1/alerts/{id}/acknowledge", alertId)
                    .body(Map.of("reason", reason))
                    .needs(OPERATE));
        } catch (PlatformException refusal) {
            return refused(refusal, "acknowledgeFault", reason, alertId, moments, model, response);
        }
        redirect.addFlashAttribute("done", "Acknowledged. Nobody is told more of it but its end.");
        return "redirect:/alerts/{alertId}";
    }

    /** To each channel whose last message was given up, that message once more. */
    @PostMapping("/alerts/{alertId}/resend")
    String resend(
            @PathVariable String alertId,
            @RequestParam(defaultValue = "") String reason,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var resent = platform.ask(
                    ApiCall.post("/api/v1/alerts/{id}/resend", alertId)
                            .body(Map.of("reason", reason))
                            .needs(OPERATE),
                    Resent.class);
            redirect.addFlashAttribute(
                    "done",
                    "Sent once more: %s over %s."
                            .formatted(
                                    Numbers.counted(resent.messages().size(), "message", "messages"),
                                    String.join(
                                            ", ",
                                            resent.messages().stream()
                                                    .map(Resent.Message::channel)
                                                    .toList())));
        } catch (PlatformException refusal) {
            return refused(refusal, "resendFault", reason, alertId, moments, model, response);
        }
        return "redirect:/alerts/{alertId}";
    }

    private String refused(
            PlatformException refusal,
            String field,
            String reason,
            String alertId,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        if (!refusal.isAboutForm()) {
            throw refusal;
        }
        model.addAttribute(field, refusal.words());
        model.addAttribute("typedReason", reason);
        response.setStatus(refusal.formStatus().value());
        return page(alertId, moments, model);
    }

    private String page(String alertId, Moments moments, Model model) {
        var alert = platform.ask(ApiCall.get("/api/v1/alerts/{id}", alertId).needs(READ), AlertView.class);
        model.addAttribute("alert", AlertRow.of(alert, moments));
        model.addAttribute(
                "members",
                orNone(alert.members()).stream()
                        .map(member -> AlertDetail.member(member, moments))
                        .toList());
        model.addAttribute(
                "hiddenMembers",
                Math.max(0, alert.count() - orNone(alert.members()).size()));
        model.addAttribute(
                "deliveries",
                orNone(alert.deliveries()).stream()
                        .map(delivery -> AlertDetail.delivery(delivery, moments))
                        .toList());
        model.addAttribute(
                "history",
                orNone(alert.history()).stream()
                        .map(event -> AlertDetail.event(event, moments))
                        .toList());
        return "alert";
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return Objects.requireNonNullElse(list, List.of());
    }

    /** What the platform has sent once more. */
    record Resent(List<Message> messages) {
        record Message(String channel) {}
    }
}
