package io.syncline.portal.signin;

import io.syncline.portal.page.LocalPath;
import io.syncline.portal.platform.Account;
import io.syncline.portal.platform.PersonSession;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The page on which a signed-in person shows once more who they are. {@code back} is where they came from; a form that waits
 * for it is sent on afterwards.
 */
@Controller
class ConfirmController {

    static final String PAGE = "/account/confirm";

    private static final String ASKED_AT = ConfirmController.class.getName();

    /** For who comes here without having been sent; shorter than the platform's ten minutes. */
    private static final Duration RECENT = Duration.ofMinutes(8);

    private final Account account;
    private final OidcProperties oidc;
    private final TargetPages targets;
    private final Clock clock;

    ConfirmController(Account account, OidcProperties oidc, TargetPages targets, Clock clock) {
        this.account = account;
        this.oidc = oidc;
        this.targets = targets;
        this.clock = clock;
    }

    @GetMapping(PAGE)
    String ask(@RequestParam(required = false) @Nullable String back, HttpSession session, Model model) {
        var isRecent = isRecent(session);
        if (isRecent && !KeptForm.isThere(session)) {
            return "redirect:" + local(back);
        }
        return page(back, isRecent, session, model);
    }

    @PostMapping(PAGE)
    @Nullable
    String confirm(
            @RequestParam(defaultValue = "") String password,
            @RequestParam(required = false) @Nullable String back,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model)
            throws ServletException, IOException {
        // Who came back from the identity provider has signed in already.
        var faults =
                isRecent(request.getSession()) && password.isEmpty() ? List.<String>of() : faults(password, response);
        if (!faults.isEmpty()) {
            model.addAttribute("faults", faults);
            return page(back, false, request.getSession(), model);
        }
        var waiting = KeptForm.take(request.getSession());
        if (waiting.isEmpty()) {
            return "redirect:" + local(back);
        }
        waiting.get().sendAgain(request, response);
        return null;
    }

    /** To the identity provider, which is told to ask anew, and back to this page. */
    @GetMapping(PAGE + "/provider")
    String byProvider(@RequestParam(required = false) @Nullable String back, HttpServletRequest request) {
        targets.keep(request, new LocalPath(page(back)));
        return "redirect:" + OidcSignIn.beginning() + "?" + OidcSignIn.AGAIN + "=true";
    }

    private List<String> faults(String password, HttpServletResponse response) {
        if (password.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return List.of("The password is needed.");
        }
        try {
            var faults = account.signInAgain(password);
            if (!faults.isEmpty()) {
                response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            }
            return faults;
        } catch (PlatformException trouble) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            return List.of(trouble.words());
        }
    }

    private String page(@Nullable String back, boolean isRecent, HttpSession session, Model model) {
        model.addAttribute("back", local(back));
        model.addAttribute("isRecent", isRecent);
        model.addAttribute("formWaits", KeptForm.isThere(session));
        model.addAttribute("byPassword", account.hasPassword());
        model.addAttribute("provider", oidc.isEnabled() ? oidc.name() : null);
        return "confirm-sign-in";
    }

    /** From now on only a later sign-in is recent enough. */
    static void ask(HttpSession session, Instant now) {
        session.setAttribute(ASKED_AT, now);
    }

    private boolean isRecent(HttpSession session) {
        var after = session.getAttribute(ASKED_AT) instanceof Instant askedAt
                ? askedAt
                : clock.instant().minus(RECENT);
        return PersonOfRequest.now()
                .map(PersonSession::signedInAt)
                .filter(at -> at.isAfter(after))
                .isPresent();
    }

    private static String page(@Nullable String back) {
        return PAGE + "?back=" + URLEncoder.encode(local(back), StandardCharsets.UTF_8);
    }

    private static String local(@Nullable String back) {
        return LocalPath.of(back).map(LocalPath::text).orElse("/");
    }
}
