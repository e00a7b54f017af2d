package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.Seeds;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One event has one content however it is written, another has another, and no bytes at all make the reader fail. */
class CloudEventPropertiesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TEXTS = "aZ09 -_.,:;/\\\"'<>%+&äßЖ語😀\u0001\u2028";

    private static String text(Random random, int longest) {
        var points = TEXTS.codePoints().toArray();
        var text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static String filled(Random random, int longest) {
        return "x" + text(random, longest);
    }

    private static JsonNode data(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> JSON.getNodeFactory().nullNode();
            case 1 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 2 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 3 -> JSON.getNodeFactory().numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15));
            case 4 -> JSON.getNodeFactory().numberNode(random.nextLong(1L << 53));
            case 5 -> JSON.getNodeFactory().stringNode(text(random, 12));
            case 6 -> {
                var array = JSON.createArrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(data(random, depth - 1));
                }
                yield array;
            }
            default -> {
                var object = JSON.createObjectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(random, 5), data(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static ObjectNode event(Random random) {
        var event = JSON.createObjectNode();
        event.put("specversion", "1.0");
        event.put("id", filled(random, 20));
        event.put("source", "/systems/" + random.nextInt(100));
        event.put("type", filled(random, 20));
        if (random.nextBoolean()) {
            event.put("subject", filled(random, 10));
        }
        if (random.nextBoolean()) {
            event.put("time", "2026-11-20T12:00:0" + random.nextInt(10) + "Z");
        }
        if (random.nextBoolean()) {
            event.put("ext" + random.nextInt(3), text(random, 10));
        }
        event.put("datacontenttype", "application/json");
        event.set("data", data(random, 3));
        return event;
    }

    private static byte[] bytes(JsonNode node) {
        return JSON.writeValueAsBytes(node);
    }

    private static String hash(JsonNode event) {
        return ContentHash.of(CloudEventReader.structured(bytes(event)));
    }

    /** The same members in another order, at every depth. */
    private static JsonNode shuffled(JsonNode node, Random random) {
        if (node.isArray()) {
            var array = JSON.createArrayNode();
            node.values().forEach(value -> array.add(shuffled(value, random)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        var names = new ArrayList<>(node.propertyNames());
        Collections.shuffle(names, random);
        var object = JSON.createObjectNode();
        names.forEach(name -> object.set(name, shuffled(node.get(name), random)));
        return object;
    }

    private static CloudEvent binary(ObjectNode event) {
        var headers = new LinkedHashMap<String, String>();
        event.properties().forEach(property -> {
            if (property.getKey().equals("datacontenttype")) {
                headers.put("content-type", property.getValue().stringValue());
            } else if (!property.getKey().equals("data")) {
                headers.put(
                        "ce-" + property.getKey(),
                        URLEncoder.encode(property.getValue().stringValue(), StandardCharsets.UTF_8)
                                .replace("+", "%20"));
            }
        });
        return CloudEventReader.binary(headers, bytes(event.get("data")));
    }

    @Test
    void theWayItIsWrittenMakesNoOtherContent() {
        Seeds.each(400, random -> {
            var event = event(random);
            var hash = hash(event);

            assertThat(hash(shuffled(event, random))).isEqualTo(hash);
            assertThat(ContentHash.of(CloudEventReader.structured(
                            JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(event))))
                    .isEqualTo(hash);
            assertThat(ContentHash.of(binary(event))).isEqualTo(hash);
            var traced = event.deepCopy();
            traced.put("traceparent", "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01");
            assertThat(hash(traced)).isEqualTo(hash);
        });
    }

    @Test
    void anyOtherAttributeOrDataIsAnotherContent() {
        Seeds.each(400, random -> {
            var event = event(random);
            var other = event.deepCopy();
            switch (random.nextInt(4)) {
                case 0 -> other.put("subject", event.path("subject").asString("") + "x");
                case 1 -> other.put("other", text(random, 5));
                case 2 -> other.set("data", JSON.createArrayNode().add(event.get("data")));
                default -> other.put("type", event.get("type").stringValue() + "x");
            }

            assertThat(hash(other)).isNotEqualTo(hash(event));
        });
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        Seeds.each(400, random -> {
            var event = event(random);

            for (var read : List.of(CloudEventReader.structured(bytes(event)), binary(event))) {
                event.properties().stream()
                        .filter(property -> !property.getKey().equals("data"))
                        .forEach(property -> assertThat(read.attributes())
                                .containsEntry(
                                        property.getKey(), property.getValue().stringValue()));
                assertThat(read.data()).isEqualTo(JSON.readTree(bytes(event.get("data"))));
            }
        });
    }

    @Test
    void damagedBytesAreReadOrRefusedAndNothingElse() {
        Seeds.each(2_000, random -> {
            var bytes = bytes(event(random));
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            readOrRefused(() -> CloudEventReader.structured(bytes));
            readOrRefused(() -> CloudEventReader.batch(bytes).stream()
                    .map(CloudEventReader::event)
                    .reduce((one, other) -> other)
                    .orElse(null));
        });
    }

    @Test
    void anyHeadersAndBytesAreReadOrRefusedAndNothingElse() {
        Seeds.each(2_000, random -> {
            var headers = new HashMap<String, String>(Map.of("ce-specversion", "1.0", "ce-id", "1", "ce-type", "t"));
            headers.put("ce-source", text(random, 8));
            headers.put("ce-" + text(random, 4), text(random, 8));
            headers.put(
                    "ce-time",
                    random.nextBoolean() ? text(random, 20) : "2026-02-3" + random.nextInt(10) + "T00:00:00Z");
            if (random.nextBoolean()) {
                headers.put("content-type", random.nextBoolean() ? text(random, 10) : "application/json; charset=x");
            }
            var body = new byte[random.nextInt(30)];
            random.nextBytes(body);
            readOrRefused(() -> CloudEventReader.binary(headers, body));

            var structured = event(random);
            structured.remove("data");
            structured.put("data_base64", Base64.getEncoder().encodeToString(body) + text(random, 1));
            readOrRefused(() -> CloudEventReader.structured(bytes(structured)));
        });
    }

    private interface Reading {
        CloudEvent read();
    }

    /** An event that was read has a content; a refusal says what is wrong and where. */
    private static void readOrRefused(Reading reading) {
        try {
            var event = reading.read();
            if (event != null) {
                assertThat(ContentHash.of(event)).hasSize(64);
            }
        } catch (MalformedEventException refused) {
            assertThat(refused.faults()).isNotEmpty().allSatisfy(fault -> {
                assertThat(fault.detail()).isNotBlank();
                assertThat(fault.code()).isNotBlank();
            });
        }
    }
}
