package io.syncline.scheduler.trigger;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any message is an event with a content, or refused with its faults; nothing else comes out of the reader. A third of the
 * tries are plain bytes, the others have the shape of an event in one mode or the other and any text in its attributes.
 */
class CloudEventFuzz {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] NAMES = {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "dataschema",
        "partitionkey",
        "ext",
        "data_base64",
        "traceparent"
    };
    private static final String[] TEXTS = {
        "1.0", "/billing", "application/json", "text/plain", "2026-11-20T12:00:00Z", "AAAA"
    };

    private interface Reading {
        CloudEvent read();
    }

    @FuzzTest(maxDuration = "1m")
    void aMessage(FuzzedDataProvider data) {
        switch (data.consumeInt(0, 2)) {
            case 0 -> {
                var body = data.consumeRemainingAsBytes();
                readOrRefused(() -> CloudEventReader.structured(body));
            }
            case 1 -> {
                var event = JSON.createObjectNode()
                        .put("specversion", "1.0")
                        .put("id", "1")
                        .put("source", "/s")
                        .put("type", "t");
                for (int i = data.consumeInt(0, 4); i > 0; i--) {
                    event.put(data.pickValue(NAMES), text(data));
                }
                var members = event.toString();
                var open = members.substring(0, members.length() - 1);
                var body =
                        (open + ",\"data\":" + data.consumeRemainingAsString() + "}").getBytes(StandardCharsets.UTF_8);
                readOrRefused(() -> CloudEventReader.structured(body));
            }
            default -> {
                var headers = new HashMap<String, String>();
                for (var name : new String[] {"specversion", "id", "source", "type"}) {
                    headers.put("ce-" + name, data.pickValue(TEXTS));
                }
                for (int i = data.consumeInt(0, 4); i > 0; i--) {
                    headers.put(data.consumeBoolean() ? "content-type" : "ce-" + data.pickValue(NAMES), text(data));
                }
                var body = data.consumeRemainingAsBytes();
                readOrRefused(() -> CloudEventReader.binary(headers, body));
            }
        }
    }

    private static String text(FuzzedDataProvider data) {
        return data.consumeBoolean() ? data.pickValue(TEXTS) : data.consumeString(100);
    }

    private static void readOrRefused(Reading reading) {
        try {
            ContentHash.of(reading.read());
        } catch (MalformedEventException refused) {
            if (refused.faults().isEmpty()) {
                throw new AssertionError("a refusal that does not say what is wrong", refused);
            }
        }
    }
}
