package io.syncline.scheduler.catalog;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A way to reach people, ready to be used.
 *
 * @param settings the members of its document that are not secret, defaults filled in
 * @param secrets by member
 * @param trouble why it cannot be used, a sentence for an operator; null: it can
 */
public record Channel(
        String key,
        int version,
        List<String> labels,
        ChannelType type,
        ObjectNode settings,
        Map<String, String> secrets,
        @Nullable String trouble) {

    public Channel {
        labels = List.copyOf(labels);
        secrets = Map.copyOf(secrets);
    }

    /** Where it leads; of mail a URL of the scheme smtp or smtps. */
    public URI address() {
        return ChannelDocument.address(type, settings, secrets);
    }

    @Nullable
    public String text(String member) {
        var value = settings.get(member);
        return value == null || value.isNull() ? null : value.asString();
    }

    public List<String> texts(String member) {
        return settings.path(member).values().stream()
                .map(node -> node.asString())
                .toList();
    }

    @Nullable
    public String secret(String member) {
        return secrets.get(member);
    }

    @Override
    public String toString() {
        return "Channel[" + key + ", " + type.wire() + "]";
    }
}
