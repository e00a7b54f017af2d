package io.syncline.portal.systems;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.systems.CredentialForm.Field;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.node.ObjectNode;

/** Credentials of a system: added, rotated and taken away; secrets go in and never come out. */
@Controller
class CredentialsController {

    private static final String CREDENTIALS = "credentials";

    /** For how long the platform may fall back on the old secret; the first one is what it takes by itself. */
    static final List<Overlap> OVERLAPS = List.of(
            new Overlap("PT24H", "24 hours"),
            new Overlap("PT1H", "1 hour"),
            new Overlap("P7D", "7 days"),
            new Overlap("P30D", "30 days"),
            new Overlap("PT0S", "not at all: the old one ends at once"));

    record Overlap(String value, String words) {}

    private final Platform platform;

    CredentialsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/systems/{key}/credential")
    String empty(@PathVariable String key, @RequestParam(required = false) @Nullable String type, Model model) {
        return addPage(key, type, "", Map.of(), FormFaults.NONE, model);
    }

    @PostMapping("/systems/{key}/credential")
    String add(
            @PathVariable String key,
            @RequestParam Map<String, String> typed,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var type = CredentialForm.knownType(typed.get("type"));
        var name = typed.getOrDefault("name", "").strip();
        if (type == null) {
            return addPage(key, null, name, typed, FormFaults.NONE, model);
        }
        var fields = CredentialForm.fieldsOf(type);
        var stored = StoredDocument.read(platform, key);
        if (name.isEmpty() || stored.json().path(CREDENTIALS).has(name)) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            var fault =
                    name.isEmpty() ? "The name is missing." : "There is a credential of this name; rotate it instead.";
            return addPage(key, type, name, typed, FormFaults.about("name", fault), model);
        }
        var document = stored.json().deepCopy();
        var credential = document.withObject("/" + CREDENTIALS).putObject(name).put("type", type);
        CredentialForm.filled(fields, typed).forEach((member, text) -> credential.put(member, String.valueOf(text)));
        try {
            var answer = platform.answer(put(key, stored, document));
            after.addFlashAttribute(
                    "done",
                    Approvals.words(answer, "The credential " + name + " is stored. Its secret is not shown again."));
            return "redirect:/systems/" + key + "#credentials";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(status(refusal).value());
            var faults = FormFaults.of(refusal, pointer -> field(pointer, fields, "name"));
            return addPage(key, type, name, typed, faults, model);
        }
    }

    private String addPage(
            String key, @Nullable String type, String name, Map<String, String> typed, FormFaults faults, Model model) {
        var known = CredentialForm.knownType(type);
        var fields = known == null ? List.<Field>of() : CredentialForm.fieldsOf(known);
        model.addAttribute("key", key);
        model.addAttribute("types", CredentialForm.TYPES);
        model.addAttribute("type", known);
        model.addAttribute("name", name);
        model.addAttribute("fields", fields);
        model.addAttribute("typed", CredentialForm.open(fields, typed));
        model.addAttribute("faults", faults);
        return "credential-add";
    }

    @GetMapping("/systems/{key}/credentials/{name}/rotate")
    String askForNew(@PathVariable String key, @PathVariable String name, Moments moments, Model model) {
        return rotatePage(key, name, Map.of(), FormFaults.NONE, moments, model);
    }

    @PostMapping("/systems/{key}/credentials/{name}/rotate")
    String rotate(
            @PathVariable String key,
            @PathVariable String name,
            @RequestParam Map<String, String> typed,
            Moments moments,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var fields = CredentialForm.rotatedOf(typeOf(StoredDocument.read(platform, key), name));
        var body = CredentialForm.filled(fields, typed);
        var overlap = typed.get("overlap");
        body.put(
                "overlap",
                overlap == null || overlap.isBlank() ? OVERLAPS.get(0).value() : overlap);
        try {
            var answer = platform.answer(ApiCall.post("/api/v1/systems/{key}/credentials/{name}/rotate", key, name)
                    .body(body)
                    .needs(SystemsController.WRITE));
            after.addFlashAttribute(
                    "done",
                    Approvals.words(
                            answer,
                            "The new secret of " + name + " is presented from now on. Test the connection with it."));
            return "redirect:/systems/" + key + "#credentials";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(status(refusal).value());
            var faults = FormFaults.of(refusal, pointer -> field(pointer, fields, "save"));
            return rotatePage(key, name, typed, faults, moments, model);
        }
    }

    private String rotatePage(
            String key, String name, Map<String, String> typed, FormFaults faults, Moments moments, Model model) {
        var stored = StoredDocument.read(platform, key);
        var system = SystemView.of(stored.shown(), stored.entityTag(), moments);
        var fields = CredentialForm.rotatedOf(typeOf(stored, name));
        model.addAttribute("key", key);
        model.addAttribute(
                "credential",
                system.credentials().stream()
                        .filter(row -> row.name().equals(name))
                        .findFirst()
                        .orElse(null));
        model.addAttribute("name", name);
        model.addAttribute("fields", fields);
        model.addAttribute("typed", CredentialForm.open(fields, typed));
        model.addAttribute("overlaps", OVERLAPS);
        model.addAttribute(
                "overlap", typed.getOrDefault("overlap", OVERLAPS.get(0).value()));
        model.addAttribute("faults", faults);
        return "credential-rotate";
    }

    @GetMapping("/systems/{key}/credentials/{name}/retire")
    String askToRetire(@PathVariable String key, @PathVariable String name, Moments moments, Model model) {
        return SystemsController.confirm(retirement(key, name, moments), model);
    }

    @PostMapping("/systems/{key}/credentials/{name}/retire")
    String retire(
            @PathVariable String key,
            @PathVariable String name,
            @RequestParam(defaultValue = "") String reason,
            Moments moments,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        try {
            var answer = platform.answer(ApiCall.post("/api/v1/systems/{key}/credentials/{name}/retire", key, name)
                    .query("reason", reason)
                    .needs(SystemsController.WRITE));
            after.addFlashAttribute(
                    "done",
                    Approvals.words(
                            answer, "The old secret of " + name + " is retired. Take it away at the system too."));
            return "redirect:/systems/" + key + "#credentials";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(status(refusal).value());
            return SystemsController.confirm(retirement(key, name, moments).refused(reason, refusal), model);
        }
    }

    private Confirmation retirement(String key, String name, Moments moments) {
        var stored = StoredDocument.read(platform, key);
        var used = SystemView.of(stored.shown(), stored.entityTag(), moments).credentials().stream()
                .filter(row -> row.name().equals(name))
                .map(CredentialRow::previousUsed)
                .filter(Objects::nonNull)
                .findFirst();
        return Confirmation.of(
                        "Retire the old secret of " + name,
                        "The platform falls back on it no more, from now on and on all nodes.",
                        "Retire the old secret of " + name,
                        "/systems/" + key + "/credentials/" + name + "/retire",
                        "/systems/" + key,
                        true)
                .affecting(List.of(used.map(at -> "It was last used " + at.ago() + ", at " + at.text()
                                + ". Where the system still takes this one alone, calls fail from now on.")
                        .orElse("No use of it is known since the rotation.")));
    }

    @GetMapping("/systems/{key}/credentials/{name}/remove")
    String askToRemove(@PathVariable String key, @PathVariable String name, Model model) {
        return SystemsController.confirm(question(key, name), model);
    }

    @PostMapping("/systems/{key}/credentials/{name}/remove")
    String remove(
            @PathVariable String key,
            @PathVariable String name,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var stored = StoredDocument.read(platform, key);
        var document = stored.json().deepCopy();
        if (document.get(CREDENTIALS) instanceof ObjectNode credentials) {
            credentials.remove(name);
            if (credentials.isEmpty()) {
                document.remove(CREDENTIALS);
            }
        }
        try {
            var answer = platform.answer(put(key, stored, document).query("reason", reason));
            after.addFlashAttribute("done", Approvals.words(answer, "The credential " + name + " is removed."));
            return "redirect:/systems/" + key + "#credentials";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(status(refusal).value());
            return SystemsController.confirm(question(key, name).refused(reason, refusal), model);
        }
    }

    private static Confirmation question(String key, String name) {
        return Confirmation.of(
                "Remove credential " + name,
                "Its secret is gone for good; calls that name it are refused. It cannot be removed while the system or a"
                        + " group names it.",
                "Remove credential " + name,
                "/systems/" + key + "/credentials/" + name + "/remove",
                "/systems/" + key,
                true);
    }

    private static ApiCall put(String key, StoredDocument stored, ObjectNode document) {
        var managed = stored.shown().path("status").has("managedBy");
        return ApiCall.put("/api/v1/systems/{key}", key)
                .ifMatch(stored.entityTag())
                .query("detach", managed ? true : null)
                .body(document)
                .needs(SystemsController.WRITE);
    }

    private static String typeOf(StoredDocument stored, String name) {
        return stored.json().path(CREDENTIALS).path(name).path("type").asString("");
    }

    private static HttpStatus status(PlatformException refusal) {
        return switch (refusal.kind()) {
            case CONFLICT -> HttpStatus.CONFLICT;
            default -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    }

    /** The platform names a member by the document's pointer, or by that of the rotation's body. */
    private static String field(String pointer, List<Field> fields, String otherwise) {
        var member = pointer.substring(pointer.lastIndexOf('/') + 1);
        Set<String> names = fields.stream().map(Field::name).collect(Collectors.toSet());
        return names.contains(member) || member.equals("overlap") ? member : otherwise;
    }
}
