package io.syncline.scheduler.catalog;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object of a document while it is being read. Every wrong member is noted with its pointer and read on as if it were
 * absent, so that one pass finds everything. A member that is null counts as absent.
 */
final class Members {

    /** Longer ones are typing errors and would overflow the arithmetic of deadlines. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Map<String, JsonNode> present = new LinkedHashMap<>();
    private final String pointer;
    private final List<DocumentError> errors;

    private Members(ObjectNode object, String pointer, List<DocumentError> errors, Set<String> known) {
        this.pointer = pointer;
        this.errors = errors;
        object.properties().forEach(member -> {
            if (!known.contains(member.getKey())) {
                error(
                        member.getKey(),
                        "unknown member; known here: "
                                + String.join(", ", known.stream().sorted().toList()),
                        DocumentError.UNKNOWN_MEMBER);
            } else if (!member.getValue().isNull()) {
                present.put(member.getKey(), member.getValue());
            }
        });
    }

    static Members of(ObjectNode document, List<DocumentError> errors, Set<String> known) {
        return new Members(document, "", errors, known);
    }

    boolean has(String name) {
        return present.containsKey(name);
    }

    String pointer(String name) {
        return pointer + "/" + escaped(name);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    void error(String name, String detail, String code) {
        errors.add(new DocumentError(pointer(name), detail, code));
    }

    void error(DocumentError error) {
        errors.add(error);
    }

    /** About the object itself. */
    void errorHere(String detail, String code) {
        errors.add(new DocumentError(pointer, detail, code));
    }

    /** How much has been found wrong so far in the whole document. */
    int errorCount() {
        return errors.size();
    }

    void required(String name) {
        if (!has(name)) {
            error(name, "'" + name + "' is required", DocumentError.REQUIRED);
        }
    }

    @Nullable
    String text(String name, int maxLength) {
        JsonNode node = present.get(name);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            error(name, "must be a text, in quotes if it looks like a number", DocumentError.WRONG_TYPE);
            return null;
        }
        String text = node.stringValue();
        if (text.isBlank() || text.length() > maxLength) {
            error(name, "must have 1 to " + maxLength + " characters", DocumentError.INVALID);
            return null;
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r')) {
            error(name, "must not hold control characters", DocumentError.INVALID);
            return null;
        }
        return text;
    }

    void mustBe(String name, String expected) {
        String found = text(name, 200);
        if (found == null) {
            if (!has(name)) {
                required(name);
            }
        } else if (!found.equals(expected)) {
            error(name, "must be '" + expected + "'", DocumentError.INVALID);
        }
    }

    /** A stable name: a lower-case DNS label. */
    @Nullable
    String key(String name) {
        String text = text(name, 200);
        if (text != null && !Keys.valid(text)) {
            error(name, Keys.RULE, DocumentError.INVALID);
            return null;
        }
        return text;
    }

    /** A duration of at least {@code least}, or null where absent or wrong. */
    @Nullable
    Duration duration(String name, Duration least) {
        JsonNode node = present.get(name);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            error(name, "must be an ISO 8601 duration in quotes or plain, such as PT30S", DocumentError.WRONG_TYPE);
            return null;
        }
        Duration duration;
        try {
            duration = Duration.parse(node.stringValue());
        } catch (DateTimeParseException e) {
            error(
                    name,
                    "must be an ISO 8601 duration of days, hours, minutes and seconds, such as PT30S or P1DT2H; "
                            + "no years or months",
                    DocumentError.INVALID);
            return null;
        }
        if (duration.compareTo(least) < 0 || duration.compareTo(LONGEST) > 0) {
            error(name, "must be from " + least + " to " + LONGEST, DocumentError.OUT_OF_RANGE);
            return null;
        }
        return duration;
    }

    @Nullable
    Long integer(String name, long least, long most) {
        JsonNode node = present.get(name);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber()) {
            error(name, "must be a whole number", DocumentError.WRONG_TYPE);
            return null;
        }
        if (!node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
            error(name, "must be from " + least + " to " + most, DocumentError.OUT_OF_RANGE);
            return null;
        }
        return node.longValue();
    }

    @Nullable
    BigDecimal decimal(String name, BigDecimal least, BigDecimal most) {
        JsonNode node = present.get(name);
        if (node == null) {
            return null;
        }
        if (!node.isNumber()) {
            error(name, "must be a number", DocumentError.WRONG_TYPE);
            return null;
        }
        BigDecimal number;
        try {
            number = node.decimalValue();
        } catch (RuntimeException e) {
            // YAML knows .inf and .nan
            error(name, "must be a finite number", DocumentError.OUT_OF_RANGE);
            return null;
        }
        if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
            error(
                    name,
                    "must be from " + least.toPlainString() + " to " + most.toPlainString(),
                    DocumentError.OUT_OF_RANGE);
            return null;
        }
        return number;
    }

    @Nullable
    Boolean bool(String name) {
        JsonNode node = present.get(name);
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            error(name, "must be true or false", DocumentError.WRONG_TYPE);
            return null;
        }
        return node.booleanValue();
    }

    <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
        String text = text(name, 200);
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        error(name, "must be one of " + Arrays.toString(type.getEnumConstants()), DocumentError.INVALID);
        return null;
    }

    @Nullable
    ZoneId zone(String name) {
        String text = text(name, 100);
        if (text == null) {
            return null;
        }
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            error(name, "must be a time zone such as Europe/Berlin or UTC", DocumentError.INVALID);
            return null;
        }
    }

    @Nullable
    Members object(String name, Set<String> known) {
        JsonNode node = present.get(name);
        if (node == null) {
            return null;
        }
        if (node instanceof ObjectNode object) {
            return new Members(object, pointer(name), errors, known);
        }
        error(name, "must be an object", DocumentError.WRONG_TYPE);
        return null;
    }

    /** The objects of a map, in their order, each with the members that {@code known} lets it have. */
    Map<String, Members> map(String name, int most, Function<ObjectNode, Set<String>> known) {
        JsonNode node = present.get(name);
        if (node == null) {
            return Map.of();
        }
        if (!(node instanceof ObjectNode object)) {
            error(name, "must be an object", DocumentError.WRONG_TYPE);
            return Map.of();
        }
        if (object.size() > most) {
            error(name, "must have at most " + most + " members", DocumentError.OUT_OF_RANGE);
            return Map.of();
        }
        Map<String, Members> result = new LinkedHashMap<>();
        object.properties().forEach(member -> {
            String place = pointer(name) + "/" + escaped(member.getKey());
            if (member.getValue() instanceof ObjectNode inner) {
                result.put(member.getKey(), new Members(inner, place, errors, known.apply(inner)));
            } else {
                errors.add(new DocumentError(place, "must be an object", DocumentError.WRONG_TYPE));
            }
        });
        return result;
    }

    /** The texts of a map. */
    Map<String, String> textMap(String name, int most, int maxLength) {
        Members texts = object(name, names(name));
        if (texts == null) {
            return Map.of();
        }
        if (texts.present.size() > most) {
            error(name, "must have at most " + most + " members", DocumentError.OUT_OF_RANGE);
            return Map.of();
        }
        Map<String, String> result = new LinkedHashMap<>();
        for (String member : texts.present.keySet()) {
            String text = texts.text(member, maxLength);
            if (text != null) {
                result.put(member, text);
            }
        }
        return result;
    }

    private Set<String> names(String name) {
        return present.get(name) instanceof ObjectNode object ? Set.copyOf(object.propertyNames()) : Set.of();
    }

    /** Any object, its members not looked at. */
    Map<String, Object> anyObject(String name) {
        JsonNode node = present.get(name);
        if (node == null) {
            return Map.of();
        }
        if (node instanceof ObjectNode object) {
            return Documents.members(object);
        }
        error(name, "must be an object", DocumentError.WRONG_TYPE);
        return Map.of();
    }

    /** Any object as it stands, or null where absent or wrong. */
    @Nullable
    ObjectNode anyNode(String name) {
        JsonNode node = present.get(name);
        if (node == null || node instanceof ObjectNode) {
            return (ObjectNode) node;
        }
        error(name, "must be an object", DocumentError.WRONG_TYPE);
        return null;
    }

    /** The objects of a list, each read by {@code reader}, which gets its place; null results are left out. */
    <T> List<T> objects(String name, int most, Set<String> known, BiFunction<Members, Integer, @Nullable T> reader) {
        List<T> result = new ArrayList<>();
        List<JsonNode> nodes = list(name, most);
        for (int i = 0; i < nodes.size(); i++) {
            String place = pointer(name) + "/" + i;
            if (nodes.get(i) instanceof ObjectNode object) {
                T read = reader.apply(new Members(object, place, errors, known), i);
                if (read != null) {
                    result.add(read);
                }
            } else {
                errors.add(new DocumentError(place, "must be an object", DocumentError.WRONG_TYPE));
            }
        }
        return result;
    }

    /** The different texts of a list; those that {@code rule} finds fault with (a detail) are noted and left out. */
    List<String> texts(
            String name, int most, int maxLength, BiFunction<String, Integer, @Nullable DocumentError> rule) {
        List<String> result = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<JsonNode> nodes = list(name, most);
        for (int i = 0; i < nodes.size(); i++) {
            String place = pointer(name) + "/" + i;
            if (!nodes.get(i).isString()) {
                errors.add(new DocumentError(place, "must be a text", DocumentError.WRONG_TYPE));
                continue;
            }
            String text = nodes.get(i).stringValue();
            if (text.isBlank() || text.length() > maxLength || text.chars().anyMatch(Character::isISOControl)) {
                errors.add(new DocumentError(
                        place, "must have 1 to " + maxLength + " printable characters", DocumentError.INVALID));
            } else if (!seen.add(text)) {
                errors.add(new DocumentError(place, "'" + text + "' is named twice", DocumentError.DUPLICATE));
            } else {
                DocumentError fault = rule.apply(text, i);
                if (fault == null) {
                    result.add(text);
                } else {
                    errors.add(fault);
                }
            }
        }
        return result;
    }

    List<String> texts(String name, int most, int maxLength) {
        return texts(name, most, maxLength, (text, place) -> null);
    }

    private List<JsonNode> list(String name, int most) {
        JsonNode node = present.get(name);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            error(name, "must be a list", DocumentError.WRONG_TYPE);
            return List.of();
        }
        if (node.size() > most) {
            error(name, "must have at most " + most + " entries", DocumentError.OUT_OF_RANGE);
            return List.of();
        }
        return List.copyOf(node.values());
    }
}
