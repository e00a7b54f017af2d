package io.syncline.portal.settings;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An account as it was filled in.
 *
 * @param labels separated by commas or spaces; a star alone is all
 * @param payload {@code true}: may read payloads as well
 * @param enabled {@code true}: may sign in
 * @param issuer with {@code subject}: the person comes from there and has no password here
 * @param entityTag of the version that the form began with
 */
record UserForm(
        @Nullable String key,
        @Nullable String name,
        @Nullable String email,
        @Nullable List<String> roles,
        @Nullable String labels,
        @Nullable String payload,
        @Nullable String enabled,
        @Nullable String issuer,
        @Nullable String subject,
        @Nullable String entityTag) {

    private static final String YES = "true";

    static final UserForm EMPTY = new UserForm(null, null, null, null, null, null, YES, null, null, null);

    static UserForm of(UserView user, @Nullable String entityTag) {
        var external = user.external();
        return new UserForm(
                user.key(),
                user.name(),
                user.email(),
                user.roles(),
                String.join(", ", user.labels()),
                user.scopes().contains("payload:read") ? YES : null,
                user.enabled() ? YES : null,
                external == null ? null : external.issuer(),
                external == null ? null : external.subject(),
                entityTag);
    }

    public boolean isPayload() {
        return YES.equals(payload);
    }

    public boolean isEnabled() {
        return YES.equals(enabled);
    }

    public boolean hasRole(String role) {
        return roles != null && roles.contains(role);
    }

    List<String> rolesOrNone() {
        return Objects.requireNonNullElse(roles, List.of());
    }

    private List<String> labelList() {
        return labels == null || labels.isBlank()
                ? List.of()
                : Arrays.stream(labels.strip().split("[,\\s]+"))
                        .filter(label -> !label.isEmpty())
                        .distinct()
                        .toList();
    }

    Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        body.put("name", name == null ? "" : name.strip());
        if (email != null && !email.isBlank()) {
            body.put("email", email.strip());
        }
        body.put("roles", rolesOrNone());
        body.put("labels", labelList());
        body.put("scopes", isPayload() ? List.of("payload:read") : List.of());
        body.put("enabled", isEnabled());
        if (isFilled(issuer) || isFilled(subject)) {
            body.put(
                    "external",
                    Map.of(
                            "issuer",
                            issuer == null ? "" : issuer.strip(),
                            "subject",
                            subject == null ? "" : subject.strip()));
        }
        return body;
    }

    /** The field that a member of the body came from. */
    static @Nullable String fieldOf(String pointer) {
        if (pointer.startsWith("/external")) {
            return pointer.endsWith("/subject") ? "subject" : "issuer";
        }
        var member = pointer.split("/", 3);
        return member.length < 2 ? null : member[1].equals("scopes") ? "payload" : member[1];
    }

    private static boolean isFilled(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
