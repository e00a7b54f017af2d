package io.syncline.scheduler.security;

import io.syncline.scheduler.store.StorableText;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A person's account as it is put: everything wrong in it is told at once. */
final class UserDocument {

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_EMAIL = 254;
    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_LABEL = 63;
    private static final int MOST_LABELS = 50;
    private static final String ALL = "*";
    /** Enough to see that it is meant as an address; whether mail arrives is seen when it is sent. */
    private static final Pattern EMAIL = Pattern.compile("[^\\s@<>()\",;:]{1,64}@[^\\s@<>()\",;:]{1,189}");

    private UserDocument() {}

    static ProblemException invalid() {
        return ProblemException.of(422, "user-invalid", "Invalid user")
                .detail("Send {\"name\": \"…\", \"roles\": [\"…\"], \"labels\": [\"…\"]}; errors lists what is wrong.");
    }

    static UserChange of(String key, byte[] bytes) {
        var problem = invalid();
        if (!Keys.isKey(key)) {
            problem.parameterError("key", "has lower-case letters, digits and inner hyphens, at most 63", "format");
        } else if (Keys.isReserved(key)) {
            problem.parameterError("key", "is a name that the platform gives to others", "reserved");
        }
        var body = new JsonBody(bytes, problem);
        var name = body.text("name", LONGEST_NAME);
        var email = body.optionalText("email", LONGEST_EMAIL);
        if (email != null && !isEmail(email)) {
            body.error("/email", "is no e-mail address", "format");
        }
        var roles = roles(body.node("roles"), "/roles", body);
        var labels = labels(body.node("labels"), "/labels", body);
        requireAllLabels(roles, labels, "/labels", body);
        var scopes = scopes(body.node("scopes"), body);
        var enabled = body.flag("enabled", true);
        var external = external(body.node("external"), body);
        body.refuseIfWrong();
        return new UserChange(name, email, roles, labels, scopes, enabled, external);
    }

    static boolean isEmail(String text) {
        return text.length() <= LONGEST_EMAIL && EMAIL.matcher(text).matches();
    }

    static void requireAllLabels(Set<Role> roles, Labels labels, String pointer, JsonBody body) {
        if (!labels.all() && (roles.contains(Role.ADMIN) || roles.contains(Role.AUDITOR))) {
            body.error(pointer, "is [\"*\"] for the roles admin and auditor, which are not limited", "all-labels");
        }
    }

    static Set<Role> roles(@Nullable JsonNode node, String pointer, JsonBody body) {
        var roles = EnumSet.noneOf(Role.class);
        if (node == null) {
            body.error(pointer, "is missing", "missing");
            return roles;
        }
        if (!node.isArray()) {
            body.error(pointer, "is no list", "type");
            return roles;
        }
        if (node.isEmpty()) {
            body.error(pointer, "is empty", "missing");
        }
        for (int index = 0; index < node.size(); index++) {
            var name = node.get(index);
            var role = name.isString() ? Role.of(name.stringValue()) : Optional.<Role>empty();
            if (role.isPresent()) {
                roles.add(role.get());
            } else {
                body.error(pointer + "/" + index, "is no role", "unknown-role");
            }
        }
        return roles;
    }

    static Labels labels(@Nullable JsonNode node, String pointer, JsonBody body) {
        var labels = new HashSet<String>();
        if (node == null) {
            body.error(pointer, "is missing", "missing");
            return Labels.of(labels);
        }
        if (!node.isArray()) {
            body.error(pointer, "is no list", "type");
            return Labels.of(labels);
        }
        if (node.isEmpty() || node.size() > MOST_LABELS) {
            body.error(pointer, "has 1 to " + MOST_LABELS + " labels", "length");
        }
        for (int index = 0; index < node.size(); index++) {
            var label = node.get(index);
            if (!label.isString()
                    || label.stringValue().isBlank()
                    || label.stringValue().length() > LONGEST_LABEL
                    || !StorableText.is(label.stringValue())) {
                body.error(pointer + "/" + index, "is no text of 1 to " + LONGEST_LABEL + " characters", "length");
            } else {
                labels.add(label.stringValue());
            }
        }
        if (labels.equals(Set.of(ALL))) {
            return Labels.ALL;
        }
        if (labels.contains(ALL)) {
            body.error(pointer, "has * alone, or no *", "all-labels");
        }
        return Labels.of(labels);
    }

    private static Set<Scope> scopes(@Nullable JsonNode node, JsonBody body) {
        if (node == null) {
            return Set.of();
        }
        var scopes = EnumSet.noneOf(Scope.class);
        if (!node.isArray()) {
            body.error("/scopes", "is no list", "type");
            return scopes;
        }
        for (int index = 0; index < node.size(); index++) {
            var name = node.get(index);
            if (name.isString() && name.stringValue().equals(Scope.PAYLOAD_READ.text())) {
                scopes.add(Scope.PAYLOAD_READ);
            } else {
                body.error("/scopes/" + index, "is not payload:read; all others come with roles", "unknown-scope");
            }
        }
        return scopes;
    }

    private static @Nullable ExternalPerson external(@Nullable JsonNode node, JsonBody body) {
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            body.error("/external", "is no object", "type");
            return null;
        }
        for (var member : node.propertyNames()) {
            if (!member.equals("issuer") && !member.equals("subject")) {
                body.error("/external/" + member.replace("~", "~0").replace("/", "~1"), "is unknown", "unknown-member");
            }
        }
        var issuer = node.get("issuer");
        var subject = node.get("subject");
        if (issuer == null || !issuer.isString() || !Keys.isKey(issuer.stringValue())) {
            body.error("/external/issuer", "is no key of an issuer", "format");
            return null;
        }
        if (subject == null
                || !subject.isString()
                || subject.stringValue().isBlank()
                || subject.stringValue().length() > LONGEST_SUBJECT
                || !StorableText.is(subject.stringValue())) {
            body.error("/external/subject", "has 1 to " + LONGEST_SUBJECT + " characters", "length");
            return null;
        }
        return new ExternalPerson(issuer.stringValue(), subject.stringValue());
    }
}
