package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.run.CancelCall;
import io.syncline.scheduler.run.ClaimedTask;
import io.syncline.scheduler.security.CallbackTokenProperties;
import io.syncline.scheduler.security.CallbackTokens;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.tracing.TraceContext;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes sync calls and cancel calls as the wire has them. */
@Component
final class SyncCall {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CallbackTokens callbackTokens;
    private final CallbackTokenProperties tokenProperties;
    private final PlatformTokens platform;

    SyncCall(CallbackTokens callbackTokens, CallbackTokenProperties tokenProperties, PlatformTokens platform) {
        this.callbackTokens = callbackTokens;
        this.tokenProperties = tokenProperties;
        this.platform = platform;
    }

    /** @param trace of the span that this call is */
    OutboundCall of(ClaimedTask claim, String trace) {
        var task = claim.task();
        return new OutboundCall(
                task.system(),
                task.path(),
                task.auth(),
                headers(claim.taskRunId(), claim.attempt(), trace),
                body(claim),
                task.callTimeout());
    }

    OutboundCall of(CancelCall cancel, String trace) {
        var task = cancel.task();
        return new OutboundCall(
                task.system(),
                Objects.requireNonNull(task.cancelPath(), "a cancel is pending only where there is a path"),
                task.auth(),
                headers(cancel.taskRunId(), cancel.attempt(), trace),
                body(cancel),
                task.callTimeout());
    }

    private static Map<String, String> headers(String taskRunId, int attempt, String trace) {
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json, application/problem+json");
        headers.put("Idempotency-Key", '"' + taskRunId + '.' + attempt + '"');
        headers.putAll(TraceContext.headers(trace));
        return headers;
    }

    private byte[] body(ClaimedTask claim) {
        var expiresAt = claim.deadline().plus(tokenProperties.grace());
        var out = new ByteArrayOutputStream(1024);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("runId", claim.runId());
            json.writeStringProperty("taskRunId", claim.taskRunId());
            json.writeNumberProperty("attempt", claim.attempt());
            json.writeNumberProperty("round", claim.round());
            json.writeStringProperty("group", claim.group());
            json.writeStringProperty("task", claim.task().key());
            json.writeName("businessKey");
            if (claim.businessKey() == null) {
                json.writeNull();
            } else {
                json.writeString(claim.businessKey());
            }
            json.writeName("parameters");
            json.writePOJO(parameters(claim));
            json.writeName("trigger");
            json.writeRawValue(claim.triggerBody());
            json.writeObjectPropertyStart("callback");
            json.writeStringProperty(
                    "url", platform.publicUrl() + "/api/v1/task-runs/" + claim.taskRunId() + "/callbacks");
            json.writeStringProperty("token", callbackTokens.issue(claim.taskRunId(), claim.attempt(), expiresAt));
            json.writeStringProperty("expiresAt", expiresAt.toString());
            json.writeEndObject();
            json.writeStringProperty("deadline", claim.deadline().toString());
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /**
     * The task's own parameters with those that its mapping makes; the same in every round of an attempt, because the mapping
     * sees nothing that changes between rounds.
     *
     * @throws MappingFailedException when the mapping gives none
     */
    private static Object parameters(ClaimedTask claim) {
        var task = claim.task();
        if (task.request() == null) {
            return task.parameters();
        }
        var input = JSON.createObjectNode();
        input.put("group", claim.group());
        input.put("task", task.key());
        if (claim.businessKey() != null) {
            input.put("businessKey", claim.businessKey());
        }
        ObjectNode fixed = JSON.valueToTree(task.parameters());
        input.set("parameters", fixed);
        input.set("trigger", JSON.readTree(claim.triggerBody()));
        var all = fixed.deepCopy();
        all.setAll(task.request().apply(input));
        return all;
    }

    private static byte[] body(CancelCall cancel) {
        var members = new java.util.LinkedHashMap<String, @Nullable Object>();
        members.put("runId", cancel.runId());
        members.put("taskRunId", cancel.taskRunId());
        members.put("attempt", cancel.attempt());
        members.put("group", cancel.group());
        members.put("task", cancel.task().key());
        members.put("businessKey", cancel.businessKey());
        members.put("reason", cancel.reason());
        return JSON.writeValueAsBytes(members);
    }
}
