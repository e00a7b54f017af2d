package io.syncline.systemtests.history;

import io.syncline.systemtests.api.Http;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of a history.
 *
 * @param process that saw it: driver, downstream, nemesis, or database for a row read after the run
 * @param at microseconds since 1970: a monotonic clock of the driver's host, or the database's time for a row
 * @param kind such as call, effect, trigger, move
 * @param fields by name; texts, whole numbers and booleans
 */
public record Event(String process, long at, String kind, Map<String, Object> fields) {

    public static final long SECOND = 1_000_000;

    private static final Set<String> OF_EACH = Set.of("process", "at", "kind");

    public Event {
        fields = Map.copyOf(fields);
    }

    /** @param fields names and contents in turn; a null content leaves its name out */
    public static Event of(String process, long at, String kind, Object... fields) {
        var all = new LinkedHashMap<String, Object>();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            if (fields[i + 1] != null) {
                all.put((String) fields[i], fields[i + 1]);
            }
        }
        return new Event(process, at, kind, all);
    }

    /** What {@link #line} has written. */
    static Event of(String line) {
        var json = Http.JSON.readTree(line);
        var fields = new LinkedHashMap<String, Object>();
        json.properties().forEach(field -> {
            if (!OF_EACH.contains(field.getKey())) {
                var content = field.getValue();
                fields.put(
                        field.getKey(),
                        content.isIntegralNumber()
                                ? (Object) content.longValue()
                                : content.isBoolean() ? (Object) content.booleanValue() : content.asString());
            }
        });
        return new Event(
                json.path("process").asString(),
                json.path("at").longValue(),
                json.path("kind").asString(),
                fields);
    }

    /** Empty where there is none. */
    public String text(String name) {
        var content = fields.get(name);
        return content == null ? "" : content.toString();
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    public long number(String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    public boolean is(String name, String content) {
        return content.equals(text(name));
    }

    String line() {
        ObjectNode json = Http.JSON.createObjectNode();
        json.put("process", process).put("at", at).put("kind", kind);
        fields.forEach((name, content) -> json.set(name, Http.JSON.valueToTree(content)));
        return json.toString();
    }
}
