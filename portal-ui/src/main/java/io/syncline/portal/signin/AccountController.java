package io.syncline.portal.signin;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.Account;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.SessionView;
import jakarta.servlet.http.HttpServletResponse;
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
            Moments moments,
            Model model,
            HttpServletResponse response) {
        if (passwordChanged) {
            model.addAttribute("notice", "The password is changed. Your other sessions have ended.");
        } else if (sessionEnded) {
            model.addAttribute("notice", "The session is ended. What it has open may go on for up to a minute.");
        }
        return page(moments, model, response);
    }

    @PostMapping("/account/password")
    String changePassword(
            @RequestParam(defaultValue = "") String current,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String repeated,
            Moments moments,
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
        return page(moments, model, response);
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

    private String page(Moments moments, Model model, HttpServletResponse response) {
        try {
            model.addAttribute("hasPassword", account.hasPassword());
            model.addAttribute(
                    "sessions",
                    account.sessions().stream()
                            .map(session -> SessionRow.of(session, moments))
                            .toList());
        } catch (PlatformException trouble) {
            model.addAttribute("trouble", trouble);
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        }
        return "account";
    }

    /** A session as the page shows it. */
    record SessionRow(
            String id,
            boolean current,
            String address,
            String browser,
            @Nullable Moment signedIn,
            @Nullable Moment lastSeen,
            @Nullable Moment ends) {

        static SessionRow of(SessionView session, Moments moments) {
            return new SessionRow(
                    session.sessionId(),
                    session.current(),
                    orDash(session.remoteAddress()),
                    orDash(session.userAgent()),
                    moments.orNull(session.signedInAt()),
                    moments.orNull(session.refreshedAt()),
                    moments.orNull(session.endsAt()));
        }

        private static String orDash(@Nullable String text) {
            return text == null ? "-" : text;
        }
    }
}
