package io.syncline.scheduler.trigger;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A CloudEvent 1.0, whatever the transport it came by.
 *
 * @param attributes all context attributes in their string form, the required ones included
 * @param data JSON data; null when there is none or it is not JSON
 * @param bytes data that is not JSON; null otherwise
 */
record CloudEvent(
        SortedMap<String, String> attributes, @Nullable JsonNode data, byte @Nullable [] bytes) {

    CloudEvent {
        attributes = new TreeMap<>(attributes);
    }

    String source() {
        return required("source");
    }

    String id() {
        return required("id");
    }

    String type() {
        return required("type");
    }

    @Nullable
    String subject() {
        return attributes.get("subject");
    }

    @Nullable
    String time() {
        return attributes.get("time");
    }

    @Nullable
    String partitionKey() {
        return attributes.get("partitionkey");
    }

    private String required(String name) {
        var text = attributes.get(name);
        if (text == null) {
            throw new IllegalStateException("an event without " + name + " should have been refused");
        }
        return text;
    }
}
