package io.syncline.scheduler.trigger;

import io.syncline.scheduler.trigger.MalformedEventException.Fault;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether two messages say the same: SHA-256 over the canonical JSON (RFC 8785) of all context attributes but the trace
 * ones, and the data.
 */
final class ContentHash {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final BigInteger LARGEST_EXACT = BigInteger.TWO.pow(53).subtract(BigInteger.ONE);

    private ContentHash() {}

    /** @throws MalformedEventException (422) for numbers that have no canonical form */
    static String of(CloudEvent event) {
        var content = JSON.createObjectNode();
        event.attributes().forEach((name, text) -> {
            if (!name.equals("traceparent") && !name.equals("tracestate")) {
                content.put(name, text);
            }
        });
        content.put("datacontenttype", dataContentType(event));
        addData(content, event);
        var faults = new ArrayList<Fault>();
        if (event.data() != null) {
            checkNumbers(event.data(), "/data", faults);
        }
        if (!faults.isEmpty()) {
            throw new MalformedEventException(422, faults);
        }
        return sha256(canonical(content));
    }

    private static String dataContentType(CloudEvent event) {
        return CloudEventReader.mediaType(
                event.attributes().getOrDefault("datacontenttype", CloudEventReader.DEFAULT_CONTENT_TYPE));
    }

    private static void addData(ObjectNode content, CloudEvent event) {
        if (event.data() != null) {
            content.set("data", event.data());
        } else if (event.bytes() != null) {
            content.put("data_base64", Base64.getEncoder().encodeToString(event.bytes()));
        }
    }

    private static void checkNumbers(JsonNode node, String pointer, List<Fault> faults) {
        if (node.isIntegralNumber()) {
            if (node.bigIntegerValue().abs().compareTo(LARGEST_EXACT) > 0) {
                faults.add(new Fault(
                        pointer, "whole numbers beyond 2^53-1 are not exact in JSON; send a string", "out-of-range"));
            }
        } else if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
            faults.add(new Fault(pointer, "the number overflows a double; send a string", "out-of-range"));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                checkNumbers(node.get(i), pointer + "/" + i, faults);
            }
        } else if (node.isObject()) {
            for (var property : node.properties()) {
                var name = property.getKey().replace("~", "~0").replace("/", "~1");
                checkNumbers(property.getValue(), pointer + "/" + name, faults);
            }
        }
    }

    private static byte[] canonical(ObjectNode content) {
        try {
            return new JsonCanonicalizer(JSON.writeValueAsBytes(content)).getEncodedUTF8();
        } catch (IOException | JacksonException e) {
            throw new MalformedEventException(
                    422, List.of(new Fault("/data", "has no canonical form: " + e.getMessage(), "not-canonical")));
        }
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** The key under which only one message is accepted. */
    static String dedupKey(String source, String id) {
        return sha256((source + "\n" + id).getBytes(StandardCharsets.UTF_8));
    }
}
