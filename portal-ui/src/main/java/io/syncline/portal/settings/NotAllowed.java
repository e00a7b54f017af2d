package io.syncline.portal.settings;

import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;

/** The page in place of settings that are for administrators alone. */
final class NotAllowed {

    private NotAllowed() {}

    /** Throws {@code refusal} on when it is about something else. */
    static String page(
            PlatformException refusal, String current, String title, Model model, HttpServletResponse response) {
        if (refusal.kind() != PlatformException.Kind.FORBIDDEN) {
            throw refusal;
        }
        response.setStatus(HttpStatus.FORBIDDEN.value());
        model.addAttribute("forbidden", refusal.words());
        model.addAttribute("current", current);
        model.addAttribute("title", title);
        return "settings-forbidden";
    }
}
