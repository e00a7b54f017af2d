package io.syncline.portal.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The counts in the rail and the notice that no schedule fires, fetched when the page stands: no page waits for them, and none
 * fails for want of them.
 */
@Controller
class BadgesController {

    private final Platform platform;

    BadgesController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/badges")
    String badges(Moments moments, Model model) {
        var counts = counts();
        model.addAttribute(
                "badges",
                List.of(
                        badge("overview", counts.open(), "need attention"),
                        badge("triggers", counts.rejected(), "rejected"),
                        badge("delivery", counts.dead(), "dead letters"),
                        badge("alerts", counts.firing(), "firing")));
        var paused = counts.schedulesPaused();
        model.addAttribute("schedulesPaused", paused);
        model.addAttribute("pausedSince", paused == null ? null : moments.of(paused.since()));
        return "badges";
    }

    private Counts counts() {
        try {
            return platform.ask(ApiCall.get("/api/v1/overview/counts").needs("runs:read"), Counts.class);
        } catch (PlatformException trouble) {
            return new Counts(null, null, null, null, null);
        }
    }

    private static Badge badge(String place, @Nullable Count count, String word) {
        if (count == null || count.value() == 0) {
            return new Badge(place, "", word);
        }
        return new Badge(place, count.value() + ("gte".equals(count.relation()) ? "+" : ""), word);
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Counts(
            @Nullable Count open,
            @Nullable Count rejected,
            @Nullable Count firing,
            @Nullable Count dead,
            @Nullable Paused schedulesPaused) {}

    /** No schedule fires since then. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Paused(Instant since, String by, String reason) {}

    /** @param relation {@code gte}: there are more */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Count(long value, @Nullable String relation) {}
}
