package io.syncline.scheduler.security;

import io.syncline.scheduler.store.StorableText;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client as it is put: everything wrong in it is told at once. */
final class ClientDocument {

    private static final Set<String> MEMBERS = Set.of(
            "system", "scopes", "expiresAt", "tokenEndpointAuthMethod", "jwks", "jwksUri", "external", "webhook");
    private static final Set<String> EXTERNAL_MEMBERS = Set.of("issuer", "subject");
    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_JWKS = 32_000;

    private final JsonNode body;
    private final Instant now;
    private final ProblemException problem = invalid();

    private ClientDocument(JsonNode body, Instant now) {
        this.body = body;
        this.now = now;
    }

    static ProblemException invalid() {
        return ProblemException.of(422, "client-invalid", "Invalid client")
                .detail("Send {\"system\": \"…\", \"scopes\": [\"…\"]}; errors lists what is wrong.");
    }

    static ClientSettings of(String key, JsonNode body, Instant now) {
        return new ClientDocument(body, now).read(key);
    }

    private ClientSettings read(String key) {
        if (!Keys.isKey(key)) {
            problem.parameterError("key", "has lower-case letters, digits and inner hyphens, at most 63", "format");
        } else if (Keys.isReserved(key)) {
            problem.parameterError("key", "is a name that the platform gives to others", "reserved");
        }
        if (!body.isObject()) {
            throw problem.error("", "is no object", "type");
        }
        refuseUnknown(body, MEMBERS, "");
        var system = system();
        var scopes = scopes();
        var expiresAt = expiresAt();
        var jwks = jwks();
        var jwksUri = jwksUri();
        var external = external();
        var webhook = webhook();
        var method = method(jwks != null || jwksUri != null, external != null || webhook);
        if (method == AuthMethod.PRIVATE_KEY_JWT && given("jwks") == given("jwksUri")) {
            problem.error("/jwks", "is what private_key_jwt needs, or jwksUri; one of the two", "missing");
        }
        if (problem.hasErrors()) {
            throw problem;
        }
        return new ClientSettings(system, scopes, expiresAt, method, jwks, jwksUri, external, webhook);
    }

    private void refuseUnknown(JsonNode object, Set<String> members, String pointer) {
        object.propertyNames().stream()
                .filter(name -> !members.contains(name))
                .forEach(name -> problem.error(pointer + "/" + escaped(name), "is unknown", "unknown-member"));
    }

    private boolean given(String member) {
        var node = body.get(member);
        return node != null && !node.isNull();
    }

    private @Nullable String text(String member) {
        if (!given(member)) {
            return null;
        }
        var node = body.get(member);
        if (!node.isString()) {
            problem.error("/" + member, "is no text", "type");
            return null;
        }
        return node.stringValue();
    }

    private @Nullable String system() {
        var system = text("system");
        if (system != null && !Keys.isKey(system)) {
            problem.error("/system", "is no key: lower-case letters, digits, inner hyphens, at most 63", "format");
        } else if (StrictJwtDecoder.PLATFORM_AUDIENCE.equals(system)) {
            problem.error("/system", "is the platform's own name", "reserved");
        }
        return system;
    }

    private Set<Scope> scopes() {
        var scopes = EnumSet.noneOf(Scope.class);
        if (!given("scopes")) {
            problem.error("/scopes", "is missing", "missing");
            return scopes;
        }
        var node = body.get("scopes");
        if (!node.isArray()) {
            problem.error("/scopes", "is no list", "type");
            return scopes;
        }
        if (node.isEmpty()) {
            problem.error("/scopes", "is empty", "missing");
        }
        for (int index = 0; index < node.size(); index++) {
            var name = node.get(index);
            var scope = name.isString() ? Scope.of(name.stringValue()) : Optional.<Scope>empty();
            if (scope.isPresent()) {
                scopes.add(scope.get());
            } else {
                problem.error("/scopes/" + index, "is no scope", "unknown-scope");
            }
        }
        return scopes;
    }

    private @Nullable Instant expiresAt() {
        var text = text("expiresAt");
        if (text == null) {
            return null;
        }
        try {
            var time = Instant.parse(text);
            if (time.isAfter(now)) {
                return time;
            }
            problem.error("/expiresAt", "is in the past", "past");
        } catch (DateTimeParseException e) {
            problem.error("/expiresAt", "is no instant such as 2027-01-31T12:00:00Z", "format");
        }
        return null;
    }

    private @Nullable String jwks() {
        if (!given("jwks")) {
            return null;
        }
        var node = body.get("jwks");
        var text = node.toString();
        if (text.length() > LONGEST_JWKS) {
            problem.error("/jwks", "is longer than " + LONGEST_JWKS + " characters", "range");
            return null;
        }
        try {
            JwkSet.registered(node);
        } catch (JwkSet.BadSetException e) {
            e.faults().forEach(fault -> problem.error("/jwks" + fault.pointer(), fault.detail(), fault.code()));
        }
        return text;
    }

    private @Nullable URI jwksUri() {
        var text = text("jwksUri");
        return text == null ? null : RemoteJwks.address(text, "/jwksUri", problem);
    }

    private ClientSettings.@Nullable External external() {
        if (!given("external")) {
            return null;
        }
        var node = body.get("external");
        if (!node.isObject()) {
            problem.error("/external", "is no object", "type");
            return null;
        }
        refuseUnknown(node, EXTERNAL_MEMBERS, "/external");
        var issuer = node.path("issuer").asString("");
        if (!Keys.isKey(issuer)) {
            problem.error("/external/issuer", "is not the key of an issuer", "format");
        }
        var subject = node.path("subject");
        if (!subject.isString()
                || subject.stringValue().isEmpty()
                || subject.stringValue().length() > LONGEST_SUBJECT
                || !StorableText.is(subject.stringValue())) {
            problem.error("/external/subject", "is no text of 1 to " + LONGEST_SUBJECT + " characters", "range");
            return null;
        }
        return new ClientSettings.External(issuer, subject.stringValue());
    }

    private boolean webhook() {
        if (!given("webhook")) {
            return false;
        }
        var node = body.get("webhook");
        if (!node.isBoolean()) {
            problem.error("/webhook", "is neither true nor false", "type");
            return false;
        }
        return node.booleanValue();
    }

    /** Left out, it is what the other members suggest. */
    private AuthMethod method(boolean keys, boolean otherWay) {
        var text = text("tokenEndpointAuthMethod");
        if (text == null) {
            return keys ? AuthMethod.PRIVATE_KEY_JWT : AuthMethod.CLIENT_SECRET_BASIC;
        }
        var method = AuthMethod.of(text).orElse(null);
        if (method == null) {
            var names = Arrays.stream(AuthMethod.values()).map(AuthMethod::text).collect(Collectors.joining(", "));
            problem.error("/tokenEndpointAuthMethod", "is not one of " + names, "invalid-value");
            return AuthMethod.CLIENT_SECRET_BASIC;
        }
        if (keys && method != AuthMethod.PRIVATE_KEY_JWT) {
            problem.error("/tokenEndpointAuthMethod", "is not private_key_jwt, but there are keys", "conflict");
        }
        if (method == AuthMethod.NONE && !otherWay) {
            problem.error("/tokenEndpointAuthMethod", "is none, but there is neither external nor webhook", "conflict");
        }
        return method;
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
