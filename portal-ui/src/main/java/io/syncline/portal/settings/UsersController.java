package io.syncline.portal.settings;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.SessionView;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

/** The people of the platform, what they may do, and where they are signed in. */
@Controller
class UsersController {

    private static final String ONE = "/api/v1/users/{key}";
    private static final String ADMIN = "admin";

    private final Platform platform;
    private final JsonMapper json;

    UsersController(Platform platform, JsonMapper json) {
        this.platform = platform;
        this.json = json;
    }

    @GetMapping("/settings/users")
    String users(
            @RequestParam(required = false) @Nullable String cursor,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        try {
            var list = platform.ask(
                    ApiCall.get("/api/v1/users")
                            .query("limit", 50)
                            .query("cursor", cursor)
                            .needs(ADMIN),
                    UserView.Part.class);
            model.addAttribute(
                    "rows",
                    list.items().stream().map(user -> UserRow.of(user, moments)).toList());
            model.addAttribute("isFirstPage", cursor == null);
            model.addAttribute("nextCursor", list.nextCursor());
            model.addAttribute(
                    "isAlone",
                    cursor == null
                            && list.items().stream()
                                            .filter(user -> user.roles().contains(ADMIN))
                                            .count()
                                    < 2);
            return "users";
        } catch (PlatformException refusal) {
            return NotAllowed.page(refusal, "users", "Users", model, response);
        }
    }

    @GetMapping("/settings/users/new")
    String fresh(Model model) {
        model.addAttribute("form", UserForm.EMPTY);
        return form(null, FormFaults.NONE, model);
    }

    @PostMapping("/settings/users")
    String create(
            @ModelAttribute("form") UserForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var key = form.key();
        if (key == null || key.isBlank()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(null, FormFaults.about("key", "The name to sign in with is missing."), model);
        }
        try {
            var answer = platform.answer(ApiCall.put(ONE, key.strip())
                    .body(form.body())
                    .header("If-None-Match", "*")
                    .needs(ADMIN));
            if (Approvals.isWaiting(answer)) {
                return waiting(answer, redirect);
            }
            return code(read(answer), "is made", model, redirect);
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return form(null, faults(refusal), model);
        }
    }

    @GetMapping("/settings/users/{key}")
    String user(@PathVariable String key, Moments moments, Model model, HttpServletResponse response) {
        try {
            return page(key, FormFaults.NONE, null, moments, model);
        } catch (PlatformException refusal) {
            return NotAllowed.page(refusal, "users", "Users", model, response);
        }
    }

    @PostMapping("/settings/users/{key}")
    String change(
            @PathVariable String key,
            @ModelAttribute("form") UserForm form,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var tag = form.entityTag();
            var answer = platform.answer(ApiCall.put(ONE, key)
                    .body(form.body())
                    .ifMatch(tag == null ? "" : tag)
                    .needs(ADMIN));
            redirect.addFlashAttribute(
                    "done",
                    Approvals.words(
                            answer, "The account is changed. Where rights changed, the person's sessions have ended."));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return page(key, faults(refusal), form, moments, model);
        }
        return "redirect:/settings/users/{key}";
    }

    @GetMapping("/settings/users/{key}/reset")
    String askToReset(@PathVariable String key, Model model) {
        return reset(key).view(model, Place.SETTINGS);
    }

    @PostMapping("/settings/users/{key}/reset")
    String reset(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        if (reason.isBlank()) {
            return withoutReason(reset(key), model, response);
        }
        try {
            var answer = platform.answer(ApiCall.post("/api/v1/users/{key}/reset", key)
                    .query("reason", reason)
                    .needs(ADMIN));
            return Approvals.isWaiting(answer)
                    ? waiting(answer, redirect)
                    : code(read(answer), "has no password any more", model, redirect);
        } catch (PlatformException refusal) {
            return refused(refusal, reset(key), reason, model, response);
        }
    }

    @GetMapping("/settings/users/{key}/delete")
    String askToDelete(@PathVariable String key, Model model) {
        var tag = platform.answer(ApiCall.get(ONE, key).needs(ADMIN)).entityTag();
        return deletion(key, tag == null ? "" : tag).view(model, Place.SETTINGS);
    }

    @PostMapping("/settings/users/{key}/delete")
    String delete(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String entityTag,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var asked = deletion(key, entityTag);
        if (reason.isBlank()) {
            return withoutReason(asked, model, response);
        }
        try {
            var answer = platform.answer(ApiCall.delete(ONE, key)
                    .query("reason", reason)
                    .ifMatch(entityTag)
                    .needs(ADMIN));
            redirect.addFlashAttribute("done", Approvals.words(answer, "The account " + key + " is deleted."));
            return "redirect:/settings/users";
        } catch (PlatformException refusal) {
            return refused(refusal, asked, reason, model, response);
        }
    }

    @PostMapping("/settings/users/{key}/sessions/{sessionId}/end")
    String endSession(@PathVariable String key, @PathVariable String sessionId, RedirectAttributes redirect) {
        try {
            platform.tell(ApiCall.delete("/api/v1/sessions/{id}", sessionId).needs(ADMIN));
            redirect.addFlashAttribute("done", "The session is ended. What it has open may go on for up to a minute.");
        } catch (PlatformException refusal) {
            if (refusal.kind() != PlatformException.Kind.UNKNOWN) {
                throw refusal;
            }
            redirect.addFlashAttribute("done", "The session had ended already.");
        }
        return "redirect:/settings/users/{key}";
    }

    private String page(String key, FormFaults faults, @Nullable UserForm typed, Moments moments, Model model) {
        var answer = platform.answer(ApiCall.get(ONE, key).needs(ADMIN));
        var user = read(answer);
        var sessions =
                platform.ask(ApiCall.get("/api/v1/sessions").query("user", key).needs(ADMIN), Sessions.class);
        model.addAttribute("user", UserRow.of(user, moments));
        model.addAttribute("matrix", Right.matrix(user.roles(), user.scopes()));
        model.addAttribute("theirRoles", user.roles());
        model.addAttribute(
                "sessions",
                sessions.items().stream()
                        .map(session -> SessionRow.of(session, moments))
                        .toList());
        model.addAttribute("form", typed == null ? UserForm.of(user, answer.entityTag()) : typed);
        return form(key, faults, model);
    }

    private static String form(@Nullable String key, FormFaults faults, Model model) {
        model.addAttribute("key", key);
        model.addAttribute("faults", faults);
        model.addAttribute("roles", Right.ROLES);
        return key == null ? "user-form" : "user";
    }

    /** The page with the code, which is nowhere to be read again. */
    private static String code(UserView user, String what, Model model, RedirectAttributes redirect) {
        if (user.setUpCode() == null) {
            redirect.addFlashAttribute("done", "The account %s %s.".formatted(user.key(), what));
            return "redirect:/settings/users/" + user.key();
        }
        model.addAttribute("account", user);
        model.addAttribute("what", what);
        var expires = user.setUpCodeExpiresIn();
        model.addAttribute("hours", expires == null ? 24 : expires / 3600);
        return "user-code";
    }

    private static String waiting(ApiAnswer answer, RedirectAttributes redirect) {
        redirect.addFlashAttribute(
                "done",
                Approvals.words(answer, "") + " When it is approved, the set-up code stands there for you, once.");
        return "redirect:/settings/changes";
    }

    private static String withoutReason(Confirmation asked, Model model, HttpServletResponse response) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return asked.withoutReason().view(model, Place.SETTINGS);
    }

    private static String refused(
            PlatformException refusal, Confirmation asked, String reason, Model model, HttpServletResponse response) {
        if (!refusal.isAboutForm()) {
            throw refusal;
        }
        response.setStatus(refusal.formStatus().value());
        var said = faults(refusal).all().stream().map(FormFaults.Fault::text).toList();
        return asked.refused(reason, said).view(model, Place.SETTINGS);
    }

    private static FormFaults faults(PlatformException refusal) {
        if (refusal.problem().is("last-admin")) {
            return FormFaults.about(
                    null,
                    "This is the last person who may do everything, so it stays as it is: without an administrator nobody"
                            + " could change people, keys or issuers any more. Give somebody else the role admin, let them"
                            + " set their password, and try again.");
        }
        return FormFaults.of(refusal, UserForm::fieldOf);
    }

    private static Confirmation reset(String key) {
        return Confirmation.of(
                "Reset the password of " + key,
                "The password stops working, all sessions of the person end, and you get a code, shown once, with which the"
                        + " person sets a new one.",
                "Reset the password of " + key,
                "/settings/users/" + key + "/reset",
                "/settings/users/" + key,
                true);
    }

    private static Confirmation deletion(String key, String entityTag) {
        return Confirmation.of(
                        "Delete the account " + key,
                        "The person cannot sign in any more, and all sessions end. What they did stays in the audit log.",
                        "Delete the account " + key,
                        "/settings/users/" + key + "/delete",
                        "/settings/users/" + key,
                        true)
                .sending("entityTag", List.of(entityTag));
    }

    private UserView read(ApiAnswer answer) {
        return json.readValue(answer.body(), UserView.class);
    }

    record Sessions(List<SessionView> items) {}

    /** A session of the person. */
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
                    session.remoteAddress() == null ? "-" : session.remoteAddress(),
                    session.userAgent() == null ? "-" : session.userAgent(),
                    moments.orNull(session.signedInAt()),
                    moments.orNull(session.refreshedAt()),
                    moments.orNull(session.endsAt()));
        }
    }
}
