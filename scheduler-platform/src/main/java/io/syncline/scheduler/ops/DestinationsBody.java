package io.syncline.scheduler.ops;

import io.syncline.scheduler.outbound.Destination;
import io.syncline.scheduler.security.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code {"items": [{"scheme", "host", "port"}]}}; an item may be a text such as http://host:* as well. */
final class DestinationsBody {

    private static final int MOST = 1_000;

    private final ProblemException problem = ProblemException.of(422, "invalid-body", "The body is not valid")
            .detail("Correct what the errors name and send the call again.");

    private DestinationsBody() {}

    /** @throws ProblemException 400 when the body is not JSON */
    static JsonNode tree(byte[] body, JsonMapper json) {
        try {
            JsonNode tree = json.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .readTree(body);
            if (!tree.isMissingNode()) {
                return tree;
            }
        } catch (JacksonException e) {
            throw malformed().cause(e);
        }
        throw malformed();
    }

    /** @throws ProblemException 422 with all that is wrong */
    static List<Destination> read(JsonNode tree) {
        return new DestinationsBody().destinations(tree);
    }

    private List<Destination> destinations(JsonNode tree) {
        List<Destination> destinations = new ArrayList<>();
        if (!tree.isObject()) {
            problem.error("", "must be an object with the member 'items'", "wrong-type");
        } else {
            for (String name : tree.propertyNames()) {
                // what GET answers may be sent back; 'configured' is not an operator's to change
                if (!name.equals("items") && !name.equals("configured")) {
                    problem.error("/" + name, "is not known here", "unknown-member");
                }
            }
            JsonNode items = tree.path("items");
            if (!items.isArray() || items.size() > MOST) {
                problem.error("/items", "is required: a list of at most " + MOST + " destinations", "wrong-type");
            } else {
                for (int i = 0; i < items.size(); i++) {
                    Destination destination = destination(items.get(i), "/items/" + i);
                    if (destination != null) {
                        destinations.add(destination);
                    }
                }
            }
        }
        if (problem.hasErrors()) {
            throw problem;
        }
        return destinations;
    }

    private @Nullable Destination destination(JsonNode item, String pointer) {
        try {
            if (item.isString()) {
                return Destination.parse(item.stringValue());
            }
            if (item.isObject()) {
                return fromMembers(item, pointer);
            }
        } catch (IllegalArgumentException e) {
            problem.error(pointer, String.valueOf(e.getMessage()), "invalid-value");
            return null;
        }
        problem.error(pointer, "must be an object with scheme, host and port", "wrong-type");
        return null;
    }

    private @Nullable Destination fromMembers(JsonNode item, String pointer) {
        boolean known = true;
        for (String name : item.propertyNames()) {
            if (!Set.of("scheme", "host", "port").contains(name)) {
                problem.error(pointer + "/" + name, "is not known here", "unknown-member");
                known = false;
            }
        }
        for (String name : List.of("scheme", "host", "port")) {
            JsonNode value = item.path(name);
            boolean fits = value.isString() || (name.equals("port") && value.isIntegralNumber());
            if (!fits) {
                problem.error(
                        pointer + "/" + name,
                        name.equals("port") ? "is required: a number or \"*\"" : "is required: a text",
                        value.isMissingNode() ? "missing" : "wrong-type");
                known = false;
            }
        }
        return known
                ? Destination.of(
                        item.path("scheme").stringValue(),
                        item.path("host").stringValue(),
                        item.path("port").asString())
                : null;
    }

    private static ProblemException malformed() {
        return ProblemException.of(400, "malformed-body", "The body cannot be read")
                .detail("The body is not JSON; send an object such as {\"items\": [\"https://host:8443\"]}.");
    }
}
