package io.syncline.scheduler.trigger;

import io.syncline.scheduler.store.StorableText;
import io.syncline.scheduler.trigger.MalformedEventException.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads CloudEvents 1.0 in structured, binary and batch mode (CloudEvents HTTP protocol binding 1.0.2). */
final class CloudEventReader {

    static final String STRUCTURED = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";
    static final String DEFAULT_CONTENT_TYPE = "application/json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String HTTP_PREFIX = "ce-";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");
    private static final Map<String, Integer> LONGEST =
            Map.of("source", 512, "id", 256, "type", 256, "subject", 512, "partitionkey", 256, "time", 64);
    private static final int LONGEST_OTHER = 1024;

    /** Of data; what holds it in turn, such as a page of messages, stays well below what JSON readers and writers bear. */
    private static final int DEEPEST = 200;

    /** Attributes of the specification that are strings in JSON (JSON event format 1.0.2, section 2.2). */
    private static final Set<String> TEXTS = Set.of(
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "partitionkey");

    private CloudEventReader() {}

    static CloudEvent structured(byte[] body) {
        return event(parse(body));
    }

    /** @throws MalformedEventException when the body is no JSON array; the elements are read one by one */
    static List<JsonNode> batch(byte[] body) {
        var root = parse(body);
        if (!root.isArray()) {
            throw malformed("", "a batch is a JSON array of events", "wrong-type");
        }
        return List.copyOf(root.values());
    }

    private static JsonNode parse(byte[] body) {
        try {
            var root = JSON.readTree(utf8(body));
            if (root == null || root.isMissingNode()) {
                throw malformed("", "the body is empty", "unreadable");
            }
            return root;
        } catch (JacksonException e) {
            throw malformed("", "the body is no JSON, or has a member twice", "unreadable");
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("", "the body is not UTF-8", "unreadable");
        }
    }

    static CloudEvent event(JsonNode node) {
        if (!node.isObject()) {
            throw malformed("", "an event is a JSON object", "wrong-type");
        }
        var faults = new ArrayList<Fault>();
        var attributes = new TreeMap<String, String>();
        var wrong = new HashSet<String>();
        for (var property : node.properties()) {
            var name = property.getKey();
            var content = property.getValue();
            if (name.equals("data") || name.equals("data_base64") || content.isNull()) {
                continue;
            }
            if (!NAME.matcher(name).matches()) {
                faults.add(new Fault(
                        "/" + name.replace("~", "~0").replace("/", "~1"),
                        "attribute names have lower-case letters and digits only",
                        "invalid-name"));
            } else if (!content.isString() && TEXTS.contains(name)) {
                faults.add(new Fault("/" + name, "must be a string", "wrong-type"));
                wrong.add(name);
            } else if (content.isString()) {
                attributes.put(name, content.stringValue());
            } else if (content.isIntegralNumber() || content.isBoolean()) {
                attributes.put(name, content.asString());
            } else {
                faults.add(new Fault("/" + name, "must be a string, a whole number or a boolean", "wrong-type"));
            }
        }
        check(attributes, "/", wrong, faults);
        if (!faults.isEmpty()) {
            throw new MalformedEventException(faults);
        }
        return withData(attributes, node.get("data"), node.get("data_base64"));
    }

    private static CloudEvent withData(
            TreeMap<String, String> attributes, @Nullable JsonNode data, @Nullable JsonNode base64) {
        if (data != null && base64 != null) {
            throw malformed("/data_base64", "an event has data or data_base64, not both", "conflict");
        }
        if (base64 != null && !base64.isNull()) {
            return decoded(attributes, base64);
        }
        if (data == null) {
            return new CloudEvent(attributes, null, null);
        }
        if (!isJson(attributes) && data.isString()) {
            return new CloudEvent(attributes, null, data.stringValue().getBytes(StandardCharsets.UTF_8));
        }
        return ofJson(attributes, data, "/data");
    }

    /** Half a surrogate pair has no canonical form (RFC 8785, 3.2.2.2). */
    private static CloudEvent ofJson(TreeMap<String, String> attributes, JsonNode data, String place) {
        if (isDeeper(data, DEEPEST)) {
            throw malformed(place, "the data is nested more than " + DEEPEST + " levels deep", "out-of-range");
        }
        if (!hasWholeCharacters(data)) {
            throw malformed(place, "the data has half of a surrogate pair", "unreadable");
        }
        return new CloudEvent(attributes, data, null);
    }

    private static boolean isDeeper(JsonNode node, int levels) {
        if (!node.isContainer()) {
            return false;
        }
        for (JsonNode member : node.values()) {
            if (levels == 1 ? member.isContainer() : isDeeper(member, levels - 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasWholeCharacters(JsonNode node) {
        if (node.isString()) {
            return StorableText.is(node.stringValue().replace('\0', ' '));
        }
        if (node.isObject()) {
            return node.properties().stream()
                    .allMatch(property -> StorableText.is(property.getKey().replace('\0', ' '))
                            && hasWholeCharacters(property.getValue()));
        }
        return !node.isArray() || node.values().stream().allMatch(CloudEventReader::hasWholeCharacters);
    }

    private static CloudEvent decoded(TreeMap<String, String> attributes, JsonNode base64) {
        if (!base64.isString()) {
            throw malformed("/data_base64", "must be a string", "wrong-type");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.stringValue());
        } catch (IllegalArgumentException e) {
            throw malformed("/data_base64", "is not base64", "invalid-value");
        }
        return ofBytes(attributes, bytes, "/data_base64");
    }

    /** @param headers of a request, by lower-case name */
    static CloudEvent binary(Map<String, String> headers, byte[] body) {
        return binary(HTTP_PREFIX, headers, body);
    }

    /**
     * @param prefix of the headers that are attributes
     * @param headers by lower-case name
     */
    static CloudEvent binary(String prefix, Map<String, String> headers, byte[] body) {
        var faults = new ArrayList<Fault>();
        var attributes = new TreeMap<String, String>();
        headers.forEach((header, text) -> {
            if (header.startsWith(prefix)) {
                var name = header.substring(prefix.length());
                if (NAME.matcher(name).matches()) {
                    attributes.put(name, prefix.equals(HTTP_PREFIX) ? percentDecoded(text) : text);
                } else {
                    faults.add(new Fault(
                            header, "attribute names have lower-case letters and digits only", "invalid-name"));
                }
            }
        });
        var contentType = headers.get("content-type");
        if (contentType != null) {
            attributes.put("datacontenttype", contentType);
        }
        check(attributes, prefix, Set.of(), faults);
        if (!faults.isEmpty()) {
            throw new MalformedEventException(faults);
        }
        if (body.length == 0) {
            return new CloudEvent(attributes, null, null);
        }
        return ofBytes(attributes, body, "");
    }

    private static CloudEvent ofBytes(TreeMap<String, String> attributes, byte[] bytes, String place) {
        if (!isJson(attributes)) {
            return new CloudEvent(attributes, null, bytes);
        }
        try {
            return ofJson(attributes, JSON.readTree(utf8(bytes)), place);
        } catch (JacksonException e) {
            throw malformed(place, "the data is no JSON, although datacontenttype says so", "unreadable");
        }
    }

    /** Header values are percent-encoded UTF-8 (HTTP protocol binding 3.1.3.2); a plus sign stays one. */
    private static String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        var type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isJson(Map<String, String> attributes) {
        var type = mediaType(attributes.getOrDefault("datacontenttype", DEFAULT_CONTENT_TYPE));
        return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
    }

    /** @param wrong names that have a fault already */
    private static void check(Map<String, String> attributes, String prefix, Set<String> wrong, List<Fault> faults) {
        for (String name : List.of("specversion", "id", "source", "type")) {
            var text = attributes.get(name);
            if ((text == null || text.isBlank()) && !wrong.contains(name)) {
                faults.add(new Fault(prefix + name, "is required", "required"));
            }
        }
        var version = attributes.get("specversion");
        if (version != null && !version.isBlank() && !version.equals("1.0")) {
            faults.add(new Fault(prefix + "specversion", "must be 1.0", "unsupported"));
        }
        attributes.forEach((name, text) -> {
            int longest = LONGEST.getOrDefault(name, LONGEST_OTHER);
            if (text.length() > longest) {
                faults.add(new Fault(prefix + name, "has more than " + longest + " characters", "invalid-length"));
            }
            if (!StorableText.is(text)) {
                faults.add(new Fault(prefix + name, "has a character that no text can hold", "invalid-value"));
            }
        });
        var source = attributes.get("source");
        if (source != null && !isUriReference(source)) {
            faults.add(new Fault(prefix + "source", "must be a URI reference", "invalid-value"));
        }
        var time = attributes.get("time");
        if (time != null && !isTime(time)) {
            faults.add(new Fault(
                    prefix + "time", "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)", "invalid-value"));
        }
        for (String name : List.of("subject", "partitionkey")) {
            var text = attributes.get(name);
            if (text != null && text.isBlank()) {
                faults.add(new Fault(prefix + name, "must not be blank; leave it out instead", "invalid-value"));
            }
        }
    }

    private static boolean isUriReference(String text) {
        try {
            new URI(text);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text.toUpperCase(Locale.ROOT).replace(' ', 'T'));
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static MalformedEventException malformed(String place, String detail, String code) {
        return new MalformedEventException(List.of(new Fault(place, detail, code)));
    }
}
