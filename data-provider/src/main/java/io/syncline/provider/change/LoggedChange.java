package io.syncline.provider.change;

import io.syncline.contracts.ChangeEvent.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A change with its number.
 *
 * @param before the row as JSON
 * @param position in the database's log; null for a change that its writer recorded
 */
public record LoggedChange(
        long seq,
        String id,
        String dataset,
        String table,
        Operation operation,
        String key,
        @Nullable String before,
        @Nullable String after,
        Instant committedAt,
        @Nullable String position) {

    /** As {@link io.syncline.contracts.ChangeEvent}. */
    public void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeNumberProperty("seq", seq);
        json.writeStringProperty("id", id);
        json.writeStringProperty("dataset", dataset);
        json.writeStringProperty("table", table);
        json.writeStringProperty("op", operation.name());
        json.writeStringProperty("key", key);
        row(json, "before", before);
        row(json, "after", after);
        json.writeObjectPropertyStart("source");
        json.writeStringProperty("kind", position == null ? "OUTBOX" : "LOG");
        json.writeStringProperty("position", position == null ? Long.toString(seq) : position);
        json.writeEndObject();
        json.writeStringProperty("committedAt", committedAt.toString());
        json.writeEndObject();
    }

    private static void row(JsonGenerator json, String name, @Nullable String row) {
        json.writeName(name);
        if (row == null) {
            json.writeNull();
        } else {
            json.writeRawValue(row);
        }
    }
}
