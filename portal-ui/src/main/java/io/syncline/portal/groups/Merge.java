package io.syncline.portal.groups;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Three documents by field: what stood when the editing began, what somebody else has stored meanwhile, and what this person
 * wants to store. Elements of lists that have keys are told apart by them.
 */
final class Merge {

    /** Whose value is taken. */
    enum Side {
        THEIRS,
        MINE
    }

    /**
     * A field in which theirs and mine differ.
     *
     * @param isConflict both have changed it
     * @param taken what is chosen, or what stands to reason: of one that only one side has changed, that side's
     */
    record Line(
            String path,
            @Nullable String base,
            @Nullable String theirs,
            @Nullable String mine,
            boolean isConflict,
            Side taken) {

        public boolean isMine() {
            return taken == Side.MINE;
        }
    }

    private static final String KEY = "key";

    private final Map<String, Side> choices;
    private final List<Line> lines = new ArrayList<>();

    private Merge(Map<String, Side> choices) {
        this.choices = Map.copyOf(choices);
    }

    /** @param lines every field that somebody had to decide about; {@code document} follows the decisions */
    record Result(ObjectNode document, List<Line> lines) {}

    /** @param choices by the path of a field; where there is none, {@link Line#taken} is what stands to reason */
    static Result of(ObjectNode base, ObjectNode theirs, ObjectNode mine, Map<String, Side> choices) {
        var merge = new Merge(choices);
        var merged = merge.merged("", base, theirs, mine);
        return new Result(
                merged instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode(), merge.lines);
    }

    private @Nullable JsonNode merged(
            String path, @Nullable JsonNode base, @Nullable JsonNode theirs, @Nullable JsonNode mine) {
        if (Objects.equals(theirs, mine)) {
            return mine;
        }
        if (theirs instanceof ObjectNode other && mine instanceof ObjectNode own) {
            return objects(path, base instanceof ObjectNode object ? object : own.objectNode(), other, own);
        }
        if (theirs instanceof ArrayNode other && mine instanceof ArrayNode own) {
            var keyedTheirs = keyed(other);
            var keyedMine = keyed(own);
            if (keyedTheirs != null && keyedMine != null) {
                var keyedBase = base instanceof ArrayNode list ? keyed(list) : null;
                return lists(path, keyedBase == null ? Map.of() : keyedBase, keyedTheirs, keyedMine);
            }
        }
        return chosen(path, base, theirs, mine);
    }

    private ObjectNode objects(String path, ObjectNode base, ObjectNode theirs, ObjectNode mine) {
        var names = new LinkedHashSet<>(mine.propertyNames());
        names.addAll(theirs.propertyNames());
        var result = mine.objectNode();
        for (var name : names) {
            var value = merged(
                    path.isEmpty() ? name : path + " / " + name, base.get(name), theirs.get(name), mine.get(name));
            if (value != null) {
                result.set(name, value);
            }
        }
        return result;
    }

    private ArrayNode lists(
            String path, Map<String, JsonNode> base, Map<String, JsonNode> theirs, Map<String, JsonNode> mine) {
        var result = JsonNodeFactory.instance.arrayNode();
        for (var key : order(path, base, theirs, mine)) {
            var value = merged(path + " / " + key, base.get(key), theirs.get(key), mine.get(key));
            if (value != null) {
                result.add(value);
            }
        }
        return result;
    }

    /** The order of what both have; what only one side has comes behind its neighbour there. */
    private List<String> order(
            String path, Map<String, JsonNode> base, Map<String, JsonNode> theirs, Map<String, JsonNode> mine) {
        var commonMine = mine.keySet().stream().filter(theirs::containsKey).toList();
        var commonTheirs = theirs.keySet().stream().filter(mine::containsKey).toList();
        var side = Side.MINE;
        if (!commonMine.equals(commonTheirs)) {
            var commonBase = base.keySet().stream()
                    .filter(key -> mine.containsKey(key) && theirs.containsKey(key))
                    .toList();
            side = decided(
                    path + " / (order)",
                    String.join(", ", commonBase),
                    String.join(", ", commonTheirs),
                    String.join(", ", commonMine));
        }
        var first = side == Side.MINE ? mine : theirs;
        var second = side == Side.MINE ? theirs : mine;
        var order = new ArrayList<>(first.keySet());
        String before = null;
        for (var key : second.keySet()) {
            if (!order.contains(key)) {
                order.add(before == null ? 0 : order.indexOf(before) + 1, key);
            }
            before = key;
        }
        return order;
    }

    private @Nullable JsonNode chosen(
            String path, @Nullable JsonNode base, @Nullable JsonNode theirs, @Nullable JsonNode mine) {
        var side = decided(path, ChangeRow.text(base), ChangeRow.text(theirs), ChangeRow.text(mine));
        return side == Side.MINE ? mine : theirs;
    }

    private Side decided(String path, @Nullable String base, @Nullable String theirs, @Nullable String mine) {
        var onlyMine = Objects.equals(base, theirs);
        var onlyTheirs = Objects.equals(base, mine);
        var side = choices.getOrDefault(path, onlyMine ? Side.MINE : Side.THEIRS);
        lines.add(new Line(path, base, theirs, mine, !onlyMine && !onlyTheirs, side));
        return side;
    }

    /** Null when an element has no key, or two have the same. */
    private static @Nullable Map<String, JsonNode> keyed(ArrayNode list) {
        var keys = new LinkedHashMap<String, JsonNode>();
        for (var element : list) {
            var key = element.path(KEY).asString("");
            if (key.isEmpty() || keys.put(key, element) != null) {
                return null;
            }
        }
        return keys;
    }
}
