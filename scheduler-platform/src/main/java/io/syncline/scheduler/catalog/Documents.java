package io.syncline.scheduler.catalog;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;
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
            .disable(YAMLWriteFeature.SPLIT_LINES)
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

    /** The node that reading the number from a document would give. */
    static JsonNode number(BigDecimal number) {
        return JSON.readTree(number.toPlainString());
    }

    /** A document as it is when it has been stored and read again. */
    static ObjectNode stored(ObjectNode document) {
        return json(toJson(document));
    }

    /** Reads a list of JSON documents, or one alone. */
    static List<JsonNode> jsonList(byte[] body) {
        List<JsonNode> read = readAll(JSON, "JSON", body);
        if (read.size() > 1) {
            throw new UnreadableDocumentException("not one readable JSON text: send many documents as a JSON array");
        }
        return read.size() == 1 && read.get(0) instanceof ArrayNode array ? List.copyOf(array.values()) : read;
    }

    /** Reads a stream of YAML documents, those that hold nothing left out. */
    static List<JsonNode> yamlStream(byte[] body) {
        return readAll(YAML, "YAML", body);
    }

    private static List<JsonNode> readAll(ObjectMapper mapper, String language, byte[] body) {
        List<JsonNode> documents = new ArrayList<>();
        refuseAliases(mapper, body);
        ObjectReader reader = mapper.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        try (JsonParser parser = reader.createParser(body)) {
            while (parser.nextToken() != null) {
                JsonNode document = reader.readTree(parser);
                if (!document.isNull() && !document.isMissingNode()) {
                    documents.add(document);
                }
            }
        } catch (JacksonException e) {
            throw unreadable(language, e);
        }
        return documents;
    }

    /** Read as a tree, an alias would become the text of its name, which nobody meant. */
    private static void refuseAliases(ObjectMapper mapper, byte[] body) {
        if (mapper != YAML) {
            return;
        }
        try (JsonParser parser = mapper.createParser(body)) {
            while (parser.nextToken() != null) {
                if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
                    throw new UnreadableDocumentException("not one readable YAML document: aliases are not supported;"
                            + " write out what '*" + parser.getString() + "' stands for");
                }
            }
        } catch (JacksonException e) {
            // whoever reads it tells
            return;
        }
    }

    static Map<String, Object> members(JsonNode object) {
        return JSON.convertValue(object, MEMBERS);
    }

    private static ObjectNode read(ObjectMapper mapper, String language, byte[] body) {
        JsonNode tree;
        try {
            refuseAliases(mapper, body);
            tree = mapper.readTree(body);
        } catch (StreamReadException e) {
            throw unreadable(language, e);
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

    /** The parser's own words and place help the author; its source excerpt is not part of them. */
    private static UnreadableDocumentException unreadable(String language, JacksonException e) {
        return new UnreadableDocumentException(
                "not one readable " + language + " document: " + finding(e.getOriginalMessage()) + place(e));
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
