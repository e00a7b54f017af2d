package io.syncline.scheduler.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the differences between two documents, as deep as they reach. Objects of a list that have keys are told apart by them. */
final class FieldChanges {

    private static final String KEY = "key";

    private final List<FieldChange> found = new ArrayList<>();

    private FieldChanges() {}

    static List<FieldChange> between(@Nullable JsonNode before, @Nullable JsonNode after) {
        var changes = new FieldChanges();
        changes.compare("", before, after);
        return List.copyOf(changes.found);
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private void compare(String pointer, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before instanceof ObjectNode old && after instanceof ObjectNode anew) {
            Set<String> names = new LinkedHashSet<>(anew.propertyNames());
            names.addAll(old.propertyNames());
            names.forEach(name -> compare(pointer + "/" + escaped(name), old.get(name), anew.get(name)));
        } else if (before instanceof ArrayNode old && after instanceof ArrayNode anew) {
            lists(pointer, old, anew);
        } else {
            found.add(new FieldChange(pointer, before, after));
        }
    }

    private void lists(String pointer, ArrayNode before, ArrayNode after) {
        Map<String, Integer> old = keys(before);
        Map<String, Integer> anew = keys(after);
        if (old.isEmpty() || anew.isEmpty()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(pointer + "/" + i, before.get(i), after.get(i));
            }
            return;
        }
        if (!inOrder(old, anew).equals(inOrder(anew, old))) {
            found.add(new FieldChange(pointer, names(before, old), names(before, anew)));
        }
        anew.forEach((key, place) -> {
            Integer place0 = old.get(key);
            compare(pointer + "/" + place, place0 == null ? null : before.get(place0), after.get(place));
        });
        old.forEach((key, place) -> {
            if (!anew.containsKey(key)) {
                found.add(new FieldChange(pointer + "/" + place, before.get(place), null));
            }
        });
    }

    /** Where each key stands; empty where an element has none, or two have the same. */
    private static Map<String, Integer> keys(ArrayNode list) {
        Map<String, Integer> keys = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            String key = list.get(i).path(KEY).asString("");
            if (key.isEmpty() || keys.put(key, i) != null) {
                return Map.of();
            }
        }
        return keys;
    }

    private static List<String> inOrder(Map<String, Integer> keys, Map<String, Integer> others) {
        return keys.keySet().stream().filter(others::containsKey).toList();
    }

    private static ArrayNode names(ArrayNode maker, Map<String, Integer> keys) {
        ArrayNode names = maker.arrayNode();
        keys.keySet().forEach(names::add);
        return names;
    }
}
