package io.syncline.portal.triggers;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import tools.jackson.databind.json.JsonMapper;

/** The inbox and the page of one message. */
@Controller
class TriggersController {

    static final String READ = "runs:read";

    private final Platform platform;
    private final JsonMapper json;

    TriggersController(Platform platform, JsonMapper json) {
        this.platform = platform;
        this.json = json;
    }

    @GetMapping("/triggers")
    String inbox(@ModelAttribute("filter") TriggerFilter filter, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/triggers").query(filter.question(moments)).needs(READ), TriggerList.class);
        var intake = intake();
        model.addAttribute("states", TriggerFilter.STATES);
        model.addAttribute("transports", TriggerFilter.TRANSPORTS);
        model.addAttribute("spans", TriggerFilter.SPANS);
        model.addAttribute(
                "rows",
                list.items().stream()
                        .map(message -> TriggerRow.of(message, moments))
                        .toList());
        model.addAttribute(
                "nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor(), moments));
        model.addAttribute("intake", intake);
        model.addAttribute("sample", intake == null ? null : SampleCall.any(intake.address()));
        return "triggers";
    }

    @GetMapping("/triggers/{triggerId}")
    String message(@PathVariable String triggerId, Moments moments, Model model) {
        var message =
                platform.ask(ApiCall.get("/api/v1/triggers/{id}", triggerId).needs(READ), TriggerView.class);
        var intake = intake();
        var content = message.message();
        model.addAttribute("message", message);
        model.addAttribute("head", TriggerRow.of(message, moments));
        model.addAttribute(
                "content",
                content == null ? null : TriggerContent.of(content, intake == null ? null : intake.address(), json));
        model.addAttribute("intake", intake);
        return "trigger";
    }

    /** Null when it cannot be told: the inbox is worth reading without it. */
    private @Nullable IntakeView intake() {
        try {
            return platform.ask(ApiCall.get("/api/v1/intake").needs(READ), IntakeView.class);
        } catch (PlatformException untold) {
            return null;
        }
    }
}
