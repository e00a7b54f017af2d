package io.syncline.portal.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Zone, theme, shortcuts and rail of this browser; kept in cookies, since they are no secret and the platform may be down. */
@Controller
class DisplayController {

    private static final Duration KEPT = Duration.ofDays(365);

    @GetMapping("/settings/display")
    String display() {
        return "display";
    }

    @PostMapping("/display")
    String choose(
            @RequestParam(required = false) String zone,
            @RequestParam(required = false) String theme,
            @RequestParam(required = false) String keys,
            @RequestParam(required = false) String rail,
            @RequestParam(defaultValue = "/") String back,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (zone != null && (zone.equals(Display.BROWSER) || Display.zone(zone) != null)) {
            keep(Display.ZONE, zone.replace("/", "%2F"), request, response);
        }
        if (theme != null && Display.THEMES.contains(theme)) {
            keep(Display.THEME, theme, request, response);
        }
        if (keys != null) {
            keep(Display.KEYS, keys.equals("off") ? "off" : "on", request, response);
        }
        if (rail != null) {
            keep(Display.RAIL, rail.equals(Display.NARROW) ? Display.NARROW : "wide", request, response);
        }
        return "redirect:" + LocalPath.of(back).map(LocalPath::text).orElse("/");
    }

    private static void keep(String name, String value, HttpServletRequest request, HttpServletResponse response) {
        var cookie = ResponseCookie.from(name, value)
                .path("/")
                .maxAge(KEPT)
                .sameSite("Lax")
                .httpOnly(true)
                .secure(request.isSecure())
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
