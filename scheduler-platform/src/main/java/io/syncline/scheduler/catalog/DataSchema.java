package io.syncline.scheduler.catalog;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.resource.SchemaLoader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Schema (draft 2020-12) for the data of messages. It stands alone: nothing is ever loaded, its references stay inside
 * it. What one check may cost has a bound: in steps, in references followed, in members looked at, in errors and in steps of
 * regular expressions. {@code format} is an annotation, as the draft has it.
 */
public final class DataSchema {

    /** Something in data that the schema does not allow, or in a schema that the draft does not. */
    public record Violation(String pointer, String detail, String code) {}

    static final int MOST_CHARACTERS = 65_536;
    private static final int DEEPEST = 64;
    private static final int MOST_REFERENCES = 100_000;
    private static final int MOST_REGEX_STEPS = 2_000_000;
    private static final int MOST_VIOLATIONS = 100;

    /** Schemas and keywords applied; an array of a million bytes takes one million with a simple schema. */
    private static final long MOST_STEPS = 2_000_000;

    /** Members of schema and data that keywords look at by themselves. */
    private static final long MOST_LOOKS = 20_000_000;

    /** With those of alternatives that did not fit. */
    private static final int MOST_ERRORS = 200_000;

    /** How large a regular expression is with everything counted in it written out. */
    private static final long LARGEST_REGEX = 100_000;

    /** Keywords whose own work grows with the schema's members and the data's. */
    private static final List<String> LOOKING = List.of(
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "required",
            "dependentRequired",
            "dependentSchemas",
            "enum",
            "const",
            "uniqueItems",
            "minLength",
            "maxLength");

    private static final int LONGEST_DETAIL = 300;

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ThreadLocal<@Nullable Budget> BUDGET = new ThreadLocal<>();

    /** Knows the draft from its own jar alone. */
    private static final SchemaLoader NOTHING_LOADED =
            SchemaLoader.builder().fetchRemoteResources(false).build();

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ENGLISH)
            .formatAssertionsEnabled(false)
            .regularExpressionFactory(DataSchema::regularExpression)
            .build();

    private static final Schema OF_SCHEMAS = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemaRegistryConfig(CONFIG).schemaLoader(NOTHING_LOADED))
            .getSchema(SchemaLocation.of(DRAFT));

    /** The draft with references and costly keywords that are counted. */
    private static final Dialect COUNTING = counting();

    private final Schema schema;

    private DataSchema(Schema schema) {
        this.schema = schema;
    }

    private static Dialect counting() {
        Dialect draft = Dialects.getDraft202012();
        Dialect.Builder builder = Dialect.builder("https://syncline.io/schemas/counting", draft);
        for (String name : List.of("$ref", "$dynamicRef")) {
            builder.keyword(new CountedKeyword(
                    Objects.requireNonNull(draft.getKeywords().get(name), name), true));
        }
        for (String name : LOOKING) {
            builder.keyword(new CountedKeyword(
                    Objects.requireNonNull(draft.getKeywords().get(name), name), false));
        }
        return builder.build();
    }

    /** @param text a schema in which {@link #faults} has found nothing */
    public static DataSchema of(String text) {
        return of(JSON.readTree(text));
    }

    private static DataSchema of(JsonNode node) {
        JsonNode own = node;
        if (node instanceof ObjectNode object) {
            // All references begin with '#', so that they mean the same without it.
            own = object.deepCopy().without(List.of("$id", "$schema"));
        }
        return new DataSchema(SchemaRegistry.withDefaultDialect(
                        COUNTING,
                        builder -> builder.schemaRegistryConfig(CONFIG)
                                .schemaLoader(new SchemaLoader(List.of(), List.of(), iri -> false, iri -> true)))
                .getSchema(own));
    }

    /** What is wrong with a schema; pointers into it. */
    static List<Violation> faults(JsonNode schema) {
        if (!schema.isObject()) {
            return List.of(new Violation("", "must be an object", DocumentError.WRONG_TYPE));
        }
        if (JSON.writeValueAsString(schema).length() > MOST_CHARACTERS) {
            return List.of(new Violation(
                    "", "must have at most " + MOST_CHARACTERS + " characters as JSON", DocumentError.OUT_OF_RANGE));
        }
        List<Violation> faults = new ArrayList<>();
        new Walk(schema, faults).look(schema, "", 0);
        if (faults.isEmpty()) {
            faults.addAll(found(OF_SCHEMAS, schema));
        }
        if (faults.isEmpty()) {
            tryOut(schema, faults);
        }
        return List.copyOf(faults);
    }

    /** A schema that refers to itself without end shows it with any data. */
    private static void tryOut(JsonNode schema, List<Violation> faults) {
        try {
            DataSchema made = of(schema);
            made.schema.initializeValidators();
            for (String sample : List.of("{}", "[]", "[[]]", "[{}]", "\"a\"", "1", "true", "null")) {
                boolean endless = made.violations(JSON.readTree(sample)).stream()
                        .anyMatch(violation -> violation.code().equals(TOO_COSTLY));
                if (endless) {
                    faults.add(new Violation(
                            "",
                            "refers to itself without end, or follows its references too often",
                            DocumentError.INVALID));
                    return;
                }
            }
        } catch (SchemaException e) {
            faults.add(new Violation("", "cannot be used as a JSON Schema", DocumentError.INVALID));
        }
    }

    static final String TOO_COSTLY = "too-costly";

    /** All that the schema does not allow; pointers into the data. */
    public List<Violation> violations(JsonNode data) {
        return found(schema, data);
    }

    private static List<Violation> found(Schema schema, JsonNode node) {
        BUDGET.set(new Budget());
        BoundedErrors context = new BoundedErrors();
        try {
            schema.validate(context, node);
        } catch (EnoughException e) {
            // What has been found says it.
        } catch (SpentException | ValidationLimitExceededException | StackOverflowError e) {
            return List.of(
                    new Violation("", "takes too long to check against the schema; send smaller data", TOO_COSTLY));
        } finally {
            BUDGET.remove();
        }
        return context.found.stream()
                .limit(MOST_VIOLATIONS)
                .map(error -> new Violation(
                        error.getInstanceLocation().toString(),
                        cut(String.valueOf(error.getMessage())),
                        String.valueOf(error.getKeyword())))
                .distinct()
                .toList();
    }

    /** Ends the check as soon as enough is found; of alternatives, it keeps few of the errors apart. */
    private static final class BoundedErrors extends ExecutionContext {
        private final List<Error> found = getErrors();
        private int made;

        BoundedErrors() {
            super(ExecutionConfig.builder()
                    .locale(Locale.ENGLISH)
                    .formatAssertionsEnabled(false)
                    .maxEvaluationSteps(MOST_STEPS)
                    .build());
        }

        @Override
        public void addError(Error error) {
            if (++made > MOST_ERRORS) {
                throw new SpentException();
            }
            List<Error> errors = getErrors();
            // Their number must grow still: by it validators tell whether something fits.
            super.addError(errors.size() < MOST_VIOLATIONS ? error : errors.get(0));
            if (found.size() >= MOST_VIOLATIONS) {
                throw new EnoughException();
            }
        }
    }

    private static final class EnoughException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EnoughException() {
            super("enough is found", null, false, false);
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL) + "…";
    }

    private static RegularExpression regularExpression(String text) {
        Pattern pattern = Pattern.compile(text);
        int weight = 1 + (int) Math.min(RegexSize.of(text) / 1_000, 1_000);
        return input -> {
            Budget budget = budget();
            budget.step(weight);
            return pattern.matcher(new CountedText(input, budget, weight)).find();
        };
    }

    private static Budget budget() {
        Budget budget = BUDGET.get();
        return budget == null ? new Budget() : budget;
    }

    /** What one check may still cost. */
    private static final class Budget {
        private int references = MOST_REFERENCES;
        private int regexSteps = MOST_REGEX_STEPS;
        private long looks = MOST_LOOKS;

        void follow() {
            if (--references < 0) {
                throw new SpentException();
            }
        }

        void look(long members) {
            looks -= members;
            if (looks < 0) {
                throw new SpentException();
            }
        }

        void step(int weight) {
            regexSteps -= weight;
            if (regexSteps < 0) {
                throw new SpentException();
            }
        }
    }

    private static final class SpentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SpentException() {
            super("the check costs too much", null, false, false);
        }
    }

    /** Counts how often a regular expression looks at a character, which is what a hostile text makes grow. */
    private record CountedText(CharSequence text, Budget budget, int weight) implements CharSequence {
        @Override
        public char charAt(int index) {
            budget.step(weight);
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedText(text.subSequence(start, end), budget, weight);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private record CountedKeyword(Keyword keyword, boolean reference) implements Keyword {
        @Override
        public String getValue() {
            return keyword.getValue();
        }

        @Override
        public KeywordValidator newValidator(
                SchemaLocation location, JsonNode node, Schema parent, SchemaContext context) throws Exception {
            return new CountedValidator(
                    keyword.newValidator(location, node, parent, context), reference ? -1 : node.size());
        }
    }

    /** @param looks members of the schema that it looks at; negative for a reference */
    private record CountedValidator(KeywordValidator validator, int looks) implements KeywordValidator {
        private void count(JsonNode node) {
            if (looks < 0) {
                budget().follow();
            } else {
                int ofData = node.isString() ? node.stringValue().length() / 16 : node.size();
                budget().look(1L + looks + ofData);
            }
        }

        @Override
        public void validate(ExecutionContext context, JsonNode node, JsonNode root, NodePath place) {
            count(node);
            validator.validate(context, node, root, place);
        }

        @Override
        public void walk(ExecutionContext context, JsonNode node, JsonNode root, NodePath place, boolean validate) {
            count(node);
            validator.walk(context, node, root, place, validate);
        }

        @Override
        public SchemaLocation getSchemaLocation() {
            return validator.getSchemaLocation();
        }

        @Override
        public void preloadSchema() {
            validator.preloadSchema();
        }

        @Override
        public String getKeyword() {
            return validator.getKeyword();
        }
    }

    /** Looks at what the draft's own schema does not say: references, identifiers, regular expressions. */
    private static final class Walk {
        private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");
        private static final Set<String> NAMED = Set.of(
                "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependentRequired");

        private final JsonNode root;
        private final List<Violation> faults;
        private final Set<String> anchors = new HashSet<>();

        Walk(JsonNode root, List<Violation> faults) {
            this.root = root;
            this.faults = faults;
            collectAnchors(root, 0);
        }

        private void collectAnchors(JsonNode node, int depth) {
            if (depth > DEEPEST) {
                return;
            }
            for (String name : List.of("$anchor", "$dynamicAnchor")) {
                JsonNode anchor = node.get(name);
                if (anchor != null && anchor.isString()) {
                    anchors.add(anchor.stringValue());
                }
            }
            node.values().forEach(child -> collectAnchors(child, depth + 1));
        }

        void look(JsonNode node, String pointer, int depth) {
            if (depth > DEEPEST) {
                faults.add(new Violation(
                        pointer, "is nested more than " + DEEPEST + " levels deep", DocumentError.OUT_OF_RANGE));
            } else if (node.isArray()) {
                for (int i = 0; i < node.size(); i++) {
                    look(node.get(i), pointer + "/" + i, depth + 1);
                }
            } else if (node.isObject()) {
                node.properties().forEach(member -> member(member.getKey(), member.getValue(), pointer, depth));
            }
        }

        private void member(String name, JsonNode node, String parent, int depth) {
            String pointer = parent + "/" + escaped(name);
            switch (name) {
                case "$schema" -> {
                    if (!node.isString() || !node.stringValue().replace("#", "").equals(DRAFT)) {
                        faults.add(new Violation(pointer, "must be " + DRAFT, DocumentError.NOT_SUPPORTED));
                    }
                }
                case "$ref", "$dynamicRef" -> reference(node, pointer);
                case "$id", "$vocabulary" -> {
                    if (!parent.isEmpty() || name.equals("$vocabulary")) {
                        faults.add(new Violation(
                                pointer, "is not supported here; refer by #/$defs/…", DocumentError.NOT_SUPPORTED));
                    }
                }
                case "pattern" -> {
                    if (node.isString()) {
                        regex(node.stringValue(), pointer);
                    }
                }
                default -> {
                    if (NAMED.contains(name) && node.isObject()) {
                        node.properties().forEach(named -> {
                            String place = pointer + "/" + escaped(named.getKey());
                            if (name.equals("patternProperties")) {
                                regex(named.getKey(), place);
                            }
                            look(named.getValue(), place, depth + 2);
                        });
                    } else if (!VALUES.contains(name)) {
                        look(node, pointer, depth + 1);
                    }
                }
            }
        }

        private void reference(JsonNode node, String pointer) {
            if (!node.isString() || !node.stringValue().startsWith("#")) {
                faults.add(new Violation(
                        pointer,
                        "must begin with '#': nothing outside of the schema is ever loaded",
                        DocumentError.NOT_SUPPORTED));
                return;
            }
            String target = node.stringValue().substring(1);
            boolean found;
            try {
                found = target.isEmpty()
                        || (target.startsWith("/")
                                ? !root.at(JsonPointer.compile(target)).isMissingNode()
                                : anchors.contains(target));
            } catch (IllegalArgumentException e) {
                found = false;
            }
            if (!found) {
                faults.add(new Violation(pointer, "leads nowhere in this schema", DocumentError.INVALID));
            }
        }

        private void regex(String text, String pointer) {
            try {
                Pattern.compile(text);
                if (RegexSize.of(text) > LARGEST_REGEX) {
                    faults.add(new Violation(
                            pointer,
                            "repeats more than " + LARGEST_REGEX + " times in all",
                            DocumentError.OUT_OF_RANGE));
                }
            } catch (PatternSyntaxException | StackOverflowError e) {
                faults.add(new Violation(pointer, "is no regular expression", DocumentError.INVALID));
            }
        }

        private static String escaped(String name) {
            return name.replace("~", "~0").replace("/", "~1");
        }
    }
}
