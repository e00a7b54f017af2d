package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What an approver is shown of a change, and whose change it is. */
final class ChangeDocuments {

    private static final String HIDDEN = "(not shown)";

    /** Members whose content is shown of a body that no route has answered yet; all others may hold a secret. */
    private static final Set<String> SHOWN = Set.of(
            "system",
            "scopes",
            "roles",
            "labels",
            "enabled",
            "disabled",
            "name",
            "email",
            "issuer",
            "audience",
            "jwksUrl",
            "groups",
            "external",
            "subject",
            "authMethod",
            "expiresAt",
            "reason");

    private ChangeDocuments() {}

    /** An answer of the route itself, which never holds a stored secret. */
    static @Nullable String answered(byte[] body, JsonMapper json) {
        return body.length == 0 ? null : text(tree(body, json));
    }

    /** A body, every member that is not known to be harmless hidden. */
    static @Nullable String masked(byte[] body, JsonMapper json) {
        if (body.length == 0) {
            return null;
        }
        var tree = tree(body, json);
        if (tree instanceof ObjectNode object) {
            for (var name : List.copyOf(object.propertyNames())) {
                if (!SHOWN.contains(name)) {
                    object.put(name, HIDDEN);
                }
            }
            return text(object);
        }
        return '"' + HIDDEN + '"';
    }

    /** {@code [labels before, labels after]}, null in the place of an object that is not there. */
    static String labels(@Nullable String before, @Nullable String after, JsonMapper json) {
        var both = json.createArrayNode();
        for (var document : new String[] {before, after}) {
            if (document == null) {
                both.addNull();
            } else {
                var labels = both.addArray();
                json.readTree(document).path("labels").forEach(labels::add);
            }
        }
        return both.toString();
    }

    /** Whether the object is within reach as it was and as it is to be. */
    static boolean within(Labels reach, @Nullable String labels, JsonMapper json) {
        if (labels == null || reach.all()) {
            return true;
        }
        for (var side : json.readTree(labels)) {
            var named = new ArrayList<String>();
            side.forEach(label -> named.add(label.stringValue()));
            if (!side.isNull() && !reach.reach(named)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable JsonNode tree(byte[] body, JsonMapper json) {
        try {
            return json.readTree(new String(body, StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            // YAML, or a body that will be refused when it is carried out
            return null;
        }
    }

    private static @Nullable String text(@Nullable JsonNode tree) {
        return tree == null ? null : tree.toString();
    }
}
