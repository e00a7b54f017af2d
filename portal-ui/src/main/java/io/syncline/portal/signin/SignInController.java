package io.syncline.portal.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The sign-in page, fresh, after a refusal, and after a sign-out. */
@Controller
class SignInController {

    static final String REFUSAL = "io.syncline.portal.refusal";

    @GetMapping("/sign-in")
    String signIn(@RequestParam(required = false) boolean signedOut, Model model) {
        model.addAttribute("signedOut", signedOut);
        model.addAttribute("typedName", AdministratorSignIn.NAME);
        return "sign-in";
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
        if (refusal instanceof TooManySignInsException tooMany) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            response.setHeader("Retry-After", Long.toString(tooMany.retryAfterSeconds()));
            model.addAttribute(
                    "refusal",
                    "Too many failed sign-ins. Try again in %d seconds.".formatted(tooMany.retryAfterSeconds()));
        } else {
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
            model.addAttribute("refusal", "Name or password is wrong.");
        }
        model.addAttribute("typedName", typedName);
        return "sign-in";
    }
}
