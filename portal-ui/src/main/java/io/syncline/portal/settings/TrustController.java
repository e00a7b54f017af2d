package io.syncline.portal.settings;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Whose tokens the platform takes, and with which keys it makes its own. */
@Controller
class TrustController {

    private static final String ADMIN = "admin";
    private static final List<String> PURPOSES = List.of("TOKEN", "CALLBACK");

    private final Platform platform;

    TrustController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/settings/issuers")
    String issuers(
            @RequestParam(required = false) @Nullable String cursor,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        try {
            var list = platform.ask(
                    ApiCall.get("/api/v1/issuers")
                            .query("limit", 50)
                            .query("cursor", cursor)
                            .needs(ADMIN),
                    Issuers.class);
            model.addAttribute(
                    "rows",
                    list.items().stream().map(issuer -> issuer.row(moments)).toList());
            model.addAttribute("isFirstPage", cursor == null);
            model.addAttribute("nextCursor", list.nextCursor());
            return "issuers";
        } catch (PlatformException refusal) {
            return NotAllowed.page(refusal, "issuers", "Trusted issuers", model, response);
        }
    }

    @GetMapping("/settings/keys")
    String keys(Moments moments, Model model, HttpServletResponse response) {
        try {
            var list =
                    platform.ask(ApiCall.get("/api/v1/keys").query("limit", 200).needs(ADMIN), Keys.class);
            model.addAttribute(
                    "rows", list.items().stream().map(key -> key.row(moments)).toList());
            model.addAttribute("purposes", PURPOSES);
            return "keys";
        } catch (PlatformException refusal) {
            return NotAllowed.page(refusal, "keys", "Keys", model, response);
        }
    }

    @GetMapping("/settings/keys/rotate")
    String askToRotate(@RequestParam(defaultValue = "TOKEN") String purpose, Model model) {
        return asked(rotation(known(purpose)), model);
    }

    @PostMapping("/settings/keys/rotate")
    String rotate(
            @RequestParam(defaultValue = "TOKEN") String purpose,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String key,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var answer = platform.answer(ApiCall.post("/api/v1/keys/rotate")
                    .body(Map.of("reason", reason, "purpose", known(purpose)))
                    .once(key)
                    .needs(ADMIN));
            redirect.addFlashAttribute(
                    "done", Approvals.words(answer, "The next key is the current one now; there is a new next one."));
            return "redirect:/settings/keys";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return asked(rotation(known(purpose)).refused(reason, refusal), model);
        }
    }

    private static String known(String purpose) {
        return PURPOSES.contains(purpose) ? purpose : PURPOSES.get(0);
    }

    private static Confirmation rotation(String purpose) {
        return Confirmation.of(
                "Rotate the %s key".formatted(purpose),
                "The next key signs from now on, and a new next one is made. What the present key has signed is accepted"
                        + " until its overlap is over; nobody has to do anything.",
                "Rotate the %s key".formatted(purpose),
                "/settings/keys/rotate?purpose=" + purpose,
                "/settings/keys",
                true);
    }

    private static String asked(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.SETTINGS);
    }

    /** A page of issuers as the platform answers it. */
    record Issuers(List<Issuer> items, @Nullable String nextCursor) {

        record Issuer(
                String key,
                String issuer,
                String jwksUri,
                List<String> algorithms,
                @Nullable String audience,
                @Nullable String maxTokenLife,
                @Nullable People people,
                @Nullable Instant updatedAt) {

            Row row(Moments moments) {
                return new Row(
                        key,
                        issuer,
                        jwksUri,
                        String.join(", ", algorithms),
                        audience == null ? "-" : audience,
                        maxTokenLife == null ? "-" : maxTokenLife,
                        people == null ? List.of() : people.groups(),
                        people != null,
                        moments.orNull(updatedAt));
            }
        }

        record People(@Nullable String clientId, @Nullable Map<String, Rights> roles) {

            /** What members of a group of the provider may do, by group. */
            List<Group> groups() {
                return new TreeMap<>(Objects.requireNonNullElse(roles, Map.<String, Rights>of()))
                        .entrySet().stream()
                                .map(group -> new Group(
                                        group.getKey(),
                                        String.join(", ", group.getValue().roles()),
                                        group.getValue().labels().contains("*")
                                                ? "all groups"
                                                : String.join(
                                                        ", ", group.getValue().labels())))
                                .toList();
            }
        }

        record Rights(List<String> roles, List<String> labels) {}

        record Group(String name, String roles, String labels) {}

        /** @param signsPeopleIn whether people come in by it, and not machines alone */
        record Row(
                String key,
                String issuer,
                String jwksUri,
                String algorithms,
                String audience,
                String maxTokenLife,
                List<Group> groups,
                boolean signsPeopleIn,
                @Nullable Moment updated) {}
    }

    /** The platform's keys as it answers them. */
    record Keys(List<Key> items) {

        record Key(
                String kid,
                String purpose,
                String algorithm,
                String state,
                Instant createdAt,
                @Nullable Instant activatedAt,
                @Nullable Instant acceptedUntil,
                @Nullable Instant revokedAt) {

            Row row(Moments moments) {
                return new Row(
                        kid,
                        purpose,
                        algorithm,
                        mark(state),
                        moments.of(createdAt),
                        moments.orNull(activatedAt),
                        moments.orNull(acceptedUntil),
                        moments.orNull(revokedAt));
            }

            private static StateMark mark(String state) {
                return switch (state) {
                    case "CURRENT" -> new StateMark("tick", state, "success");
                    case "NEXT" -> new StateMark("ring", state, "active");
                    case "RETIRED" -> new StateMark("chevrons", state, "neutral");
                    case "REVOKED" -> new StateMark("barred-ring", state, "failed");
                    default -> new StateMark("question", state, "neutral");
                };
            }
        }

        record Row(
                String kid,
                String purpose,
                String algorithm,
                StateMark mark,
                Moment created,
                @Nullable Moment activated,
                @Nullable Moment acceptedUntil,
                @Nullable Moment revoked) {}
    }
}
