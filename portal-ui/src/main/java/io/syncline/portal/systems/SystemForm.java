package io.syncline.portal.systems;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A system as it stands in the form; of its document it changes the members that have a field and keeps the others.
 *
 * @param labels separated by blanks or commas
 * @param instances one a line
 * @param sources one a line
 * @param etag of the document on which the form was opened; blank: the system is new
 * @param detach whether it is taken out of the management by files
 */
record SystemForm(
        @Nullable String key,
        @Nullable String description,
        @Nullable String owner,
        @Nullable String labels,
        @Nullable String instances,
        @Nullable String routing,
        @Nullable String authType,
        @Nullable String authCredential,
        @Nullable String concurrency,
        @Nullable String ratePerSecond,
        @Nullable String sources,
        @Nullable String etag,
        @Nullable Boolean detach) {

    static final List<String> ROUTINGS = List.of("ROUND_ROBIN", "LEAST_BUSY");
    static final List<String> AUTH_TYPES =
            List.of("platform-jwt", "none", "oauth2-client-credentials", "basic", "api-key", "mtls");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static SystemForm empty() {
        return new SystemForm("", "", "", "", "", "ROUND_ROBIN", "platform-jwt", "", "", "", "", "", false);
    }

    static SystemForm of(StoredDocument stored) {
        var document = stored.json();
        return new SystemForm(
                document.path("key").asString(""),
                document.path("description").asString(""),
                document.path("owner").asString(""),
                String.join(", ", SystemView.texts(document.path("labels"))),
                String.join("\n", SystemView.texts(document.path("instances"))),
                document.path("routing").asString("ROUND_ROBIN"),
                document.path("auth").path("type").asString("platform-jwt"),
                document.path("auth").path("credential").asString(""),
                document.path("limits").path("concurrency").asString(""),
                document.path("limits").path("ratePerSecond").asString(""),
                String.join("\n", SystemView.texts(document.path("sources"))),
                stored.entityTag(),
                false);
    }

    boolean isNew() {
        return etag == null || etag.isBlank();
    }

    SystemForm onto(String entityTag) {
        return new SystemForm(
                key,
                description,
                owner,
                labels,
                instances,
                routing,
                authType,
                authCredential,
                concurrency,
                ratePerSecond,
                sources,
                entityTag,
                detach);
    }

    static ObjectNode blank(String key) {
        return JSON.createObjectNode()
                .put("apiVersion", "syncline/v1")
                .put("kind", "System")
                .put("key", key);
    }

    /** The document with what the form says. */
    ObjectNode appliedTo(ObjectNode before) {
        var document = before.deepCopy();
        text(document, "description", description);
        text(document, "owner", owner);
        list(document, "labels", parts(labels, "[\\s,]+"));
        list(document, "instances", parts(instances, "\\s*\\R\\s*"));
        if (!trimmed(routing).equals(document.path("routing").asString("ROUND_ROBIN"))) {
            text(document, "routing", routing);
        }
        auth(document);
        limits(document);
        list(document, "sources", parts(sources, "\\s*\\R\\s*"));
        return document;
    }

    private void auth(ObjectNode document) {
        var type = trimmed(authType).isEmpty() ? "platform-jwt" : trimmed(authType);
        var before = document.path("auth");
        if (!type.equals(before.path("type").asString("platform-jwt"))) {
            document.putObject("auth").put("type", type);
        }
        if (document.get("auth") instanceof ObjectNode auth) {
            text(auth, "credential", authCredential);
        } else if (!trimmed(authCredential).isEmpty()) {
            document.putObject("auth").put("type", type).put("credential", trimmed(authCredential));
        }
    }

    private void limits(ObjectNode document) {
        var limits = document.get("limits") instanceof ObjectNode standing ? standing : JSON.createObjectNode();
        number(limits, "concurrency", concurrency);
        number(limits, "ratePerSecond", ratePerSecond);
        if (limits.isEmpty()) {
            document.remove("limits");
        } else {
            document.set("limits", limits);
        }
    }

    private static void text(ObjectNode object, String name, @Nullable String typed) {
        var text = trimmed(typed);
        if (text.isEmpty()) {
            object.remove(name);
        } else {
            object.put(name, text);
        }
    }

    private static void list(ObjectNode object, String name, List<String> texts) {
        if (texts.isEmpty()) {
            object.remove(name);
        } else {
            var list = object.putArray(name);
            texts.forEach(list::add);
        }
    }

    /** What is no number goes as it was typed, for the platform to refuse by name. */
    private static void number(ObjectNode object, String name, @Nullable String typed) {
        var text = trimmed(typed);
        if (text.isEmpty()) {
            object.remove(name);
            return;
        }
        try {
            object.put(name, new BigDecimal(text));
        } catch (NumberFormatException notANumber) {
            object.put(name, text);
        }
    }

    private static List<String> parts(@Nullable String typed, String between) {
        return Arrays.stream(trimmed(typed).split(between))
                .map(String::strip)
                .filter(Predicate.not(String::isEmpty))
                .toList();
    }

    private static String trimmed(@Nullable String typed) {
        return typed == null ? "" : typed.strip();
    }

    /** Each member in which two documents differ, as text; null where one of them has none. */
    static List<Difference> between(JsonNode mine, JsonNode theirs) {
        var names = new TreeSet<>(mine.propertyNames());
        names.addAll(theirs.propertyNames());
        return names.stream()
                .filter(name -> !Objects.equals(mine.get(name), theirs.get(name)))
                .map(name -> new Difference(name, shown(mine.get(name)), shown(theirs.get(name))))
                .toList();
    }

    private static @Nullable String shown(@Nullable JsonNode node) {
        return node == null
                ? null
                : node.isString()
                        ? node.asString("")
                        : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    }

    record Difference(
            String member, @Nullable String mine, @Nullable String theirs) {}
}
