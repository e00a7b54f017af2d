package io.syncline.portal.systems;

import io.syncline.portal.page.SecretMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Documents as people type them. A document that was refused is shown to its author again, but without its secrets: where
 * it cannot be told for certain how far a secret reaches, more is taken away than that.
 */
final class DocumentText {

    static final String REMOVED = "# not shown again: type it anew";

    /** Names of what the platform adds to credentials and leaves alone when it comes back. */
    private static final Pattern SHOWN_LINE = Pattern.compile(
            "^\\s+\"?(secretSetAt|rotatedAt|clearedAt|expiresAt|usedAt|fingerprint|previousUntil|previousFingerprint|previousUsedAt)\"?:.*$");

    private static final Pattern MEMBER = SecretMembers.MEMBER;
    private static final Pattern LINE =
            Pattern.compile("(?i)^(\\s*(?:- )?)([\"']?" + SecretMembers.NAME + "[\"']?)\\s*:(\\s.*)?$");
    private static final Pattern SECRET_NAME = Pattern.compile("(?i)" + SecretMembers.NAME);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DocumentText() {}

    /** Without the member {@code status} and what is added to each credential. */
    static String withoutShown(String yaml) {
        var kept = new ArrayList<String>();
        var inStatus = false;
        for (var line : yaml.lines().toList()) {
            if (!line.isEmpty() && !Character.isWhitespace(line.charAt(0))) {
                inStatus = line.startsWith("status:") || line.startsWith("\"status\":");
            }
            if (!inStatus && !SHOWN_LINE.matcher(line).matches()) {
                kept.add(line);
            }
        }
        return String.join("\n", kept) + "\n";
    }

    /** Whether it is JSON and not YAML. */
    static boolean isJson(String text) {
        return text.stripLeading().startsWith("{");
    }

    static String withoutSecrets(String text) {
        if (!MEMBER.matcher(text).find()) {
            return text;
        }
        return isJson(text) ? jsonWithoutSecrets(text) : yamlWithoutSecrets(text);
    }

    private static String jsonWithoutSecrets(String text) {
        try {
            var tree = JSON.readTree(text);
            clear(tree);
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
        } catch (JacksonException unreadable) {
            return cut(text);
        }
    }

    private static void clear(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> secret = object.propertyNames().stream()
                    .filter(name -> SECRET_NAME.matcher(name).matches())
                    .toList();
            object.remove(secret);
        }
        node.values().forEach(DocumentText::clear);
    }

    /** In block style a value ends where a line is indented no deeper than its name; any other style is cut off. */
    private static String yamlWithoutSecrets(String text) {
        var kept = new ArrayList<String>();
        var deeperThan = -1;
        for (var line : text.lines().toList()) {
            if (deeperThan >= 0 && (line.isBlank() || indentation(line) > deeperThan)) {
                continue;
            }
            deeperThan = -1;
            var secret = LINE.matcher(line);
            if (secret.matches()) {
                deeperThan = secret.group(1).length();
                kept.add(secret.group(1) + secret.group(2) + ": " + REMOVED);
            } else if (MEMBER.matcher(line).find()) {
                kept.add(cut(line));
                break;
            } else {
                kept.add(line);
            }
        }
        return String.join("\n", kept);
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static String cut(String text) {
        var found = MEMBER.matcher(text);
        return found.find() ? text.substring(0, found.start()) + REMOVED + "; the text behind it as well" : text;
    }
}
