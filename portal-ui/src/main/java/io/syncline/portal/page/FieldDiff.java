package io.syncline.portal.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** In what two documents differ, field by field. */
public final class FieldDiff {

    private static final int MOST_LINES = 400;
    private static final int LONGEST = 500;

    private FieldDiff() {}

    /**
     * @param isAdded else it was removed; a changed field is one line of each
     * @param text the field's path and content
     */
    public record Line(boolean isAdded, String text) {

        /** The word that the line begins with. */
        public String word() {
            return isAdded ? "added" : "removed";
        }
    }

    /** Null: there is no document on that side. */
    public static List<Line> between(@Nullable JsonNode before, @Nullable JsonNode after) {
        var old = leaves(before);
        var fresh = leaves(after);
        var lines = new ArrayList<Line>();
        var paths = new LinkedHashMap<String, Boolean>();
        old.keySet().forEach(path -> paths.put(path, true));
        fresh.keySet().forEach(path -> paths.put(path, true));
        for (var path : paths.keySet()) {
            var was = old.get(path);
            var is = fresh.get(path);
            if (lines.size() >= MOST_LINES || (was != null && was.equals(is))) {
                continue;
            }
            if (was != null) {
                lines.add(new Line(false, path + ": " + was));
            }
            if (is != null) {
                lines.add(new Line(true, path + ": " + is));
            }
        }
        return lines;
    }

    private static Map<String, String> leaves(@Nullable JsonNode document) {
        var leaves = new LinkedHashMap<String, String>();
        if (document != null && !document.isNull() && !document.isMissingNode()) {
            collect("", document, leaves);
        }
        return leaves;
    }

    private static void collect(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            for (var name : new TreeSet<>(node.propertyNames())) {
                collect(path.isEmpty() ? name : path + "." + name, node.get(name), leaves);
            }
        } else if (node.isArray() && !node.isEmpty() && node.get(0).isObject()) {
            for (int at = 0; at < node.size(); at++) {
                collect(path + "[" + name(node.get(at), at) + "]", node.get(at), leaves);
            }
        } else {
            var text = node.isString() ? node.stringValue() : node.toString();
            leaves.put(
                    path.isEmpty() ? "(all)" : path,
                    text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
        }
    }

    /** A member with a key keeps its place in the comparison wherever it stands in the list. */
    private static String name(JsonNode member, int at) {
        var key = member.path("key");
        return key.isString() ? key.stringValue() : Integer.toString(at);
    }
}
