package io.syncline.scheduler.security;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client as it is put: everything wrong in it is told at once. */
record ClientDocument(@Nullable String system, Set<Scope> scopes) {

    private static final Set<String> MEMBERS = Set.of("system", "scopes");

    static ClientDocument of(String key, JsonNode body) {
        var problem = ProblemException.of(422, "client-invalid", "Invalid client")
                .detail("Send {\"system\": \"…\", \"scopes\": [\"…\"]}; errors lists what is wrong.");
        if (!Keys.isKey(key)) {
            problem.parameterError("key", "has lower-case letters, digits and inner hyphens, at most 63", "format");
        }
        if (!body.isObject()) {
            throw problem.error("", "is no object", "type");
        }
        body.propertyNames().stream()
                .filter(name -> !MEMBERS.contains(name))
                .forEach(name -> problem.error("/" + escaped(name), "is unknown", "unknown-member"));
        var system = system(body.get("system"), problem);
        var scopes = scopes(body.get("scopes"), problem);
        if (problem.hasErrors()) {
            throw problem;
        }
        return new ClientDocument(system, scopes);
    }

    private static @Nullable String system(@Nullable JsonNode node, ProblemException problem) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            problem.error("/system", "is no text", "type");
            return null;
        }
        var system = node.stringValue();
        if (!Keys.isKey(system)) {
            problem.error("/system", "is no key: lower-case letters, digits, inner hyphens, at most 63", "format");
        } else if (system.equals(StrictJwtDecoder.PLATFORM_AUDIENCE)) {
            problem.error("/system", "is the platform's own name", "reserved");
        }
        return system;
    }

    private static Set<Scope> scopes(@Nullable JsonNode node, ProblemException problem) {
        var scopes = EnumSet.noneOf(Scope.class);
        if (node == null || node.isNull()) {
            problem.error("/scopes", "is missing", "missing");
            return scopes;
        }
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

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
