package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of an operator's call: an object whose members are all known; everything wrong is said at once. */
final class ActionBody {

    private static final int LONGEST_REASON = 500;

    private final JsonNode object;
    private final ProblemException problem = ProblemException.of(422, "invalid-body", "The body is not valid")
            .detail("Correct what the errors name and send the call again.");

    private ActionBody(JsonNode object) {
        this.object = object;
    }

    /** @throws ProblemException 400 when the body is not JSON */
    static ActionBody read(byte @Nullable [] body, JsonMapper json) {
        if (body == null || body.length == 0) {
            throw malformed("The body is empty; send a JSON object such as {\"reason\": \"…\"}.", null);
        }
        try {
            return new ActionBody(json.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .readTree(body));
        } catch (JacksonException e) {
            throw malformed("The body is not JSON; send an object such as {\"reason\": \"…\"}.", e);
        }
    }

    private static ProblemException malformed(String detail, @Nullable Throwable cause) {
        var problem = ProblemException.of(400, "malformed-body", "The body cannot be read")
                .detail(detail);
        return cause == null ? problem : problem.cause(cause);
    }

    void knows(String... members) {
        if (!object.isObject()) {
            problem.error("", "must be an object", "wrong-type");
            return;
        }
        var unknown = new TreeSet<>(object.propertyNames());
        unknown.removeAll(Set.of(members));
        unknown.forEach(name -> problem.error("/" + pointer(name), "is not known here", "unknown-member"));
    }

    /** 1 to 500 characters, and not blank. */
    String reason() {
        var reason = text("reason", LONGEST_REASON);
        if (reason == null && !object.has("reason")) {
            problem.error("/reason", "is missing: say in 1 to 500 characters why", "missing");
        }
        return reason == null ? "" : reason;
    }

    @Nullable
    String text(String member, int longest) {
        var value = object.get(member);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            problem.error("/" + member, "must be text", "wrong-type");
            return null;
        }
        var text = value.stringValue();
        if (text.isBlank() || text.length() > longest) {
            problem.error("/" + member, "has 1 to " + longest + " characters", "invalid-value");
            return null;
        }
        return text;
    }

    /** The name of one of the constants; {@code otherwise} when the member is not there. */
    <E extends Enum<E>> E oneOf(String member, E otherwise) {
        var value = object.get(member);
        if (value == null) {
            return otherwise;
        }
        var constants = otherwise.getDeclaringClass().getEnumConstants();
        for (var constant : constants) {
            if (value.isString() && constant.name().equals(value.stringValue())) {
                return constant;
            }
        }
        problem.error("/" + member, "is one of " + Arrays.toString(constants), "invalid-value");
        return otherwise;
    }

    /** The name of one of these constants; null, and an error, when it is another one or not there. */
    <E extends Enum<E>> @Nullable E required(String member, Set<E> constants) {
        var value = object.get(member);
        if (value == null) {
            problem.error("/" + member, "is missing: one of " + new TreeSet<>(constants), "missing");
            return null;
        }
        for (var constant : constants) {
            if (value.isString() && constant.name().equals(value.stringValue())) {
                return constant;
            }
        }
        problem.error("/" + member, "is one of " + new TreeSet<>(constants), "invalid-value");
        return null;
    }

    /** A time after now; null when the member is not there. */
    @Nullable
    Instant future(String member, Instant now) {
        var value = member(member);
        if (value == null) {
            return null;
        }
        try {
            var time =
                    value.isString() ? OffsetDateTime.parse(value.stringValue()).toInstant() : Instant.MIN;
            if (time.isAfter(now)) {
                return time;
            }
            problem.error("/" + member, "is a time to come, such as 2026-11-20T02:30:00Z", "invalid-value");
        } catch (DateTimeParseException e) {
            problem.error("/" + member, "is a time such as 2026-11-20T02:30:00Z", "invalid-value");
        }
        return null;
    }

    void fault(String pointer, String what, String code) {
        problem.error(pointer, what, code);
    }

    @Nullable
    JsonNode member(String name) {
        var value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    void error(String pointer, String detail, String code) {
        problem.error(pointer, detail, code);
    }

    /** @throws ProblemException 422 with everything that was found wrong */
    void valid() {
        if (problem.hasErrors()) {
            throw problem;
        }
    }

    static String pointer(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
