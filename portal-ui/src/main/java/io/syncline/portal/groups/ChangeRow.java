package io.syncline.portal.groups;

import io.syncline.portal.groups.Groups.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One field of a document that differs.
 *
 * @param word added, removed or changed: what a reader hears first
 */
record ChangeRow(
        String word,
        String hue,
        String field,
        @Nullable String before,
        @Nullable String after) {

    static List<ChangeRow> all(List<Change> changes, JsonNode before, JsonNode after) {
        return changes.stream()
                .map(change -> of(change, change.after() == null ? before : after))
                .toList();
    }

    private static ChangeRow of(Change change, JsonNode document) {
        var word = change.before() == null ? "added" : change.after() == null ? "removed" : "changed";
        var hue = word.equals("added") ? "success" : word.equals("removed") ? "failed" : "attention";
        return new ChangeRow(
                word, hue, fieldName(change.pointer(), document), text(change.before()), text(change.after()));
    }

    /** In one line, for a confirmation. */
    String line() {
        return switch (word) {
            case "added" -> "added: %s: %s".formatted(field, after);
            case "removed" -> "removed: %s, which was %s".formatted(field, before);
            default -> "changed: %s from %s to %s".formatted(field, before, after);
        };
    }

    /** {@code /tasks/1/path} as {@code tasks / load / path}: elements of lists by their keys. */
    static String fieldName(String pointer, JsonNode document) {
        var names = new ArrayList<String>();
        var at = document;
        for (var token : pointer.split("/")) {
            if (token.isEmpty()) {
                continue;
            }
            var name = token.replace("~1", "/").replace("~0", "~");
            var isElement = at.isArray();
            at = isElement && name.matches("\\d{1,6}") ? at.path(Integer.parseInt(name)) : at.path(name);
            names.add(isElement ? elementName(name, at) : name);
        }
        return names.isEmpty() ? "the document" : String.join(" / ", names);
    }

    private static String elementName(String place, JsonNode element) {
        var key = Words.text(element, "/key");
        return key != null && !key.isBlank()
                ? key
                : place.matches("\\d{1,6}") ? Integer.toString(Integer.parseInt(place) + 1) : place;
    }

    static @Nullable String text(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        return value.isContainer() ? Documents.yaml(value).stripTrailing() : value.asString("");
    }
}
