package io.syncline.client.sync;

import io.syncline.client.problem.Problem;
import io.syncline.client.problem.Problem.FieldError;
import io.syncline.client.problem.ProblemException;
import io.syncline.contracts.SyncRequest;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the body of a sync call: tolerant of members that it does not know, strict with those that it needs. */
final class SyncRequestReader {

    private static final int MOST_URL_CHARACTERS = 2000;
    private static final int MOST_TOKEN_CHARACTERS = 4000;

    private final WireJson json;

    SyncRequestReader(WireJson json) {
        this.json = json;
    }

    record Read(SyncRequest request, String fingerprint) {}

    /** @throws ProblemException 400 when it is not JSON, 422 with all that is wrong in it */
    Read read(byte[] body) {
        var tree = tree(body);
        var errors = new ArrayList<FieldError>();
        if (!tree.isObject()) {
            throw invalid(List.of(error("", "must be an object", "type")));
        }
        text(tree, "/runId", errors);
        text(tree, "/taskRunId", errors);
        text(tree, "/group", errors);
        text(tree, "/task", errors);
        text(tree, "/trigger/source", errors);
        text(tree, "/trigger/id", errors);
        text(tree, "/trigger/type", errors);
        optionalText(tree, "/trigger/time", errors);
        optionalText(tree, "/businessKey", errors);
        counter(tree, "/attempt", errors);
        counter(tree, "/round", errors);
        object(tree, "/parameters", errors);
        url(tree, "/callback/url", errors);
        if (text(tree, "/callback/token", errors)
                && tree.at("/callback/token").asString().length() > MOST_TOKEN_CHARACTERS) {
            errors.add(error("/callback/token", "must have at most 4000 characters", "size"));
        }
        instant(tree, "/callback/expiresAt", errors);
        instant(tree, "/deadline", errors);
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        try {
            return new Read(withParameters(json.request(tree)), Fingerprint.of(tree));
        } catch (JacksonException e) {
            throw invalid(List.of(error("", "cannot be read as a sync call", "type")));
        }
    }

    private JsonNode tree(byte[] body) {
        try {
            var tree = json.tree(body);
            if (tree.isMissingNode()) {
                throw malformed();
            }
            return tree;
        } catch (JacksonException e) {
            throw malformed();
        }
    }

    @SuppressWarnings("NullAway") // a record from JSON may lack what its type promises
    private static SyncRequest withParameters(SyncRequest request) {
        if (request.parameters() != null) {
            return request;
        }
        return new SyncRequest(
                request.runId(),
                request.taskRunId(),
                request.attempt(),
                request.round(),
                request.group(),
                request.task(),
                request.businessKey(),
                Map.of(),
                request.trigger(),
                request.callback(),
                request.deadline());
    }

    private static boolean text(JsonNode tree, String pointer, List<FieldError> errors) {
        var node = tree.at(pointer);
        if (!node.isString() || node.asString().isBlank()) {
            errors.add(error(pointer, "must be a text that is not empty", "required"));
            return false;
        }
        return true;
    }

    private static void optionalText(JsonNode tree, String pointer, List<FieldError> errors) {
        var node = tree.at(pointer);
        if (isPresent(node) && !node.isString()) {
            errors.add(error(pointer, "must be a text", "type"));
        }
    }

    private static void counter(JsonNode tree, String pointer, List<FieldError> errors) {
        var node = tree.at(pointer);
        if (!node.isInt() || node.asInt() < 1) {
            errors.add(error(pointer, "must be a whole number from 1", "range"));
        }
    }

    private static void object(JsonNode tree, String pointer, List<FieldError> errors) {
        var node = tree.at(pointer);
        if (isPresent(node) && !node.isObject()) {
            errors.add(error(pointer, "must be an object", "type"));
        }
    }

    private static void url(JsonNode tree, String pointer, List<FieldError> errors) {
        if (!text(tree, pointer, errors)) {
            return;
        }
        var url = tree.at(pointer).asString();
        try {
            var parsed = URI.create(url);
            boolean web = "http".equalsIgnoreCase(parsed.getScheme()) || "https".equalsIgnoreCase(parsed.getScheme());
            if (!web || parsed.getHost() == null || url.length() > MOST_URL_CHARACTERS) {
                errors.add(error(pointer, "must be an http or https URL of at most 2000 characters", "format"));
            }
        } catch (IllegalArgumentException e) {
            errors.add(error(pointer, "must be a URL", "format"));
        }
    }

    private static void instant(JsonNode tree, String pointer, List<FieldError> errors) {
        var node = tree.at(pointer);
        if (!isPresent(node)) {
            return;
        }
        try {
            if (node.isString()) {
                Instant.parse(node.asString());
                return;
            }
        } catch (DateTimeParseException e) {
            // reported below
        }
        errors.add(error(pointer, "must be an instant such as 2026-11-20T06:00:00Z", "format"));
    }

    private static boolean isPresent(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private static FieldError error(String pointer, String detail, String code) {
        return new FieldError(pointer, null, detail, code);
    }

    private static ProblemException malformed() {
        return new ProblemException(
                Problem.of(400, "malformed-request", "The request cannot be read", "The body is not JSON."));
    }

    private static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(Problem.of(
                        422, "invalid-sync-call", "The sync call is not valid", "Correct the members that are named.")
                .withErrors(errors));
    }
}
