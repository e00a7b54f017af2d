package io.syncline.portal.search;

import io.syncline.portal.page.PortalProperties;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What goes by exactly one thing leads there at once; everything else is a page that says what was tried. */
@Controller
class SearchController {

    private static final Pattern TRACE =
            Pattern.compile("(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?");
    private static final int LONGEST = 512;

    private final Finder finder;
    private final PortalProperties properties;

    SearchController(Finder finder, PortalProperties properties) {
        this.finder = finder;
        this.properties = properties;
    }

    @GetMapping("/search")
    String search(@RequestParam(name = "q", defaultValue = "") String typed, Model model) {
        var text = typed.strip();
        var asked = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        var hits = asked.isEmpty() ? List.<Hit>of() : finder.find(asked);
        if (hits.size() == 1) {
            return "redirect:" + hits.get(0).path();
        }
        model.addAttribute("q", asked);
        model.addAttribute("hits", hits);
        model.addAttribute("traceId", traceId(asked));
        model.addAttribute("traceUrl", traceUrl(asked));
        model.addAttribute("runs", Finder.query("/runs", "businessKey", asked));
        model.addAttribute("triggers", Finder.query("/triggers", "source", asked));
        return "search";
    }

    private static @Nullable String traceId(String text) {
        var trace = TRACE.matcher(text.toLowerCase(Locale.ROOT));
        return trace.matches() ? trace.group(1) : null;
    }

    private @Nullable String traceUrl(String text) {
        var id = traceId(text);
        var url = properties.traceUrl();
        return id == null || url == null ? null : url.replace("{traceId}", id);
    }
}
