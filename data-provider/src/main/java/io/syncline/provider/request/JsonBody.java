package io.syncline.provider.request;

import io.syncline.provider.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A JSON object of at most 1 MiB as the body of a request; an empty body is an empty object. */
public final class JsonBody {

    private static final int MAX_BYTES = 1024 * 1024;

    private final JsonMapper json;
    private final ObjectNode object;
    private final List<Map<String, Object>> errors = new ArrayList<>();

    private JsonBody(JsonMapper json, ObjectNode object) {
        this.json = json;
        this.object = object;
    }

    public static JsonBody read(HttpServletRequest request, JsonMapper json, Set<String> members) throws IOException {
        if (request.getContentType() != null && !isJson(request.getContentType())) {
            throw ProblemException.of(415, "unsupported-media-type", "The body is of a media type not taken here")
                    .detail("Send application/json");
        }
        var bytes = request.getContentLengthLong() > MAX_BYTES
                ? null
                : request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (bytes == null || bytes.length > MAX_BYTES) {
            throw ProblemException.of(413, "body-too-large", "The body is too large")
                    .detail("A JSON body has at most 1 MiB");
        }
        var body = new JsonBody(json, bytes.length == 0 ? json.createObjectNode() : parse(json, bytes));
        for (var name : body.object.propertyNames()) {
            if (!members.contains(name)) {
                body.error(
                        name,
                        "there is no such member; known are " + String.join(", ", List.copyOf(members)),
                        "unknown-member");
            }
        }
        return body;
    }

    private static boolean isJson(String contentType) {
        try {
            return MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException unreadable) {
            return false;
        }
    }

    private static ObjectNode parse(JsonMapper json, byte[] bytes) {
        JsonNode tree;
        try {
            // Two readers may not agree on which of two members of one name counts.
            tree = json.reader()
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .readTree(bytes);
        } catch (JacksonException wrong) {
            throw ProblemException.of(400, "not-json", "The body is not JSON")
                    .detail("Send a JSON object")
                    .because(wrong);
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw ProblemException.invalid("Send a JSON object").error("pointer", "", "an object is expected", "type");
    }

    public @Nullable String text(String name, int maxLength) {
        var node = object.get(name);
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isString()
                || node.stringValue().isBlank()
                || node.stringValue().length() > maxLength) {
            error(name, "a text of 1 to " + maxLength + " characters is expected", "type");
            return null;
        }
        return node.stringValue();
    }

    /** An empty text, and an error, where there is none. */
    public String requiredText(String name, int maxLength) {
        if (!object.has(name) || object.get(name).isNull()) {
            error(name, "a text of 1 to " + maxLength + " characters is required", "required");
            return "";
        }
        var text = text(name, maxLength);
        return text == null ? "" : text;
    }

    public int integer(String name, int fallback, int min, int max) {
        var node = object.get(name);
        if (node == null || node.isNull()) {
            return fallback;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            error(name, "a whole number from " + min + " to " + max + " is expected", "type");
            return fallback;
        }
        return node.intValue();
    }

    public boolean flag(String name, boolean fallback) {
        var node = object.get(name);
        if (node == null || node.isNull()) {
            return fallback;
        }
        if (!node.isBoolean()) {
            error(name, "true or false is expected", "type");
            return fallback;
        }
        return node.booleanValue();
    }

    @SuppressWarnings("unchecked")
    public Map<String, @Nullable Object> object(String name) {
        var node = object.get(name);
        if (node == null || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject()) {
            error(name, "an object is expected", "type");
            return Map.of();
        }
        return (Map<String, @Nullable Object>) json.convertValue(node, Map.class);
    }

    public void error(String name, String detail, String code) {
        errors.add(Map.of("pointer", "/" + name.replace("~", "~0").replace("/", "~1"), "detail", detail, "code", code));
    }

    /** @throws ProblemException 422 with all that is wrong */
    public void refuseErrors() {
        if (!errors.isEmpty()) {
            throw ProblemException.invalid("Correct the members named in errors")
                    .errors(errors);
        }
    }

    /** The body with its members in order, to compare requests. */
    public String canonical() {
        return String.valueOf(sorted(object));
    }

    private static Object sorted(JsonNode node) {
        if (node.isObject()) {
            var members = new TreeMap<String, Object>();
            node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            return members;
        }
        if (node.isArray()) {
            var items = new ArrayList<Object>();
            node.forEach(item -> items.add(sorted(item)));
            return items;
        }
        return node.toString();
    }
}
