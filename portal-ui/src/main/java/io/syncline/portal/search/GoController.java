package io.syncline.portal.search;

import io.syncline.portal.page.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Leads to any page, group, system or action by a part of its name. The page's script shows it over every page (Ctrl+K);
 * without one it is a page of its own.
 */
@Controller
class GoController {

    private static final int LONGEST = 100;

    /** Pages below those of the rail, and what people begin there. */
    private static final List<Hit> BEYOND = List.of(
            new Hit("Page", "Alert rules", "/alerts/rules"),
            new Hit("Page", "Silences", "/alerts/silences"),
            new Hit("Page", "Channels", "/alerts/channels"),
            new Hit("Page", "Calendars", "/schedule/calendars"),
            new Hit("Page", "Approved destinations", "/destinations"),
            new Hit("Page", "API clients", "/settings/clients"),
            new Hit("Page", "Signing keys", "/settings/keys"),
            new Hit("Page", "Identity providers", "/settings/issuers"),
            new Hit("Page", "Pending changes", "/settings/changes"),
            new Hit("Page", "Config as code", "/settings/config"),
            new Hit("Page", "Display: zone, theme, keys", "/settings/display"),
            new Hit("Page", "Your account", "/account"),
            new Hit("Runs", "Failed and unresolved runs", "/runs?state=FAILED&unresolved=true"),
            new Hit("Runs", "Running and queued runs", "/runs?state=QUEUED,RUNNING"),
            new Hit("Runs", "Overdue runs", "/runs?overdue=true"),
            new Hit("Triggers", "Rejected messages", "/triggers?status=REJECTED"),
            new Hit("Delivery", "Dead letters", "/delivery"),
            new Hit("Action", "Create a group", "/groups/new"),
            new Hit("Action", "Simulate a message", "/groups/simulate"),
            new Hit("Action", "Register a system", "/new/system"),
            new Hit("Action", "Silence alerts", "/alerts/silences/new"),
            new Hit("Action", "Create a channel", "/alerts/channels/new"),
            new Hit("Action", "Create a calendar", "/schedule/calendars/new"),
            new Hit("Action", "Pause all scheduling", "/schedule/pause"),
            new Hit("Action", "Resume all scheduling", "/schedule/resume"),
            new Hit("Action", "Create an API client", "/new/client"),
            new Hit("Action", "Create a person's account", "/settings/users/new"),
            new Hit("Action", "Check the audit log's chain", "/audit/verify"));

    private final Finder finder;

    GoController(Finder finder) {
        this.finder = finder;
    }

    @GetMapping("/go")
    String go(@RequestParam(name = "q", defaultValue = "") String typed, Model model) {
        var text = typed.strip();
        var asked = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        model.addAttribute("q", asked);
        model.addAttribute("hits", asked.isEmpty() ? places() : named(asked));
        return "go";
    }

    private List<Hit> named(String text) {
        var words = text.toLowerCase(Locale.ROOT).split("\\s+");
        var known = Stream.concat(places().stream(), BEYOND.stream())
                .filter(hit -> holds(hit, words))
                .toList();
        return Stream.concat(known.stream(), finder.named(text).stream()).toList();
    }

    private static boolean holds(Hit hit, String... words) {
        var name = (hit.what() + " " + hit.text()).toLowerCase(Locale.ROOT);
        return Arrays.stream(words).allMatch(name::contains);
    }

    private static List<Hit> places() {
        return Arrays.stream(Place.values())
                .map(place -> new Hit("Page", place.title(), place.path()))
                .toList();
    }
}
