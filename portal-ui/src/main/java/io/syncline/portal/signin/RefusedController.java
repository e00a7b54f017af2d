package io.syncline.portal.signin;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the portal itself refuses: forms without their token, pages that the roles do not allow. */
@Controller
class RefusedController {

    static final String BAD_FORM = "io.syncline.portal.badForm";

    /** Reached by an inner forward alone. */
    @RequestMapping("/refused")
    String refused(@RequestAttribute(name = BAD_FORM, required = false) Boolean badForm, Model model) {
        if (badForm == null) {
            return "redirect:/runs";
        }
        model.addAttribute("status", 403);
        model.addAttribute("badForm", badForm);
        return "error";
    }
}
