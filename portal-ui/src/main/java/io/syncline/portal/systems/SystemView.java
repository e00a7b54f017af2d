package io.syncline.portal.systems;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One system as its page shows it.
 *
 * @param entityTag of the document that was read
 * @param managedBy null: people change it here; else what keeps it
 */
record SystemView(
        String key,
        String entityTag,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<InstanceRow> instances,
        String routing,
        String auth,
        @Nullable String authCredential,
        String concurrency,
        String ratePerSecond,
        List<String> sources,
        List<CredentialRow> credentials,
        List<String> groups,
        boolean moreGroups,
        @Nullable String version,
        @Nullable Moment changed,
        @Nullable String changedBy,
        @Nullable String managedBy) {

    record InstanceRow(String url, StateMark mark) {}

    static SystemView of(JsonNode document, String entityTag, Moments moments) {
        var status = document.path("status");
        var states = new HashMap<String, String>();
        status.path("instances")
                .forEach(instance -> states.put(
                        instance.path("url").asString(""),
                        instance.path("state").asString("")));
        var used = document.path("auth").path("credential").asString("");
        return new SystemView(
                document.path("key").asString(""),
                entityTag,
                text(document, "description"),
                text(document, "owner"),
                texts(document.path("labels")),
                texts(document.path("instances")).stream()
                        .map(url -> new InstanceRow(url, SystemRow.instance(state(states, url))))
                        .toList(),
                document.path("routing").asString("ROUND_ROBIN"),
                document.path("auth").path("type").asString("platform-jwt"),
                used.isEmpty() ? null : used,
                document.path("limits").path("concurrency").asString("32"),
                document.path("limits").path("ratePerSecond").asString("unlimited"),
                texts(document.path("sources")),
                document.path("credentials").properties().stream()
                        .map(entry -> CredentialRow.of(entry.getKey(), entry.getValue(), used, moments))
                        .toList(),
                texts(status.path("groups")),
                status.path("moreGroups").asBoolean(false),
                text(status, "version"),
                moment(status, "createdAt", moments),
                text(status, "createdBy"),
                status.path("managedBy").asString("").isEmpty()
                        ? null
                        : status.path("source").asString("files"));
    }

    /** The platform writes an address without a slash at its end. */
    private static @Nullable String state(HashMap<String, String> states, String url) {
        var plain = url;
        while (plain.endsWith("/")) {
            plain = plain.substring(0, plain.length() - 1);
        }
        return states.get(plain);
    }

    static @Nullable String text(JsonNode object, String name) {
        var text = object.path(name).asString("");
        return text.isEmpty() ? null : text;
    }

    static List<String> texts(JsonNode list) {
        return list.values().stream().map(node -> node.asString("")).toList();
    }

    static @Nullable Moment moment(JsonNode object, String name, Moments moments) {
        var text = text(object, name);
        try {
            return text == null ? null : moments.of(Instant.parse(text));
        } catch (DateTimeException otherText) {
            return null;
        }
    }
}
