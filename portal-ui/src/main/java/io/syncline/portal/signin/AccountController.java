package io.syncline.portal.signin;

import io.syncline.portal.platform.Account;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.SessionView;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The person's own page: who they are here, their password, their sessions. */
@Controller
class AccountController {

    private final Account account;

    AccountController(Account account) {
        this.account = account;
    }

    @GetMapping("/account")
    String account(
            @RequestParam(required = false) boolean passwordChanged,
            @RequestParam(required = false) boolean sessionEnded,
            Model model,
            HttpServletResponse response) {
        if (passwordChanged) {
            model.addAttribute("notice", "The password is changed. Your other sessions have ended.");
        } else if (sessionEnded) {
            model.addAttribute("notice", "The session is ended. What it has open may go on for up to a minute.");
        }
        return page(model, response);
    }

    @PostMapping("/account/password")
    String changePassword(
            @RequestParam(defaultValue = "") String current,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String repeated,
            Model model,
            HttpServletResponse response) {
        try {
            var faults = faults(current, password, repeated);
            if (faults.isEmpty()) {
                return "redirect:/account?passwordChanged=true";
            }
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            model.addAttribute("faults", faults);
        } catch (PlatformException trouble) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            model.addAttribute("faults", List.of(trouble.words()));
        }
        return page(model, response);
    }

    @PostMapping("/account/sessions/{id}/end")
    String endSession(@PathVariable String id, Model model, HttpServletResponse response) {
        try {
            account.endSession(id);
        } catch (PlatformException trouble) {
            model.addAttribute("trouble", trouble);
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            return "account";
        }
        return "redirect:/account?sessionEnded=true";
    }

    private List<String> faults(String current, String password, String repeated) {
        if (current.isEmpty() || password.isEmpty()) {
            return List.of("The current and the new password are needed.");
        }
        return password.equals(repeated)
                ? account.changePassword(current, password)
                : List.of("The two new passwords differ.");
    }

    private String page(Model model, HttpServletResponse response) {
        try {
            model.addAttribute("hasPassword", account.hasPassword());
            model.addAttribute(
                    "sessions", account.sessions().stream().map(SessionRow::of).toList());
        } catch (PlatformException trouble) {
            model.addAttribute("trouble", trouble);
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        }
        return "account";
    }

    /** A session as the page shows it; times in UTC. */
    record SessionRow(
            String id, boolean current, String address, String browser, String signedIn, String lastSeen, String ends) {

        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

        static SessionRow of(SessionView session) {
            return new SessionRow(
                    session.sessionId(),
                    session.current(),
                    orDash(session.remoteAddress()),
                    orDash(session.userAgent()),
                    time(session.signedInAt()),
                    time(session.refreshedAt()),
                    time(session.endsAt()));
        }

        private static String time(@Nullable Instant at) {
            return at == null ? "-" : TIME.format(at);
        }

        private static String orDash(@Nullable String text) {
            return text == null ? "-" : text;
        }
    }
}
