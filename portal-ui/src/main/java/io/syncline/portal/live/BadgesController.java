package io.syncline.portal.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The counts in the rail, fetched when the page stands: no page waits for them, and none fails for want of them. */
@Controller
class BadgesController {

    private final Platform platform;

    BadgesController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/badges")
    String badges(Model model) {
        var counts = counts();
        model.addAttribute(
                "badges",
                List.of(
                        badge("overview", counts.open(), "need attention"),
                        badge("triggers", counts.rejected(), "rejected"),
                        badge("delivery", counts.dead(), "dead letters"),
                        badge("alerts", counts.firing(), "firing")));
        return "badges";
    }

    private Counts counts() {
        try {
            return platform.ask(ApiCall.get("/api/v1/overview/counts").needs("runs:read"), Counts.class);
        } catch (PlatformException trouble) {
            return new Counts(null, null, null, null);
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
            @Nullable Count dead) {}

    /** @param relation {@code gte}: there are more */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Count(long value, @Nullable String relation) {}
}
