package io.syncline.scheduler.trigger;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record of a topic that no event could be made of, as the inbox keeps it: under the topic's name and the record's place.
 *
 * @param headers as text, by name
 */
record UnreadableRecord(String topic, int partition, long offset, Map<String, String> headers, byte[] body) {

    static final String TYPE = "io.syncline.kafka.unreadable";
    static final int MOST_BYTES_KEPT = 65_536;
    private static final String SOURCES = "/syncline/kafka/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    String source() {
        return SOURCES + topic + "/" + partition;
    }

    String id() {
        return Long.toString(offset);
    }

    /** A body that is too long is kept up to the bound. */
    String stored() {
        var kept = JSON.createObjectNode();
        kept.put("topic", topic).put("partition", partition).put("offset", offset);
        var texts = kept.putObject("headers");
        headers.forEach(texts::put);
        boolean cut = body.length > MOST_BYTES_KEPT;
        kept.put("truncated", cut);
        kept.put(
                "data_base64",
                Base64.getEncoder().encodeToString(cut ? java.util.Arrays.copyOf(body, MOST_BYTES_KEPT) : body));
        return JSON.writeValueAsString(kept);
    }

    /** What can be read of a stored one: the members of its JSON, or the attributes in its headers with its data. */
    static ObjectNode event(ObjectNode stored) {
        var base64 = stored.path("data_base64").asString("");
        if (!stored.path("truncated").asBoolean(false)) {
            try {
                var text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
                if (JSON.readTree(text) instanceof ObjectNode event && event.has("specversion")) {
                    return event;
                }
            } catch (JacksonException e) {
                // Not readable is what it was kept for.
            }
        }
        var event = JSON.createObjectNode();
        event.put("specversion", "1.0");
        stored.path("headers").properties().forEach(header -> {
            var name = header.getKey();
            if (name.startsWith(KafkaRecords.PREFIX)) {
                event.set(name.substring(KafkaRecords.PREFIX.length()), header.getValue());
            } else if (name.equals(KafkaRecords.CONTENT_TYPE)
                    && stored.path("headers").has(KafkaRecords.VERSION)) {
                event.set("datacontenttype", header.getValue());
            }
        });
        if (!base64.isEmpty() && !stored.path("truncated").asBoolean(false)) {
            event.put("data_base64", base64);
        }
        return event;
    }
}
