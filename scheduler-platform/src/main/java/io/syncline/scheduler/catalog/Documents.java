package io.syncline.scheduler.catalog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Reads and writes configuration documents: one JSON or YAML document each, decimals kept exactly. */
public final class Documents {

    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .build();

    private Documents() {}

    /** Reads one JSON document. */
    public static ObjectNode json(byte[] body) {
        return read(JSON, "JSON", body);
    }

    /** Reads one YAML document. */
    public static ObjectNode yaml(byte[] body) {
        return read(YAML, "YAML", body);
    }

    public static ObjectNode json(String stored) {
        return json(stored.getBytes(StandardCharsets.UTF_8));
    }

    public static String toJson(JsonNode document) {
        return JSON.writeValueAsString(document);
    }

    public static String toYaml(JsonNode document) {
        return YAML.writeValueAsString(document);
    }

    static Map<String, Object> members(JsonNode object) {
        return JSON.convertValue(object, MEMBERS);
    }

    private static ObjectNode read(ObjectMapper mapper, String language, byte[] body) {
        JsonNode tree;
        try {
            tree = mapper.readTree(body);
        } catch (StreamReadException e) {
            // the parser's own words and place help the author; its source excerpt is not part of them
            throw new UnreadableDocumentException(
                    "not one readable " + language + " document: " + finding(e.getOriginalMessage()) + place(e));
        } catch (JacksonException e) {
            throw new UnreadableDocumentException(
                    "not one readable " + language + " document: it must be a single document with nothing after it");
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        if (tree == null || tree.isMissingNode() || (tree.isNull() && body.length == 0)) {
            throw new UnreadableDocumentException("the body is empty; send one " + language + " document");
        }
        throw new InvalidDocumentException(
                List.of(new DocumentError("", "must be an object with named members", DocumentError.WRONG_TYPE)));
    }

    private static String place(JacksonException e) {
        var location = e.getLocation();
        return location == null || location.getLineNr() < 0
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    /** The parser's finding without what it says about itself. */
    private static String finding(String message) {
        int end = message.indexOf('(');
        String words = (end < 0 ? message : message.substring(0, end))
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        boolean ofCode = words.contains("java.") || words.contains("jackson") || words.contains("`");
        return words.isEmpty() || words.length() > 200 || ofCode ? "syntax error" : words;
    }
}
