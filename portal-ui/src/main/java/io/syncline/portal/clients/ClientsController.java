package io.syncline.portal.clients;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/** The clients: listed, made, changed, given a new secret, ended. */
@Controller
class ClientsController {

    private static final String CLIENT = "/api/v1/clients/{key}";
    private static final String ADMIN = "admin";
    private static final int PAGE_ROWS = 50;
    private static final Pattern KEY = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Platform platform;

    ClientsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/settings/clients")
    String clients(@RequestParam(required = false) @Nullable String cursor, Moments moments, Model model) {
        var list = platform.ask(
                ApiCall.get("/api/v1/clients")
                        .query("limit", PAGE_ROWS)
                        .query("cursor", cursor)
                        .needs(ADMIN),
                ClientList.class);
        model.addAttribute(
                "rows",
                list.items().stream()
                        .map(client -> ClientRow.of(client, moments))
                        .toList());
        model.addAttribute("nextCursor", list.nextCursor());
        model.addAttribute("isFirstPage", cursor == null || cursor.isBlank());
        return "clients";
    }

    @GetMapping("/new/client")
    String empty(Model model) {
        return page(null, ClientForm.empty(), FormFaults.NONE, model);
    }

    @PostMapping("/new/client")
    String create(
            @ModelAttribute("form") ClientForm typed,
            Moments moments,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var key = typed.key() == null ? "" : typed.key().strip();
        if (!KEY.matcher(key).matches()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            var fault = FormFaults.about(
                    "key", "The key has lower-case letters, digits and inner hyphens, 63 characters at most.");
            return page(null, typed, fault, model);
        }
        try {
            return made(
                    platform.answer(ApiCall.put(CLIENT, key)
                            .body(typed.body(null, moments))
                            .header(HttpHeaders.IF_NONE_MATCH, "*")
                            .needs(ADMIN)),
                    key,
                    "The client " + key + " is made.",
                    model,
                    after);
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            var faults = isVersionConflict(refusal)
                    ? FormFaults.about("key", "There is a client of this key already.")
                    : FormFaults.of(refusal, ClientsController::field);
            return page(null, typed, faults, model);
        }
    }

    @GetMapping("/settings/clients/{key}")
    String client(@PathVariable String key, Moments moments, Model model) {
        var read = read(key);
        model.addAttribute("row", ClientRow.of(read.client(), moments));
        return page(key, ClientForm.of(read.client(), read.etag(), moments), FormFaults.NONE, model);
    }

    @PostMapping("/settings/clients/{key}")
    String change(
            @PathVariable String key,
            @ModelAttribute("form") ClientForm typed,
            Moments moments,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var read = read(key);
        try {
            var answer = platform.answer(ApiCall.put(CLIENT, key)
                    .body(typed.body(read.client(), moments))
                    .ifMatch(typed.etag() == null || typed.etag().isBlank() ? "\"0\"" : typed.etag())
                    .needs(ADMIN));
            after.addFlashAttribute(
                    "done",
                    Approvals.words(answer, "The client " + key + " is changed; its tokens follow within a minute."));
            return "redirect:/settings/clients";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            model.addAttribute("row", ClientRow.of(read.client(), moments));
            if (isVersionConflict(refusal)) {
                model.addAttribute("theirs", ClientForm.of(read.client(), read.etag(), moments));
                var onTheirs = new ClientForm(
                        typed.key(),
                        typed.system(),
                        typed.scopes(),
                        typed.expiresAt(),
                        typed.proof(),
                        typed.jwksUri(),
                        typed.webhook(),
                        read.etag());
                return page(key, onTheirs, FormFaults.NONE, model);
            }
            return page(key, typed, FormFaults.of(refusal, ClientsController::field), model);
        }
    }

    @GetMapping("/settings/clients/{key}/rotate")
    String askToRotate(@PathVariable String key, Model model) {
        return confirm(rotation(key, read(key)), model);
    }

    /** The old etag is part of the question: an answer that is sent twice makes one secret. */
    @PostMapping("/settings/clients/{key}/rotate")
    String rotate(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(name = "v", defaultValue = "") String version,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        try {
            return made(
                    platform.answer(ApiCall.post(CLIENT + "/rotate", key)
                            .query("reason", reason)
                            .ifMatch(etag(version))
                            .needs(ADMIN)),
                    key,
                    "The client " + key + " has a new secret. The old one works for 24 hours more.",
                    model,
                    after);
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(HttpStatus.CONFLICT.value());
            return confirm(rotation(key, read(key)).refused(reason, refusal), model);
        }
    }

    @GetMapping("/settings/clients/{key}/delete")
    String askToDelete(@PathVariable String key, Model model) {
        return confirm(deletion(key, read(key)), model);
    }

    @PostMapping("/settings/clients/{key}/delete")
    String delete(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(name = "v", defaultValue = "") String version,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        try {
            var answer = platform.answer(ApiCall.delete(CLIENT, key)
                    .query("reason", reason)
                    .ifMatch(etag(version))
                    .needs(ADMIN));
            after.addFlashAttribute("done", Approvals.words(answer, "The client " + key + " is deleted."));
            return "redirect:/settings/clients";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(HttpStatus.CONFLICT.value());
            return confirm(deletion(key, read(key)).refused(reason, refusal), model);
        }
    }

    private static Confirmation rotation(String key, Read read) {
        return Confirmation.of(
                        "Rotate the secret of " + key,
                        "A new secret is made and shown once, on the next page. The old one works for 24 hours more.",
                        "Rotate the secret of " + key,
                        "/settings/clients/" + key + "/rotate?v=" + read.version(),
                        "/settings/clients",
                        true)
                .affecting(List.of("Whoever uses " + key + " has to be given the new secret in that time."));
    }

    private static Confirmation deletion(String key, Read read) {
        var scopes = String.join(", ", read.client().scopesOrNone());
        return Confirmation.of(
                        "Delete client " + key,
                        "It gets no token any more, and those that it has are refused within 60 s.",
                        "Delete client " + key,
                        "/settings/clients/" + key + "/delete?v=" + read.version(),
                        "/settings/clients",
                        true)
                .affecting(List.of("Its scopes: " + scopes + "."));
    }

    /** The one page on which a secret that the platform has made can be read. */
    private static String made(ApiAnswer answer, String key, String done, Model model, RedirectAttributes after) {
        if (Approvals.isWaiting(answer)) {
            after.addFlashAttribute("done", Approvals.words(answer, done));
            return "redirect:/settings/clients";
        }
        var told = JSON.readValue(answer.body(), ClientView.class);
        if (told.clientSecret() == null && told.webhookSecret() == null) {
            after.addFlashAttribute("done", done);
            return "redirect:/settings/clients";
        }
        model.addAttribute("key", key);
        model.addAttribute("said", done);
        model.addAttribute("secret", told.clientSecret());
        model.addAttribute("webhookSecret", told.webhookSecret());
        return "client-secret";
    }

    private static String page(@Nullable String key, ClientForm form, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute("scopes", ClientForm.SCOPES);
        return "client";
    }

    private static String confirm(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.SETTINGS);
    }

    private Read read(String key) {
        var answer = platform.answer(ApiCall.get(CLIENT, key).needs(ADMIN));
        return new Read(
                JSON.readValue(answer.body(), ClientView.class), answer.entityTag() == null ? "" : answer.entityTag());
    }

    private record Read(ClientView client, String etag) {

        String version() {
            return etag.replace("\"", "");
        }
    }

    private static String etag(String version) {
        return "\"" + (version.matches("\\d{1,9}") ? version : "0") + "\"";
    }

    private static boolean isVersionConflict(PlatformException refusal) {
        return refusal.problem().is("version-conflict");
    }

    /** The id of the field in which a fault is mended. */
    private static String field(String pointer) {
        var parts = pointer.split("/");
        var member = parts.length < 2 ? "" : parts[1];
        return switch (member) {
            case "system", "expiresAt", "jwksUri" -> member;
            case "jwks", "tokenEndpointAuthMethod" -> "jwksUri";
            case "scopes" -> "scopes";
            default -> "save";
        };
    }
}
