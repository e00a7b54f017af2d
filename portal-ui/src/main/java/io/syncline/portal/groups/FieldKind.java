package io.syncline.portal.groups;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * How a member of a document is typed into a form. What does not fit its kind is kept as text, for the platform to refuse by
 * name.
 */
enum FieldKind {
    TEXT,
    LONG_TEXT,
    NUMBER,
    BOOLEAN,
    /** One of several. */
    CHOICE,
    /** Texts, separated by commas. */
    LIST,
    /** Several of several. */
    CHOICES,
    /** Any YAML. */
    STRUCTURE;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> NUMBERS =
            Set.of("maxActive", "maxQueued", "maxCatchUp", "maxAttempts", "toleranceRows", "count");
    private static final Set<String> STRUCTURES = Set.of("parameters", "dataSchema", "claims");

    /** By the last name of the pointer: a name means the same wherever it stands in a group's document. */
    static FieldKind of(String pointer) {
        var name = pointer.substring(pointer.lastIndexOf('/') + 1);
        if (NUMBERS.contains(name)) {
            return NUMBER;
        }
        if (STRUCTURES.contains(name)) {
            return STRUCTURE;
        }
        return switch (name) {
            case "required" -> BOOLEAN;
            case "labels", "channels" -> LIST;
            case "when" -> CHOICES;
            case "mode", "misfire", "whenActive" -> CHOICE;
            case "description", "request", "reply" -> LONG_TEXT;
            default -> pointer.endsWith("/auth/type") ? CHOICE : TEXT;
        };
    }

    /** As it stands in the form; empty where there is nothing. */
    String typed(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (this == STRUCTURE) {
            return Documents.yaml(node).stripTrailing();
        }
        if (node.isArray()) {
            return String.join(
                    ", ", node.valueStream().map(one -> one.asString("")).toList());
        }
        return node.isContainer() ? Documents.yaml(node).stripTrailing() : node.asString("");
    }

    /** Whether two ways of typing it mean the same. */
    boolean isSame(String one, String other) {
        return this == CHOICES ? chosen(one).equals(chosen(other)) : one.strip().equals(other.strip());
    }

    private static Set<String> chosen(String typed) {
        return Arrays.stream(typed.split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Several values of one name, as the choices of a list send them. */
    String joined(List<String> values) {
        var set = values.stream().filter(value -> !value.isBlank()).toList();
        return this == CHOICES ? String.join(", ", set) : set.isEmpty() ? "" : set.get(0);
    }

    /** Null when the form says that there is none. @throws UnreadableFieldException when there is something else */
    @Nullable
    JsonNode node(String typed) throws UnreadableFieldException {
        if (typed.isBlank()) {
            return null;
        }
        return switch (this) {
            case TEXT, CHOICE -> NODES.stringNode(typed.strip());
            case LONG_TEXT -> NODES.stringNode(typed.replace("\r\n", "\n").strip());
            case NUMBER ->
                typed.strip().matches("-?\\d{1,18}")
                        ? NODES.numberNode(Long.parseLong(typed.strip()))
                        : NODES.stringNode(typed.strip());
            case BOOLEAN ->
                typed.equals("true") || typed.equals("false")
                        ? NODES.booleanNode(typed.equals("true"))
                        : NODES.stringNode(typed);
            case LIST, CHOICES -> {
                var list = NODES.arrayNode();
                Arrays.stream(typed.split("[,\\n]"))
                        .map(String::strip)
                        .filter(one -> !one.isEmpty())
                        .forEach(list::add);
                yield list;
            }
            case STRUCTURE -> {
                var tree = Documents.tree(typed);
                if (tree == null) {
                    throw new UnreadableFieldException();
                }
                yield tree;
            }
        };
    }

    /** What was typed is no YAML. */
    static final class UnreadableFieldException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableFieldException() {
            super("no YAML", null, false, false);
        }
    }
}
