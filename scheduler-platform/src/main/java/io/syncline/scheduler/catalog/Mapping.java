package io.syncline.scheduler.catalog;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSONata expression that makes one JSON object of another. It changes nothing, gives the same for the same, and is cut off
 * by {@link MappingBounds}.
 */
public record Mapping(String expression) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** All that JSONata defines and a mapping may not use; hidden at run time as well, should a word slip through. */
    static final List<String> HIDDEN = List.of(
            "assert",
            "base64decode",
            "base64encode",
            "clone",
            "decodeUrl",
            "decodeUrlComponent",
            "distinct",
            "each",
            "encodeUrl",
            "encodeUrlComponent",
            "error",
            "eval",
            "filter",
            "formatBase",
            "formatInteger",
            "formatNumber",
            "fromMillis",
            "join",
            "map",
            "match",
            "millis",
            "now",
            "pad",
            "parseInteger",
            "power",
            "random",
            "reduce",
            "replace",
            "round",
            "shuffle",
            "sift",
            "single",
            "sort",
            "split",
            "spread",
            "sqrt",
            "toMillis",
            "zip");

    /** Why it is no mapping, tried on this; empty when it is one, also when it needs more than the sample has. */
    Optional<String> fault(Map<String, Object> sample) {
        var fault = MappingLanguage.fault(expression);
        if (fault.isPresent()) {
            return fault;
        }
        try {
            var result = evaluated(sample);
            return result == null || result instanceof Map
                    ? Optional.empty()
                    : Optional.of("must give an object, such as {\"region\": trigger.data.region}");
        } catch (MappingFailedException e) {
            return Optional.of(e.getMessage() == null ? "fails" : e.getMessage());
        } catch (JException e) {
            // Texts of its own begin with S; the others depend on the data.
            return e.getError() != null && e.getError().startsWith("S")
                    ? Optional.of("cannot be read at character " + Math.max(0, e.getLocation()) + ": " + e.getMessage())
                    : Optional.empty();
        } catch (StackOverflowError e) {
            return Optional.of("is too deep");
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** @throws MappingFailedException when there is no object within the bounds */
    public ObjectNode apply(JsonNode input) {
        try {
            var fault = MappingLanguage.fault(expression);
            if (fault.isPresent()) {
                throw new MappingFailedException("the expression " + fault.get());
            }
            var result = evaluated(JSON.treeToValue(input, Object.class));
            if (!(result instanceof Map)) {
                throw new MappingFailedException(
                        result == null ? "it gives nothing" : "it gives something that is no object");
            }
            return MappingBounds.written(result, JSON);
        } catch (JException e) {
            throw new MappingFailedException(
                    "error " + e.getError() + " at character " + Math.max(0, e.getLocation()) + " of the expression");
        } catch (JacksonException e) {
            throw new MappingFailedException("its result is no JSON");
        } catch (StackOverflowError e) {
            throw new MappingFailedException("it is too deep");
        } catch (MappingFailedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MappingFailedException("it fails with " + e.getClass().getSimpleName());
        }
    }

    private @Nullable Object evaluated(@Nullable Object input) {
        var jsonata = Jsonata.jsonata(expression);
        var bounds = new MappingBounds();
        var frame = jsonata.createFrame();
        HIDDEN.forEach(name -> frame.bind(name, (Object) Boolean.FALSE));
        frame.setEvaluateEntryCallback((step, value, environment) -> bounds.enter());
        frame.setEvaluateExitCallback((step, value, environment, result) -> bounds.leave(result));
        return jsonata.evaluate(input, frame);
    }

    @Override
    public String toString() {
        return expression;
    }
}
