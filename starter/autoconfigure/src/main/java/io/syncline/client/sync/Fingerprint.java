package io.syncline.client.sync;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What makes two sync calls the same work: task, business key, parameters and trigger, however they are written. */
final class Fingerprint {

    private Fingerprint() {}

    static String of(JsonNode request) {
        var text = new StringBuilder();
        append(text, request.path("task"));
        append(text, request.path("businessKey"));
        append(text, request.path("parameters"));
        var trigger = request.path("trigger");
        for (var member : new String[] {"source", "id", "type", "time", "data"}) {
            append(text, trigger.path(member));
        }
        return HexFormat.of().formatHex(sha256(text.toString()));
    }

    private static void append(StringBuilder text, JsonNode node) {
        if (node.isObject()) {
            var members = new TreeMap<String, JsonNode>();
            node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            text.append('{');
            members.forEach((name, value) -> {
                appendText(text, name);
                append(text, value);
            });
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            node.forEach(element -> append(text, element));
            text.append(']');
        } else if (node.isString()) {
            appendText(text, node.asString());
        } else if (node.isNumber()) {
            text.append('#').append(node.decimalValue().stripTrailingZeros()).append(';');
        } else if (node.isBoolean()) {
            text.append(node.asBoolean() ? "t;" : "f;");
        } else {
            // Null and absent are the same: nothing.
            text.append("-;");
        }
    }

    /** With its length, so that no two sequences of texts look alike. */
    private static void appendText(StringBuilder text, String value) {
        text.append('"').append(value.length()).append(':').append(value);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
