package io.syncline.scheduler.trigger;

import io.syncline.scheduler.catalog.DataSchema;
import io.syncline.scheduler.catalog.DataSchema.Violation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Checks the data of messages against the schemas of rules, each of which is read once. */
final class DataSchemas {

    private static final int MOST_KEPT = 500;

    private final Map<String, DataSchema> read = new ConcurrentHashMap<>();

    /** All that is wrong; pointers into the message. */
    List<Violation> violations(String schema, CloudEvent event) {
        var data = event.data();
        if (data == null) {
            return List.of(new Violation(
                    "/data",
                    event.bytes() == null ? "is required" : "must be JSON",
                    event.bytes() == null ? "required" : "wrong-type"));
        }
        if (read.size() >= MOST_KEPT) {
            read.clear();
        }
        return read.computeIfAbsent(schema, DataSchema::of).violations(data).stream()
                .map(found -> new Violation("/data" + found.pointer(), found.detail(), found.code()))
                .toList();
    }
}
