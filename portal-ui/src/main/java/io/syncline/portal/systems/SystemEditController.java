package io.syncline.portal.systems;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** A system as a form and as its document; who comes second sees both versions side by side. */
@Controller
class SystemEditController {

    /** As the platform's keys; a path of the API is made of it. */
    private static final Pattern KEY = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final Platform platform;

    SystemEditController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/new/system")
    String empty(Model model) {
        return formPage("", SystemForm.empty(), FormFaults.NONE, model);
    }

    @PostMapping("/new/system")
    String create(
            @ModelAttribute("form") SystemForm typed,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var key = typed.key() == null ? "" : typed.key().strip();
        if (!KEY.matcher(key).matches()) {
            var fault = FormFaults.about(
                    "key", "The key has lower-case letters, digits and inner hyphens, 63 characters at most.");
            return refused(formPage("", typed, fault, model), HttpStatus.UNPROCESSABLE_CONTENT, response);
        }
        try {
            var answer = platform.answer(ApiCall.put("/api/v1/systems/{key}", key)
                    .body(typed.appliedTo(SystemForm.blank(key)))
                    .header(HttpHeaders.IF_NONE_MATCH, "*")
                    .needs(SystemsController.WRITE));
            after.addFlashAttribute(
                    "done",
                    Approvals.words(answer, "The system is registered. Test the connection, then name it in a group."));
            return Approvals.isWaiting(answer) ? "redirect:/systems" : "redirect:/systems/" + key;
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            var faults = isVersionConflict(refusal)
                    ? FormFaults.about("key", "There is a system of this key already.")
                    : FormFaults.of(refusal, SystemEditController::field);
            return refused(formPage("", typed, faults, model), status(refusal), response);
        }
    }

    @GetMapping("/systems/{key}/edit")
    String edit(@PathVariable String key, @RequestParam(name = "as", defaultValue = "form") String as, Model model) {
        if (as.equals("text")) {
            var stored = StoredDocument.readYaml(platform, key);
            return textPage(key, stored.text(), stored.entityTag(), FormFaults.NONE, model);
        }
        var stored = StoredDocument.read(platform, key);
        model.addAttribute("managedBy", managedBy(stored));
        return formPage(key, SystemForm.of(stored), FormFaults.NONE, model);
    }

    @PostMapping(path = "/systems/{key}/edit", params = "!text")
    String save(
            @PathVariable String key,
            @ModelAttribute("form") SystemForm typed,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var stored = StoredDocument.read(platform, key);
        var mine = typed.appliedTo(stored.json());
        try {
            var answer = platform.answer(put(key, typed.etag(), typed.detach()).body(mine));
            after.addFlashAttribute("done", Approvals.words(answer, "The system is changed; the next calls go by it."));
            return "redirect:/systems/" + key;
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            model.addAttribute("managedBy", managedBy(stored));
            if (isVersionConflict(refusal)) {
                model.addAttribute("differences", SystemForm.between(mine, stored.json()));
                var onTheirs = typed.onto(stored.entityTag());
                return refused(formPage(key, onTheirs, FormFaults.NONE, model), HttpStatus.CONFLICT, response);
            }
            var faults = FormFaults.of(refusal, SystemEditController::field);
            return refused(formPage(key, typed, faults, model), status(refusal), response);
        }
    }

    @PostMapping(path = "/systems/{key}/edit", params = "text")
    String saveText(
            @PathVariable String key,
            @RequestParam String text,
            @RequestParam(required = false) @Nullable String etag,
            @RequestParam(required = false) @Nullable Boolean detach,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var mediaType = DocumentText.isJson(text) ? MediaType.APPLICATION_JSON_VALUE : StoredDocument.YAML_IN_UTF_8;
        try {
            var answer = platform.answer(put(key, etag, detach).body(text, mediaType));
            after.addFlashAttribute("done", Approvals.words(answer, "The system is changed; the next calls go by it."));
            return "redirect:/systems/" + key;
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            var mine = DocumentText.withoutSecrets(text);
            model.addAttribute("secretsRemoved", !mine.equals(text));
            if (isVersionConflict(refusal)) {
                var theirs = StoredDocument.readYaml(platform, key);
                model.addAttribute("theirs", theirs.text());
                return refused(
                        textPage(key, mine, theirs.entityTag(), FormFaults.NONE, model), HttpStatus.CONFLICT, response);
            }
            var faults = FormFaults.of(refusal, pointer -> "text");
            return refused(textPage(key, mine, etag, faults, model), status(refusal), response);
        }
    }

    private static ApiCall put(String key, @Nullable String etag, @Nullable Boolean detach) {
        return ApiCall.put("/api/v1/systems/{key}", key)
                .ifMatch(etag == null || etag.isBlank() ? "\"0\"" : etag)
                .query("detach", Boolean.TRUE.equals(detach) ? true : null)
                .needs(SystemsController.WRITE);
    }

    static boolean isVersionConflict(PlatformException refusal) {
        return refusal.problem().is("version-conflict");
    }

    private static HttpStatus status(PlatformException refusal) {
        return switch (refusal.kind()) {
            case CONFLICT -> HttpStatus.CONFLICT;
            default -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    }

    private static String refused(String page, HttpStatus status, HttpServletResponse response) {
        response.setStatus(status.value());
        return page;
    }

    private static String formPage(String key, SystemForm form, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute("isNew", key.isEmpty());
        model.addAttribute("routings", SystemForm.ROUTINGS);
        model.addAttribute("authTypes", SystemForm.AUTH_TYPES);
        return "system-edit";
    }

    private static String textPage(String key, String text, @Nullable String etag, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("text", text);
        model.addAttribute("etag", etag);
        model.addAttribute("faults", faults);
        return "system-text";
    }

    private static @Nullable String managedBy(StoredDocument stored) {
        return SystemView.text(stored.shown().path("status"), "managedBy");
    }

    /** The id of the field in which a fault is mended. */
    private static String field(String pointer) {
        var parts = pointer.split("/");
        var member = parts.length < 2 ? "" : parts[1];
        return switch (member) {
            case "description", "owner", "labels", "instances", "routing", "sources", "key" -> member;
            case "auth" -> parts.length > 2 && parts[2].equals("credential") ? "authCredential" : "authType";
            case "limits" -> parts.length > 2 && parts[2].equals("concurrency") ? "concurrency" : "ratePerSecond";
            default -> "save";
        };
    }
}
