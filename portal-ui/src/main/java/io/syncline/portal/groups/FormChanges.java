package io.syncline.portal.groups;

import io.syncline.portal.groups.Faults.Fault;
import io.syncline.portal.groups.FieldKind.UnreadableFieldException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings what was changed in the form into the document. Only fields that differ from what the form showed are touched, so that
 * changes made in the YAML meanwhile stay.
 */
final class FormChanges {

    private static final List<String> ORDER = List.of(
            "apiVersion",
            "kind",
            "key",
            "description",
            "owner",
            "labels",
            "triggers",
            "schedule",
            "expectBy",
            "startBy",
            "freshness",
            "whenActive",
            "maxActive",
            "maxQueued",
            "defaults",
            "tasks",
            "alerts");
    private static final List<String> TASK_ORDER = List.of(
            "key",
            "mode",
            "system",
            "path",
            "cancelPath",
            "auth",
            "parameters",
            "request",
            "reply",
            "interval",
            "callTimeout",
            "answerWithin",
            "silentAfter",
            "overdueAfter",
            "timeout",
            "retry",
            "reconciliation");

    /** Objects that mean nothing when they are empty. */
    private static final Set<String> PRUNED = Set.of(
            "schedule", "expectBy", "defaults", "retry", "reconciliation", "verify", "auth", "threshold", "escalate");

    private final ObjectNode document;
    private final ObjectNode shown;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, String> unread = new HashMap<>();
    private boolean isChanged;

    /**
     * @param document as the YAML says now
     * @param shown as the form was made of
     */
    FormChanges(ObjectNode document, ObjectNode shown) {
        this.document = document.deepCopy();
        this.shown = shown;
    }

    /** @param fields by name, as they were sent; others than those of the form are passed over */
    ObjectNode apply(Map<String, List<String>> fields) {
        fields.forEach((name, values) -> {
            if (name.startsWith(Field.PREFIX + "/")) {
                apply(name.substring(Field.PREFIX.length()), values);
            }
        });
        if (isChanged) {
            order(document, ORDER);
            document.path("tasks").forEach(task -> {
                if (task instanceof ObjectNode object) {
                    order(object, TASK_ORDER);
                }
            });
        }
        return document;
    }

    boolean isChanged() {
        return isChanged;
    }

    /** What of the form could not be brought in. */
    Faults faults() {
        return new Faults(faults);
    }

    /** What was typed and could not be read, by pointer: shown again as it was. */
    Map<String, String> unread() {
        return unread;
    }

    private void apply(String pointer, List<String> values) {
        var kind = FieldKind.of(pointer);
        var typed = kind.joined(values).replace("\r\n", "\n");
        if (kind.isSame(typed, kind.typed(shown.at(pointer)))) {
            return;
        }
        try {
            if (set(pointer, kind.node(typed))) {
                isChanged = true;
            } else {
                faults.add(new Fault(
                        pointer,
                        "was changed in the form, but the YAML has no such place any more; the change is left out"));
            }
        } catch (UnreadableFieldException noYaml) {
            unread.put(pointer, typed);
            faults.add(new Fault(pointer, "is not readable as YAML, so the document is as it was before"));
        }
    }

    /** False when there is no place for it. */
    private boolean set(String pointer, @Nullable JsonNode value) {
        var names = pointer.substring(1).split("/");
        JsonNode at = document;
        for (int i = 0; i < names.length - 1; i++) {
            if (at instanceof ArrayNode list) {
                at = list.path(place(names[i]));
            } else if (at instanceof ObjectNode object) {
                var next = object.get(names[i]);
                if (next == null || next.isNull()) {
                    if (value == null) {
                        return true;
                    }
                    next = place(names[i + 1]) >= 0 ? MissingNode.getInstance() : object.putObject(names[i]);
                }
                at = next;
            }
        }
        if (!(at instanceof ObjectNode parent)) {
            return false;
        }
        var name = names[names.length - 1];
        if (value == null) {
            parent.remove(name);
            prune(document, names, 0);
        } else {
            parent.set(name, value);
        }
        return true;
    }

    private static void prune(JsonNode at, String[] names, int depth) {
        if (depth >= names.length - 1) {
            return;
        }
        var next = at instanceof ArrayNode list ? list.path(place(names[depth])) : at.path(names[depth]);
        prune(next, names, depth + 1);
        if (at instanceof ObjectNode object && next.isObject() && next.isEmpty() && PRUNED.contains(names[depth])) {
            object.remove(names[depth]);
        }
    }

    /** In a list; below zero: it is none. */
    private static int place(String name) {
        return name.matches("\\d{1,6}") ? Integer.parseInt(name) : -1;
    }

    private static void order(ObjectNode object, List<String> order) {
        var members = new ArrayList<>(object.properties());
        var names = new ArrayList<>(order);
        members.forEach(member -> {
            if (!names.contains(member.getKey())) {
                names.add(member.getKey());
            }
        });
        var copy = object.deepCopy();
        object.removeAll();
        for (var name : names) {
            var value = copy.get(name);
            if (value != null) {
                object.set(name, value);
            }
        }
    }

    /**
     * Adds, moves or removes an element of a list.
     *
     * @param operation such as {@code add /tasks}, {@code up /tasks/2}, {@code remove /alerts/0}; another one does nothing
     */
    static void rearrange(ObjectNode document, String operation) {
        var words = operation.split(" ", 2);
        if (words.length < 2 || !words[1].matches("/(tasks|triggers|alerts)(/\\d{1,4})?")) {
            return;
        }
        var names = words[1].substring(1).split("/");
        if (words[0].equals("add")) {
            var list = document.get(names[0]) instanceof ArrayNode standing ? standing : document.putArray(names[0]);
            list.add(fresh(names[0], document));
            order(document, ORDER);
            return;
        }
        if (names.length < 2 || !(document.get(names[0]) instanceof ArrayNode list)) {
            return;
        }
        var place = Integer.parseInt(names[1]);
        if (place >= list.size()) {
            return;
        }
        switch (words[0]) {
            case "remove" -> {
                list.remove(place);
                if (list.isEmpty() && !names[0].equals("tasks")) {
                    document.remove(names[0]);
                }
            }
            case "up" -> move(list, place, place - 1);
            case "down" -> move(list, place, place + 1);
            default -> {
                // no operation of this page
            }
        }
    }

    private static void move(ArrayNode list, int from, int to) {
        if (to >= 0 && to < list.size()) {
            var moved = list.get(from);
            list.remove(from);
            list.insert(to, moved);
        }
    }

    private static ObjectNode fresh(String list, ObjectNode document) {
        var element = document.objectNode();
        switch (list) {
            case "tasks" ->
                element.put("key", "").put("mode", "SYNC").put("system", "").put("path", "");
            case "triggers" -> element.put("source", "").put("type", "");
            default -> {
                element.putArray("when").add("FAILED");
                element.putArray("channels");
            }
        }
        return element;
    }
}
