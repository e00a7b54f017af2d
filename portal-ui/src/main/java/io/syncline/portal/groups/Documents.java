package io.syncline.portal.groups;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/** Reads and writes configuration documents as the platform does; what it cannot read the platform cannot read either. */
public final class Documents {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .stringQuotingChecker(new PlainWordsAlone())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();

    /** What the platform adds to a document when it is asked for it. */
    private static final String STATUS = "status";

    private Documents() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Null when it is not one object. */
    static @Nullable ObjectNode ofYaml(String text) {
        return tree(text) instanceof ObjectNode object ? object : null;
    }

    /** Any YAML value; null when it cannot be read or holds nothing. */
    static @Nullable JsonNode tree(String text) {
        try {
            var tree = YAML.readTree(text);
            return tree == null || tree.isMissingNode() || tree.isNull() ? null : tree;
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    /** What the platform answered, with its status. @throws IllegalArgumentException when that is no object */
    static ObjectNode ofJson(String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException("not a document", unreadable);
        }
        throw new IllegalArgumentException("not a document");
    }

    /** Null when it is no JSON, or JSON with something after it. */
    static @Nullable JsonNode jsonOrNull(String text) {
        try {
            return JSON.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text);
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    /** The document alone. */
    static ObjectNode withoutStatus(ObjectNode answered) {
        var document = answered.deepCopy();
        document.remove(STATUS);
        return document;
    }

    public static String yaml(JsonNode document) {
        return YAML.writeValueAsString(document);
    }

    static String json(JsonNode value) {
        return JSON.writeValueAsString(value);
    }

    /** Only what no reader of YAML takes for anything but text goes without quotation marks. */
    private static final class PlainWordsAlone extends StringQuotingChecker {

        private static final long serialVersionUID = 1L;
        private static final Pattern PLAIN =
                Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*(?: [A-Za-z0-9(][A-Za-z0-9_./()-]*)*");
        private static final Pattern NO_TEXT =
                Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|[.]?inf|infinity|0x[0-9a-f]+|[0-9.e_+-]+");

        @Override
        public boolean needToQuoteName(String name) {
            return needToQuoteValue(name);
        }

        @Override
        public boolean needToQuoteValue(String text) {
            return !PLAIN.matcher(text).matches() || NO_TEXT.matcher(text).matches();
        }
    }
}
