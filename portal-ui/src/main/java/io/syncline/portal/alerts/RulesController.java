package io.syncline.portal.alerts;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Which group tells whom about what. The rules stand in the groups' documents and are edited there. */
@Controller
class RulesController {

    private final Platform platform;

    RulesController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/alerts/rules")
    String rules(@RequestParam(required = false) @Nullable String cursor, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/alert-rules")
                        .query("limit", 50)
                        .query("cursor", cursor)
                        .needs("config:read"),
                Rules.class);
        model.addAttribute(
                "groups",
                list.items().stream()
                        .map(group -> new GroupRow(
                                group.group(),
                                group.rules().stream()
                                        .map(rule -> RuleRow.of(rule, list.complete(), moments))
                                        .toList(),
                                group.unruled()))
                        .toList());
        model.addAttribute("since", moments.of(list.since()));
        model.addAttribute("isComplete", list.complete());
        model.addAttribute("defaultChannels", list.defaultChannels());
        model.addAttribute("platformChannels", list.platformChannels());
        model.addAttribute("isFirstPage", cursor == null);
        model.addAttribute("nextCursor", list.nextCursor());
        return "alert-rules";
    }

    record Rules(
            List<Group> items,
            @Nullable String nextCursor,
            Instant since,
            boolean complete,
            List<String> defaultChannels,
            List<String> platformChannels) {

        record Group(String group, List<Rule> rules, int unruled) {}

        record Rule(
                List<String> when,
                List<String> channels,
                @Nullable Threshold threshold,
                @Nullable Escalation escalate,
                Replay replay) {}

        record Threshold(int count, String within) {}

        record Escalation(String after, List<String> channels) {}

        record Replay(int incidents, @Nullable Instant lastAt) {}
    }

    /** @param unruled alerts of the last days that no rule takes */
    record GroupRow(String group, List<RuleRow> rules, int unruled) {}

    record RuleRow(
            String when,
            List<String> channels,
            @Nullable String threshold,
            @Nullable String escalation,
            String replay,
            @Nullable Moment last) {

        static RuleRow of(Rules.Rule rule, boolean isComplete, Moments moments) {
            var threshold = rule.threshold();
            var escalation = rule.escalate();
            return new RuleRow(
                    String.join(", ", rule.when()),
                    rule.channels(),
                    threshold == null
                            ? null
                            : "from %d of them within %s on".formatted(threshold.count(), threshold.within()),
                    escalation == null
                            ? null
                            : "after %s also %s, unless somebody takes it up"
                                    .formatted(escalation.after(), String.join(", ", escalation.channels())),
                    "would have told %s%s"
                            .formatted(
                                    isComplete ? "" : "at least ",
                                    Numbers.counted(rule.replay().incidents(), "time", "times")),
                    moments.orNull(rule.replay().lastAt()));
        }
    }
}
