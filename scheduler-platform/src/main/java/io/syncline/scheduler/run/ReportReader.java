package io.syncline.scheduler.run;

import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.store.StorableText;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads status reports as a tolerant reader does: unknown members are ignored, but what it knows must have its type. An
 * unknown status is an error, never a success.
 */
public final class ReportReader {

    /** What was read; exactly one of report and errors is there, or neither when the body was no JSON. */
    public record Reading(
            @Nullable StatusReport report,
            List<Fault> faults,
            @Nullable JsonNode body) {

        /** Whether the body was a JSON object at all. */
        public boolean isReadable() {
            return body != null;
        }
    }

    /** @param pointer JSON pointer (RFC 6901) into the body */
    public record Fault(String pointer, String detail, String code) {}

    private static final int MAX_CALLBACK_ID = 256;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode root;
    private final List<Fault> faults = new ArrayList<>();

    private ReportReader(JsonNode root) {
        this.root = root;
    }

    /** @param needsIdentity whether {@code callbackId} and {@code attempt} must be there, as in a callback */
    public static Reading read(byte[] body, boolean needsIdentity) {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JacksonException e) {
            return new Reading(null, List.of(), null);
        }
        if (root == null || root.isMissingNode()) {
            return new Reading(null, List.of(), null);
        }
        if (!root.isObject()) {
            return new Reading(null, List.of(new Fault("", "must be an object", "wrong-type")), root);
        }
        var reader = new ReportReader(root);
        var report = reader.report(needsIdentity);
        return new Reading(reader.faults.isEmpty() ? report : null, List.copyOf(reader.faults), root);
    }

    private @Nullable StatusReport report(boolean needsIdentity) {
        var callbackId = text(root, "", "callbackId");
        var attempt = number(root, "", "attempt");
        if (callbackId != null && (callbackId.isBlank() || callbackId.length() > MAX_CALLBACK_ID)) {
            fault("/callbackId", "must have 1 to " + MAX_CALLBACK_ID + " characters", "invalid-length");
        } else if (callbackId != null && !StorableText.is(callbackId)) {
            fault("/callbackId", "has a character that no text can hold", "invalid-value");
        }
        if (attempt != null && (attempt < 1 || attempt > Integer.MAX_VALUE)) {
            fault("/attempt", "attempts are counted from 1", "out-of-range");
        }
        if (needsIdentity && callbackId == null && absent(root, "callbackId")) {
            fault("/callbackId", "is required: it makes sending again safe", "required");
        }
        if (needsIdentity && attempt == null && absent(root, "attempt")) {
            fault("/attempt", "is required: repeat the attempt of the sync call", "required");
        }
        var status = status();
        var sequence = number(root, "", "sequence");
        var message = text(root, "", "message");
        var retryable = flag("retryable");
        var progress = progress();
        var files = files();
        var reconciliation = reconciliation();
        var result = result();
        var occurredAt = time("occurredAt");
        if (!faults.isEmpty() || status == null) {
            return null;
        }
        return new StatusReport(
                callbackId,
                attempt == null ? null : attempt.intValue(),
                sequence,
                status,
                message,
                retryable,
                progress,
                files,
                reconciliation,
                result,
                occurredAt);
    }

    private @Nullable ReportStatus status() {
        if (absent(root, "status")) {
            fault("/status", "is required: RUNNING, COMPLETED or FAILED", "required");
            return null;
        }
        return constant(root, "", "status", ReportStatus.class);
    }

    private StatusReport.@Nullable Progress progress() {
        var node = object(root, "", "progress");
        return node == null
                ? null
                : new StatusReport.Progress(
                        number(node, "/progress", "done"),
                        number(node, "/progress", "total"),
                        text(node, "/progress", "unit"));
    }

    private @Nullable List<FileReport> files() {
        if (absent(root, "files")) {
            return null;
        }
        var node = root.get("files");
        if (!node.isArray()) {
            fault("/files", "must be an array", "wrong-type");
            return null;
        }
        var files = new ArrayList<FileReport>();
        for (int i = 0; i < node.size(); i++) {
            var pointer = "/files/" + i;
            var item = node.get(i);
            if (!item.isObject()) {
                fault(pointer, "must be an object", "wrong-type");
                continue;
            }
            var name = text(item, pointer, "name");
            var status = absent(item, "status") ? null : constant(item, pointer, "status", FileReport.Status.class);
            var expectedRows = number(item, pointer, "expectedRows");
            var actualRows = number(item, pointer, "actualRows");
            var expectedChecksum = text(item, pointer, "expectedChecksum");
            var actualChecksum = text(item, pointer, "actualChecksum");
            var error = text(item, pointer, "error");
            if (absent(item, "name")) {
                fault(pointer + "/name", "is required", "required");
            }
            if (absent(item, "status")) {
                fault(pointer + "/status", "is required: RUNNING, COMPLETED, FAILED or SKIPPED", "required");
            }
            if (name != null && status != null) {
                files.add(new FileReport(
                        name, status, expectedRows, actualRows, expectedChecksum, actualChecksum, error));
            }
        }
        return files;
    }

    private @Nullable Reconciliation reconciliation() {
        var node = object(root, "", "reconciliation");
        if (node == null) {
            return null;
        }
        var at = "/reconciliation";
        return new Reconciliation(
                number(node, at, "expectedRows"),
                number(node, at, "actualRows"),
                number(node, at, "missing"),
                number(node, at, "unexpected"),
                number(node, at, "different"));
    }

    @SuppressWarnings("unchecked")
    private @Nullable Map<String, @Nullable Object> result() {
        var node = object(root, "", "result");
        return node == null ? null : JSON.treeToValue(node, Map.class);
    }

    private @Nullable Instant time(String name) {
        var text = text(root, "", name);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            fault("/" + name, "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)", "invalid-value");
            return null;
        }
    }

    private static boolean absent(JsonNode parent, String name) {
        var node = parent.get(name);
        return node == null || node.isNull();
    }

    private @Nullable String text(JsonNode parent, String at, String name) {
        if (absent(parent, name)) {
            return null;
        }
        var node = parent.get(name);
        if (!node.isString()) {
            fault(at + "/" + name, "must be a string", "wrong-type");
            return null;
        }
        return node.stringValue();
    }

    private @Nullable Long number(JsonNode parent, String at, String name) {
        if (absent(parent, name)) {
            return null;
        }
        var node = parent.get(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            fault(at + "/" + name, "must be a whole number", "wrong-type");
            return null;
        }
        return node.longValue();
    }

    private @Nullable Boolean flag(String name) {
        if (absent(root, name)) {
            return null;
        }
        var node = root.get(name);
        if (!node.isBoolean()) {
            fault("/" + name, "must be true or false", "wrong-type");
            return null;
        }
        return node.booleanValue();
    }

    private @Nullable JsonNode object(JsonNode parent, String at, String name) {
        if (absent(parent, name)) {
            return null;
        }
        var node = parent.get(name);
        if (!node.isObject()) {
            fault(at + "/" + name, "must be an object", "wrong-type");
            return null;
        }
        return node;
    }

    private <E extends Enum<E>> @Nullable E constant(JsonNode parent, String at, String name, Class<E> type) {
        var text = text(parent, at, name);
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        fault(at + "/" + name, "unknown " + name + " '" + TaskRun.cut(text) + "'", "unknown-value");
        return null;
    }

    private void fault(String pointer, String detail, String code) {
        faults.add(new Fault(pointer, detail, code));
    }
}
