package io.syncline.portal.alerts;

import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.LocalPath;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** What the platform sends out and could not; what was given up is sent again or discarded, one by one or by its cause. */
@Controller
class DeliveryController {

    private static final String HOME = "/delivery";
    private static final String READ = "runs:read";
    private static final String OPERATE = "runs:operate";
    private static final int PAGE_ROWS = 50;

    /** As many as the platform takes at once. */
    private static final int MOST_AT_ONCE = 200;

    private static final int MOST_LINES = 10;

    private final Platform platform;
    private final CurrentPerson people;

    DeliveryController(Platform platform, CurrentPerson people) {
        this.platform = platform;
        this.people = people;
    }

    @GetMapping(HOME)
    String delivery(Moments moments, Model model) {
        var summary = platform.ask(ApiCall.get("/api/v1/deliveries/summary").needs(READ), DeliverySummary.class);
        model.addAttribute(
                "channels",
                summary.channels().stream().map(channel -> channel.row(moments)).toList());
        model.addAttribute(
                "dead", summary.dead().stream().map(cause -> cause.row(moments)).toList());
        model.addAttribute(
                "deadCount",
                summary.dead().stream().mapToInt(DeliverySummary.Dead::count).sum());
        model.addAttribute(
                "waitingCount",
                summary.channels().stream()
                        .mapToInt(DeliverySummary.Channel::waiting)
                        .sum());
        model.addAttribute("complete", summary.complete());
        model.addAttribute("mayOperate", mayOperate());
        return "delivery";
    }

    @GetMapping(HOME + "/messages")
    String messages(@ModelAttribute("filter") DeliveryFilter filter, Moments moments, Model model) {
        var list = platform.ask(filter.question(PAGE_ROWS).needs(READ), DeliveryView.Part.class);
        model.addAttribute(
                "rows",
                list.items().stream().map(delivery -> delivery.row(moments)).toList());
        model.addAttribute("states", DeliveryFilter.STATES);
        model.addAttribute("nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor()));
        model.addAttribute("mayOperate", mayOperate());
        return "delivery-messages";
    }

    private boolean mayOperate() {
        return people.session().person().may(OPERATE);
    }

    /** What is done to dead letters, as the platform names it. */
    enum Deed {
        RESEND("resend", "Send again", "Sent once more", """
                Each is put behind what waits for its channel, and says what stands when it is sent.""", false),
        DISCARD("discard", "Discard", "Discarded", """
                They leave this list. Their alerts go on to show them, and the last one of an alert can be sent from there.""", true);

        private final String wire;
        private final String label;
        private final String done;
        private final String consequence;
        private final boolean isHard;

        Deed(String wire, String label, String done, String consequence, boolean isHard) {
            this.wire = wire;
            this.label = label;
            this.done = done;
            this.consequence = consequence;
            this.isHard = isHard;
        }
    }

    @GetMapping(HOME + "/{deed:resend|discard}")
    String ask(
            @PathVariable String deed,
            @RequestParam(required = false) @Nullable List<String> messageId,
            @RequestParam(required = false) @Nullable String channel,
            @RequestParam(required = false) @Nullable String lastCause,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            RedirectAttributes flash) {
        var meant = of(deed);
        var found = messageId == null ? ofCause(channel, lastCause) : these(messageId);
        var chosen = found.stream().filter(letter -> letter.allows(meant.wire)).toList();
        if (chosen.isEmpty()) {
            flash.addFlashAttribute(
                    "done",
                    found.isEmpty()
                            ? "Nothing was done: no dead letter is chosen, or it is none any more."
                            : "Nothing was done: none of these can be sent again, because their alerts are over.");
            return "redirect:" + wayBack(back);
        }
        var ids = chosen.stream().map(DeliveryView::messageId).toList();
        return page(question(meant, ids, back).affecting(lines(chosen, found.size())), model);
    }

    @PostMapping(HOME + "/{deed:resend|discard}")
    String act(
            @PathVariable String deed,
            @RequestParam List<String> messageId,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable String typed,
            @RequestParam String key,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        var meant = of(deed);
        var ids = messageId.stream().distinct().limit(MOST_AT_ONCE).toList();
        var asked = question(meant, ids, back);
        if (!asked.isMeant(typed)) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asked.notMeant(reason), model);
        }
        try {
            var answer = platform.ask(
                    ApiCall.post("/api/v1/deliveries/" + meant.wire)
                            .body(Map.of("messageIds", ids, "reason", reason.strip()))
                            .needs(OPERATE)
                            .once(key),
                    Answer.class);
            flash.addFlashAttribute("done", answer.words(meant));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return page(asked.refused(reason, refusal), model);
        }
        return "redirect:" + wayBack(back);
    }

    /** The newest of one cause. */
    private List<DeliveryView> ofCause(@Nullable String channel, @Nullable String lastCause) {
        if (channel == null || channel.isBlank()) {
            return List.of();
        }
        var noted = Objects.requireNonNullElse(lastCause, "");
        var filter = new DeliveryFilter(DeliveryFilter.DEAD, channel, lastCause, null);
        return dead(filter.question(MOST_AT_ONCE)).stream()
                .filter(letter ->
                        Objects.requireNonNullElse(letter.lastCause(), "").equals(noted))
                .toList();
    }

    private List<DeliveryView> these(List<String> messageIds) {
        var question = new DeliveryFilter(DeliveryFilter.DEAD, null, null, null).question(MOST_AT_ONCE);
        for (var id : messageIds.stream().distinct().limit(MOST_AT_ONCE).toList()) {
            question = question.query("messageId", id);
        }
        return dead(question);
    }

    private List<DeliveryView> dead(ApiCall question) {
        return platform.ask(question.needs(READ), DeliveryView.Part.class).items();
    }

    private static Confirmation question(Deed deed, List<String> ids, @Nullable String back) {
        var many = Numbers.counted(ids.size(), "message", "messages");
        return Confirmation.of(
                        deed.label + ": " + many,
                        deed.consequence,
                        deed.label + " (" + many + ")",
                        HOME + "/" + deed.wire,
                        wayBack(back),
                        deed.isHard)
                .sending("messageId", ids)
                .about(ids.size());
    }

    private static List<String> lines(List<DeliveryView> chosen, int found) {
        var lines = chosen.stream()
                .limit(MOST_LINES)
                .map(DeliveryView::line)
                .collect(Collectors.toCollection(ArrayList::new));
        if (chosen.size() > MOST_LINES) {
            lines.add("And %s more.".formatted(Numbers.counted(chosen.size() - MOST_LINES, "message", "messages")));
        }
        if (found > chosen.size()) {
            lines.add("%s left out, because their alerts are over."
                    .formatted(Numbers.counted(found - chosen.size(), "message is", "messages are")));
        }
        if (found >= MOST_AT_ONCE) {
            lines.add("These are the newest %d; older ones stay for the next time.".formatted(MOST_AT_ONCE));
        }
        return lines;
    }

    private static Deed of(String wire) {
        return wire.equals(Deed.RESEND.wire) ? Deed.RESEND : Deed.DISCARD;
    }

    private static String page(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.DELIVERY);
    }

    private static String wayBack(@Nullable String back) {
        return LocalPath.of(back).map(LocalPath::text).orElse(HOME);
    }

    /** What the platform did, and what it left. */
    record Answer(List<Done> messages, List<Left> left) {

        record Done(String messageId) {}

        record Left(String messageId, String detail) {}

        String words(Deed deed) {
            var done = "%s: %s.".formatted(deed.done, Numbers.counted(messages.size(), "message", "messages"));
            return left.isEmpty()
                    ? done
                    : "%s %s left out: %s"
                            .formatted(
                                    done,
                                    Numbers.counted(left.size(), "was", "were"),
                                    left.stream().map(Left::detail).distinct().collect(Collectors.joining(" ")));
        }
    }
}
