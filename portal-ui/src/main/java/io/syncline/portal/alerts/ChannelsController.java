package io.syncline.portal.alerts;

import io.syncline.portal.page.DocumentController;
import io.syncline.portal.page.EditedDocument;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.page.StateMark;
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

/** How people are told. Secrets go to the platform and never come back. */
@Controller
class ChannelsController extends DocumentController {

    private static final String ONE = "/api/v1/channels/{key}";
    private static final String LIST = "/alerts/channels";

    ChannelsController(Platform platform) {
        super(platform, "channel", ONE, LIST, Place.ALERTS);
    }

    @GetMapping(LIST)
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

    @GetMapping(LIST + "/{key}")
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

    @GetMapping(LIST + "/new")
    String fresh(@RequestParam(defaultValue = "email") String type, Model model) {
        model.addAttribute(
                "document", EditedDocument.fresh(ChannelSkeleton.of(type).document()));
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
        return "The channel is stored. Send a test message to see that it arrives.";
    }

    @Override
    protected String afterStoring(String key) {
        return LIST + "/" + key;
    }

    @Override
    protected String consequence() {
        return "Nobody is told over it any more, and its secrets are forgotten. While a group names it, it stays.";
    }

    @Override
    protected String form(@Nullable String key, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("faults", faults);
        model.addAttribute("types", ChannelSkeleton.types());
        return "channel-form";
    }

    @PostMapping(LIST + "/{key}/test")
    String test(@PathVariable String key, RedirectAttributes redirect) {
        var result =
                platform.ask(ApiCall.post("/api/v1/channels/{key}/test", key).needs(WRITE), TestResult.class);
        redirect.addFlashAttribute("test", result);
        return "redirect:/alerts/channels/{key}";
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
