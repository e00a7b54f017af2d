package io.syncline.portal.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How this browser wants pages to look, from its cookies; what a cookie holds that makes no sense is passed over. */
@Component
class Display {

    static final String ZONE = "zone";
    static final String THEME = "theme";
    static final String KEYS = "keys";
    static final String RAIL = "rail";
    static final String NARROW = "narrow";
    /** Written by the page's script, so that times can be in the zone of the browser from the second page on. */
    static final String BROWSER_ZONE = "browser-zone";

    static final String BROWSER = "browser";
    static final List<String> THEMES = List.of("auto", "light", "dark");

    private final PortalProperties properties;
    private final Clock clock;

    Display(PortalProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    Moments moments(HttpServletRequest request) {
        var choice = zoneChoice(request);
        var zone = zone(choice.equals(BROWSER) ? cookie(request, BROWSER_ZONE) : choice);
        return new Moments(zone == null ? ZoneOffset.UTC : zone, clock.instant());
    }

    Frame frame(HttpServletRequest request, Moments moments) {
        var theme = cookie(request, THEME);
        var query = request.getQueryString();
        return new Frame(
                Place.all(),
                properties.environment(),
                properties.production(),
                theme != null && THEMES.contains(theme) ? theme : "auto",
                zoneChoice(request),
                moments,
                !"off".equals(cookie(request, KEYS)),
                NARROW.equals(cookie(request, RAIL)),
                request.getRequestURI() + (query == null ? "" : "?" + query));
    }

    private static String zoneChoice(HttpServletRequest request) {
        var choice = cookie(request, ZONE);
        return choice != null && (choice.equals(BROWSER) || zone(choice) != null) ? choice : "UTC";
    }

    /** Null when there is no such zone. */
    static @Nullable ZoneId zone(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return null;
        }
        try {
            return name.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException none) {
            return null;
        }
    }

    private static @Nullable String cookie(HttpServletRequest request, String name) {
        var cookies = request.getCookies();
        return (cookies == null ? Stream.<Cookie>empty() : Arrays.stream(cookies))
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue)
                .filter(Objects::nonNull)
                .map(value -> value.replace("%2F", "/"))
                .findFirst()
                .orElse(null);
    }
}
