package io.syncline.portal.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The sign-in page, fresh, after a refusal, and after a session. */
@Controller
class SignInController {

    static final String REFUSAL = "io.syncline.portal.refusal";

    private final OidcProperties oidc;

    SignInController(OidcProperties oidc) {
        this.oidc = oidc;
    }

    @GetMapping("/sign-in")
    String signIn(
            @RequestParam(required = false) boolean signedOut,
            @RequestParam(required = false) boolean ended,
            @RequestParam(required = false) boolean passwordSet,
            Model model) {
        if (signedOut) {
            model.addAttribute("notice", "You are signed out.");
        } else if (ended) {
            model.addAttribute("notice", "Your session has ended. Sign in again to go on where you were.");
        } else if (passwordSet) {
            model.addAttribute("notice", "The password is set. Sign in with it.");
        }
        return page(model);
    }

    /** Reached by an inner forward alone; from outside there is no refusal to show. */
    @RequestMapping("/sign-in/refused")
    String refused(
            @RequestAttribute(name = REFUSAL, required = false) AuthenticationException refusal,
            @RequestParam(name = "username", defaultValue = "") String typedName,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (refusal == null) {
            return "redirect:/sign-in";
        }
        if (refusal instanceof SignInRefusedException refused) {
            var retryAfter = refused.retryAfter();
            if (retryAfter != null) {
                response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
            }
            response.setStatus(refused.status().value());
            model.addAttribute("refusal", refused.words());
            model.addAttribute("wrongInput", refused.status() == HttpStatus.UNAUTHORIZED);
        } else {
            response.setStatus(HttpStatus.FORBIDDEN.value());
            model.addAttribute("refusal", "The sign-in was not completed. Begin again.");
        }
        model.addAttribute("typedName", typedName);
        return page(model);
    }

    private String page(Model model) {
        model.addAttribute("provider", oidc.isEnabled() ? oidc.name() : null);
        model.addAttribute("providerPage", OidcSignIn.beginning());
        return "sign-in";
    }
}
