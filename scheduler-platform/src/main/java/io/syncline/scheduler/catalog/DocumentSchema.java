package io.syncline.scheduler.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of all documents, for editors; and what plans and exports take from it: the order of the members, the
 * defaults that need not be written, and which members are secrets ({@code writeOnly}) or the platform's ({@code readOnly}).
 */
@Component
public class DocumentSchema {

    private static final String RESOURCE = "syncline-v1.schema.json";
    private static final String DEFS = "$defs";

    private final String text;
    private final ObjectNode schema;

    public DocumentSchema() {
        try (InputStream stream = DocumentSchema.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("not on the class path: " + RESOURCE);
            }
            text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        schema = Documents.json(text);
    }

    /** The schema itself. */
    public String text() {
        return text;
    }

    boolean knows(String kind) {
        return schema.path("properties")
                .path("kind")
                .path("enum")
                .valueStream()
                .anyMatch(known -> kind.equals(known.asString("")));
    }

    /**
     * The one form of all documents that say the same: members in the order of the schema, names of one's own in alphabetical
     * order, without defaults, secrets and what the platform adds. Unknown members stay, for those who will refuse them.
     */
    ObjectNode canonical(String kind, ObjectNode document) {
        return (ObjectNode) canonical(document, schema.path(DEFS).path(kind));
    }

    /** What differs between two versions of a document, defaults and the order of members aside. */
    public List<FieldChange> changes(String kind, StoredVersion before, StoredVersion after) {
        return FieldChanges.between(
                canonical(kind, Documents.json(before.document())), canonical(kind, Documents.json(after.document())));
    }

    /** Where the document holds secrets, as JSON pointers. */
    List<String> secrets(String kind, ObjectNode document) {
        List<String> pointers = new ArrayList<>();
        secrets(document, schema.path(DEFS).path(kind), "", pointers);
        return pointers;
    }

    private JsonNode canonical(JsonNode node, JsonNode described) {
        JsonNode rule = resolved(described);
        if (node instanceof ObjectNode object) {
            return canonicalObject(object, rule);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode list = array.arrayNode();
            array.forEach(element -> list.add(canonical(element, rule.path("items"))));
            return list;
        }
        if (node.isNumber() && rule.path("type").asString("").equals("number")) {
            return number(node);
        }
        return node;
    }

    private ObjectNode canonicalObject(ObjectNode object, JsonNode rule) {
        ObjectNode result = object.objectNode();
        JsonNode known = rule.path("properties");
        for (String name : known.propertyNames()) {
            JsonNode described = described(object, rule, name);
            JsonNode member = object.get(name);
            if (member == null || member.isNull() || hidden(described) || hidden(resolved(described))) {
                continue;
            }
            JsonNode canonical = canonical(member, described);
            JsonNode otherwise = described.has("default")
                    ? described.get("default")
                    : resolved(described).get("default");
            if (!canonical.equals(otherwise)) {
                result.set(name, canonical);
            }
        }
        JsonNode others = rule.path("additionalProperties");
        for (String name : new TreeSet<>(object.propertyNames())) {
            if (!known.has(name)) {
                result.set(name, canonical(object.get(name), others));
            }
        }
        return result;
    }

    /** What is said of a member, by the type of its object if by that. */
    private static JsonNode described(ObjectNode object, JsonNode rule, String name) {
        for (JsonNode choice : rule.path("allOf")) {
            JsonNode ofChoice = choice.path("then").path("properties").path(name);
            JsonNode type = choice.path("if").path("properties").path("type").path("const");
            if (!ofChoice.isMissingNode() && type.equals(object.path("type"))) {
                return ofChoice;
            }
        }
        JsonNode known = rule.path("properties").path(name);
        return known.isMissingNode() ? rule.path("additionalProperties") : known;
    }

    private static boolean hidden(JsonNode described) {
        return described.path("writeOnly").asBoolean(false)
                || described.path("readOnly").asBoolean(false);
    }

    /** 200, 200.0 and 2E+2 are one number. */
    private static JsonNode number(JsonNode node) {
        try {
            BigDecimal decimal = node.decimalValue().stripTrailingZeros();
            return Documents.number(decimal.scale() < 0 ? decimal.setScale(0) : decimal);
        } catch (RuntimeException e) {
            // YAML knows .inf and .nan, which the reader refuses
            return node;
        }
    }

    private void secrets(JsonNode node, JsonNode described, String pointer, Collection<String> found) {
        JsonNode rule = resolved(described);
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                secrets(array.get(i), rule.path("items"), pointer + "/" + i, found);
            }
        } else if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> {
                JsonNode ofMember = described(object, rule, member.getKey());
                String place = pointer + "/" + FieldChanges.escaped(member.getKey());
                if (!ofMember.path("writeOnly").asBoolean(false)) {
                    secrets(member.getValue(), ofMember, place, found);
                } else if (!member.getValue().isNull()) {
                    found.add(place);
                }
            });
        }
    }

    private JsonNode resolved(JsonNode described) {
        String reference = described.path("$ref").asString("");
        return reference.startsWith("#/$defs/")
                ? schema.path(DEFS).path(reference.substring("#/$defs/".length()))
                : described;
    }
}
