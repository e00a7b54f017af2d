package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.run.CancelCall;
import io.syncline.scheduler.run.ClaimedTask;
import io.syncline.scheduler.security.CallbackTokenProperties;
import io.syncline.scheduler.security.CallbackTokens;
import io.syncline.scheduler.security.PlatformTokens;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

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

    OutboundCall of(ClaimedTask claim) {
        var task = claim.task();
        return new OutboundCall(
                task.system(),
                task.path(),
                task.auth(),
                headers(claim.taskRunId(), claim.attempt(), claim.traceparent()),
                body(claim),
                task.callTimeout());
    }

    OutboundCall of(CancelCall cancel) {
        var task = cancel.task();
        return new OutboundCall(
                task.system(),
                Objects.requireNonNull(task.cancelPath(), "a cancel is pending only where there is a path"),
                task.auth(),
                headers(cancel.taskRunId(), cancel.attempt(), cancel.traceparent()),
                body(cancel),
                task.callTimeout());
    }

    private static Map<String, String> headers(String taskRunId, int attempt, @Nullable String traceparent) {
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json, application/problem+json");
        headers.put("Idempotency-Key", '"' + taskRunId + '.' + attempt + '"');
        if (traceparent != null) {
            headers.put("traceparent", traceparent);
        }
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
            json.writePOJOProperty("parameters", claim.task().parameters());
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
