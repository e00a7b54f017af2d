package io.syncline.scheduler.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body as people may see it: members whose names speak of secrets hidden, tokens by their looks, and never more than a
 * screenful.
 */
record ShownBody(String text, boolean isCut) {

    static final String HIDDEN = "****";

    private static final int MOST_CHARACTERS = 16 * 1024;
    private static final Pattern SECRET_NAME = Pattern.compile(
            "token|secret|passw|passphrase|authori[sz]ation|api.?key|credential|cookie|private.?key|signature",
            Pattern.CASE_INSENSITIVE);
    private static final List<Pattern> SECRET_LOOKS = List.of(
            Pattern.compile("(?<=(?i:bearer|basic) )[A-Za-z0-9._~+/=-]+"),
            Pattern.compile("eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]*"),
            Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?-----END [A-Z ]*PRIVATE KEY-----"));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static ShownBody of(byte[] body) {
        var text = hidden(pretty(body));
        return text.length() <= MOST_CHARACTERS
                ? new ShownBody(text, false)
                : new ShownBody(text.substring(0, MOST_CHARACTERS), true);
    }

    private static String pretty(byte[] body) {
        try {
            var tree = JSON.readTree(body);
            if (tree == null || tree.isMissingNode()) {
                return "";
            }
            hideMembers(tree);
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
        } catch (JacksonException notJson) {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private static void hideMembers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (var name : List.copyOf(object.propertyNames())) {
                var member = object.get(name);
                if (member.isValueNode() && SECRET_NAME.matcher(name).find()) {
                    object.put(name, HIDDEN);
                } else {
                    hideMembers(member);
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(ShownBody::hideMembers);
        }
    }

    static String hidden(String text) {
        var clean = text;
        for (var looks : SECRET_LOOKS) {
            clean = looks.matcher(clean).replaceAll(HIDDEN);
        }
        return clean;
    }
}
