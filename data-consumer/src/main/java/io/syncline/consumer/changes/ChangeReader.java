package io.syncline.consumer.changes;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads change events as the provider writes them; members that it does not know are left alone. */
final class ChangeReader {

    private final JsonMapper json;

    ChangeReader(JsonMapper json) {
        this.json = json;
    }

    /** @throws UnusableChangeException when it is no change of the dataset */
    Change read(String dataset, byte[] event) {
        try {
            return read(dataset, json.readTree(event));
        } catch (JacksonException e) {
            throw new UnusableChangeException("the record is no JSON: " + e.getOriginalMessage());
        }
    }

    Change read(String dataset, JsonNode event) {
        if (!event.isObject()) {
            throw new UnusableChangeException("the event is no JSON object");
        }
        var named = event.path("dataset");
        if (!named.isMissingNode() && !dataset.equals(named.asString(""))) {
            throw new UnusableChangeException("the event is of another dataset than " + dataset);
        }
        var seq = event.path("seq");
        if (!seq.isIntegralNumber() || !seq.canConvertToLong() || seq.longValue() < 1) {
            throw new UnusableChangeException("seq must be a whole number from 1 on");
        }
        var key = event.path("key").asString("");
        if (key.isEmpty()) {
            throw new UnusableChangeException("the event has no key");
        }
        var present = present(event.path("op").asString(""));
        var row = event.path(present ? "after" : "before");
        if (present && !row.isObject()) {
            throw new UnusableChangeException("a row that is there must be told in after");
        }
        return new Change(dataset, seq.longValue(), key, present, fields(row), committedAt(event));
    }

    private static boolean present(String operation) {
        return switch (operation) {
            case "CREATED", "UPDATED" -> true;
            case "DELETED" -> false;
            default -> throw new UnusableChangeException("op must be CREATED, UPDATED or DELETED");
        };
    }

    private static Map<String, @Nullable String> fields(JsonNode row) {
        Map<String, @Nullable String> fields = new HashMap<>();
        row.properties().forEach(field -> fields.put(Change.plain(field.getKey()), text(field.getValue())));
        return fields;
    }

    /** As an extract has it: empty is null. */
    private static @Nullable String text(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        var text = value.isContainer() ? value.toString() : value.asString();
        return text.isEmpty() ? null : text;
    }

    private static Instant committedAt(JsonNode event) {
        try {
            return Instant.parse(event.path("committedAt").asString(""));
        } catch (DateTimeParseException e) {
            throw new UnusableChangeException("committedAt must be an instant such as 2026-11-20T06:00:00Z");
        }
    }
}
