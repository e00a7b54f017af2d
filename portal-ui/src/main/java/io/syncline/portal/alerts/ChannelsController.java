package io.syncline.portal.alerts;

import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.EditedDocument;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.page.StateMark;
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

/** How people are told. Secrets go to the platform and never come back. */
@Controller
class ChannelsController {

    private static final String ONE = "/api/v1/channels/{key}";
    private static final String READ = "config:read";
    private static final String WRITE = "config:write";

    private final Platform platform;

    ChannelsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/alerts/channels")
    String channels(@RequestParam(required = false) @Nullable String cursor, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/channels")
                        .query("limit", 100)
                        .query("cursor", cursor)
                        .needs(READ),
                ChannelView.Part.class);
        model.addAttribute(
                "rows",
                list.items().stream().map(channel -> channel.row(moments)).toList());
        model.addAttribute("types", ChannelSkeleton.types());
        model.addAttribute("isFirstPage", cursor == null);
        model.addAttribute("nextCursor", list.nextCursor());
        return "channels";
    }

    @GetMapping("/alerts/channels/{key}")
    String channel(
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String cursor,
            Moments moments,
            Model model) {
        var channel = platform.ask(ApiCall.get(ONE, key).needs(READ), ChannelView.class);
        var log = platform.ask(
                ApiCall.get("/api/v1/channels/{key}/deliveries", key)
                        .query("limit", 25)
                        .query("cursor", cursor)
                        .needs("runs:read"),
                Log.class);
        model.addAttribute("channel", channel.row(moments));
        model.addAttribute(
                "deliveries",
                log.items().stream().map(delivery -> delivery.row(moments)).toList());
        model.addAttribute("isFirstPage", cursor == null);
        model.addAttribute("nextCursor", log.nextCursor());
        return "channel";
    }

    @GetMapping("/alerts/channels/new")
    String fresh(@RequestParam(defaultValue = "email") String type, Model model) {
        model.addAttribute(
                "document", EditedDocument.fresh(ChannelSkeleton.of(type).document()));
        return form(null, FormFaults.NONE, model);
    }

    @GetMapping("/alerts/channels/{key}/edit")
    String edit(@PathVariable String key, Model model) {
        var answer = platform.answer(EditedDocument.reading(ONE, key).needs(READ));
        model.addAttribute("document", EditedDocument.of(answer));
        return form(key, FormFaults.NONE, model);
    }

    @PostMapping("/alerts/channels")
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

    @PostMapping("/alerts/channels/{key}")
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
            platform.tell(document.storing(ONE, key).needs(WRITE));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return form(edited, FormFaults.of(refusal, pointer -> "text"), model);
        }
        redirect.addFlashAttribute("done", "The channel is stored. Send a test message to see that it arrives.");
        return "redirect:/alerts/channels/" + key;
    }

    private static String form(@Nullable String key, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("faults", faults);
        model.addAttribute("types", ChannelSkeleton.types());
        return "channel-form";
    }

    @PostMapping("/alerts/channels/{key}/test")
    String test(@PathVariable String key, RedirectAttributes redirect) {
        var result =
                platform.ask(ApiCall.post("/api/v1/channels/{key}/test", key).needs(WRITE), TestResult.class);
        redirect.addFlashAttribute("test", result);
        return "redirect:/alerts/channels/{key}";
    }

    @GetMapping("/alerts/channels/{key}/delete")
    String askToDelete(@PathVariable String key, Model model) {
        var tag = platform.answer(ApiCall.get(ONE, key).needs(READ)).entityTag();
        return deletion(key, tag == null ? "" : tag).view(model, Place.ALERTS);
    }

    @PostMapping("/alerts/channels/{key}/delete")
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
            return asked.withoutReason().view(model, Place.ALERTS);
        }
        try {
            platform.tell(ApiCall.delete(ONE, key)
                    .query("reason", reason)
                    .ifMatch(entityTag)
                    .needs(WRITE));
            redirect.addFlashAttribute("done", "The channel " + key + " is deleted.");
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(HttpStatus.CONFLICT.value());
            return asked.refused(reason, refusal).view(model, Place.ALERTS);
        }
        return "redirect:/alerts/channels";
    }

    private static Confirmation deletion(String key, String entityTag) {
        return Confirmation.of(
                        "Delete channel " + key,
                        "Nobody is told over it any more, and its secrets are forgotten. While a group names it, it stays.",
                        "Delete channel " + key,
                        "/alerts/channels/" + key + "/delete",
                        "/alerts/channels/" + key,
                        true)
                .sending("entityTag", List.of(entityTag));
    }

    /** How a test message went. */
    record TestResult(String status, @Nullable String detail, long tookMs) {

        public boolean isGood() {
            return status.equals("OK");
        }
    }

    /** What was told over a channel. */
    record Log(List<Delivery> items, @Nullable String nextCursor) {

        record Delivery(
                String alertId,
                String condition,
                String cause,
                String kind,
                String state,
                int deliveries,
                Instant createdAt,
                @Nullable Instant sentAt,
                @Nullable String lastCause) {

            Row row(Moments moments) {
                return new Row(
                        AlertMarks.ofDelivery(state),
                        alertId,
                        condition + ": " + cause,
                        AlertDetail.kind(kind),
                        deliveries,
                        moments.of(createdAt),
                        moments.orNull(sentAt),
                        lastCause);
            }
        }

        record Row(
                StateMark mark,
                String alertId,
                String about,
                String what,
                int tries,
                Moment created,
                @Nullable Moment sent,
                @Nullable String lastCause) {}
    }
}
