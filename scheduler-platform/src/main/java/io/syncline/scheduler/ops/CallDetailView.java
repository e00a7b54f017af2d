package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call with what was sent and what came, secrets hidden.
 *
 * @param applied whether its outcome counted: no other node had taken over
 * @param bodies SHOWN; WITHHELD from those without {@code payload:read}; NOT_KEPT when nothing was sent or kept
 * @param request null: not kept
 * @param answer null: none came, or not kept
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record CallDetailView(
        String callId,
        String taskRunId,
        String runId,
        String task,
        String kind,
        int attempt,
        int round,
        Instant at,
        long durationMs,
        @Nullable String instance,
        @Nullable Integer status,
        String outcome,
        @Nullable String detail,
        boolean applied,
        String node,
        Bodies bodies,
        @Nullable Request request,
        @Nullable Answer answer) {

    enum Bodies {
        SHOWN,
        WITHHELD,
        NOT_KEPT
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Request(
            String method,
            String url,
            Map<String, String> headers,
            @Nullable Body body) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Answer(Map<String, String> headers, @Nullable Body body) {}

    /**
     * @param text null: withheld, empty, or no text
     * @param bytes of all of it, as it was sent
     * @param cut whether the text is not all of it
     * @param sha256 of all of it, when it is cut or no text
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Body(
            @Nullable String text,
            int bytes,
            boolean cut,
            @Nullable String sha256) {}

    static CallDetailView of(StoredCall stored, @Nullable JsonNode transcript, boolean withBodies) {
        var call = stored.call();
        return new CallDetailView(
                call.callId(),
                stored.taskRunId(),
                stored.runId(),
                stored.task(),
                call.kind(),
                call.attempt(),
                call.round(),
                call.at(),
                call.durationMs(),
                call.instance(),
                call.status(),
                call.outcome(),
                call.detail(),
                stored.applied(),
                stored.node(),
                transcript == null ? Bodies.NOT_KEPT : withBodies ? Bodies.SHOWN : Bodies.WITHHELD,
                transcript == null ? null : request(transcript.path("request"), withBodies),
                transcript == null || !transcript.has("answer") ? null : answer(transcript.path("answer"), withBodies));
    }

    private static Request request(JsonNode request, boolean withBodies) {
        return new Request(
                request.path("method").asString(""),
                request.path("url").asString(""),
                headers(request),
                body(request, withBodies));
    }

    private static Answer answer(JsonNode answer, boolean withBodies) {
        return new Answer(headers(answer), body(answer, withBodies));
    }

    private static Map<String, String> headers(JsonNode side) {
        var headers = new LinkedHashMap<String, String>();
        if (side.path("headers") instanceof ObjectNode all) {
            all.properties()
                    .forEach(header ->
                            headers.put(header.getKey(), header.getValue().asString("")));
        }
        return headers;
    }

    private static @Nullable Body body(JsonNode side, boolean isShown) {
        var body = side.get("body");
        return body == null
                ? null
                : new Body(
                        isShown && body.has("text") ? body.path("text").asString("") : null,
                        body.path("bytes").asInt(0),
                        body.path("cut").asBoolean(false),
                        isShown && body.has("sha256") ? body.path("sha256").asString("") : null);
    }
}
