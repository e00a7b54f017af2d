package io.syncline.scheduler.security;

import io.syncline.scheduler.store.StorableText;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The members of an operator's body: everything wrong in them is told at once, unknown ones included. */
final class JsonBody {

    private final JsonNode body;
    private final ProblemException problem;
    private final String at;
    private final Set<String> taken = new TreeSet<>();

    /** @param problem is thrown by {@link #refuseIfWrong()} with what was found */
    JsonBody(byte[] bytes, ProblemException problem) {
        this(StrictJson.read(bytes), problem);
    }

    JsonBody(JsonNode body, ProblemException problem) {
        this(body, problem, "");
    }

    /** @param at the pointer to this object within the whole body */
    JsonBody(JsonNode body, ProblemException problem, String at) {
        this.body = body;
        this.at = at;
        this.problem = problem;
        if (!body.isObject()) {
            throw problem.error(at, "is no object", "type");
        }
    }

    /** The member, null where it is missing or null. */
    @Nullable
    JsonNode node(String member) {
        taken.add(member);
        var node = body.get(member);
        return node == null || node.isNull() ? null : node;
    }

    /** A text that must be there; empty where it is wrong. */
    String text(String member, int longest) {
        var node = node(member);
        if (node == null) {
            problem.error(at + "/" + member, "is missing", "missing");
            return "";
        }
        var text = optionalText(member, longest);
        return text == null ? "" : text;
    }

    @Nullable
    String optionalText(String member, int longest) {
        var node = node(member);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            problem.error(at + "/" + member, "is no text", "type");
            return null;
        }
        var text = node.stringValue();
        if (text.isBlank() || text.length() > longest || !StorableText.is(text)) {
            problem.error(at + "/" + member, "has 1 to " + longest + " characters", "length");
            return null;
        }
        return text;
    }

    boolean flag(String member, boolean otherwise) {
        var node = node(member);
        if (node == null) {
            return otherwise;
        }
        if (!node.isBoolean()) {
            problem.error(at + "/" + member, "is neither true nor false", "type");
            return otherwise;
        }
        return node.booleanValue();
    }

    void error(String pointer, String what, String code) {
        problem.error(pointer, what, code);
    }

    boolean has(String member) {
        return node(member) != null;
    }

    /** Tells the members that nobody asked for, and throws if anything is wrong. */
    void refuseIfWrong() {
        tellUnknown();
        if (problem.hasErrors()) {
            throw problem;
        }
    }

    /** Tells the members that nobody asked for. */
    void tellUnknown() {
        body.propertyNames().stream()
                .filter(name -> !taken.contains(name))
                .forEach(name -> problem.error(at + "/" + escaped(name), "is unknown", "unknown-member"));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
