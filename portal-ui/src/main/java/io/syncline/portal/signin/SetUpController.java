package io.syncline.portal.signin;

import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.Sessions;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;

/** The page for those who hold a one-time code: it sets the password of their account, or makes the first administrator. */
@Controller
class SetUpController {

    private final Sessions sessions;

    SetUpController(Sessions sessions) {
        this.sessions = sessions;
    }

    @GetMapping("/set-up")
    String setUp(Model model) {
        model.addAttribute("form", SetUpForm.EMPTY);
        return "set-up";
    }

    @PostMapping("/set-up")
    String setUp(@ModelAttribute("form") SetUpForm form, Model model, HttpServletResponse response) {
        var missing = form.faults();
        if (!missing.isEmpty()) {
            return again(missing, HttpStatus.UNPROCESSABLE_CONTENT, model, response);
        }
        try {
            var faults = form.isFirst()
                    ? sessions.makeFirstAdministrator(form.code(), form.user(), form.fullName(), form.password())
                    : sessions.setPassword(form.code(), form.user(), form.password());
            return faults.isEmpty()
                    ? "redirect:/sign-in?passwordSet=true"
                    : again(faults, HttpStatus.UNPROCESSABLE_CONTENT, model, response);
        } catch (PlatformException trouble) {
            return again(List.of(trouble.words()), HttpStatus.SERVICE_UNAVAILABLE, model, response);
        }
    }

    private static String again(List<String> faults, HttpStatus status, Model model, HttpServletResponse response) {
        response.setStatus(status.value());
        model.addAttribute("faults", faults);
        return "set-up";
    }
}
