package io.syncline.portal.audit;

import io.syncline.portal.page.FieldDiff;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An entry of the log as a row.
 *
 * @param address from which it was done, where the entry says so
 * @param objectPath the page of the object; null: it has none
 * @param diff what changed, line by line
 * @param details what else was kept, as text
 */
record AuditRow(
        String auditId,
        Moment at,
        String actor,
        String how,
        String action,
        String objectKind,
        String objectKey,
        @Nullable String objectPath,
        @Nullable String reason,
        @Nullable String address,
        @Nullable String traceId,
        List<FieldDiff.Line> diff,
        @Nullable String details) {

    /** As the platform words where somebody came from. */
    private static final Pattern FROM =
            Pattern.compile("\\bfrom ((?:\\d{1,3}\\.){3}\\d{1,3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)");

    static AuditRow of(AuditEntry entry, Moments moments, JsonMapper json) {
        var tree = tree(entry.details(), json);
        var documents = tree != null && tree.isObject() && (tree.has("before") || tree.has("after")) ? tree : null;
        return new AuditRow(
                entry.auditId(),
                moments.of(entry.at()),
                entry.actor(),
                how(entry.how()),
                entry.action(),
                entry.objectKind(),
                entry.objectKey(),
                path(entry.objectKind(), entry.objectKey()),
                entry.reason(),
                address(entry.reason()),
                entry.traceId(),
                documents == null ? List.of() : FieldDiff.between(documents.get("before"), documents.get("after")),
                documents != null ? null : tree == null ? entry.details() : tree.toPrettyString());
    }

    private static @Nullable JsonNode tree(@Nullable String details, JsonMapper json) {
        if (details == null || !details.startsWith("{")) {
            return null;
        }
        try {
            return json.readTree(details);
        } catch (JacksonException aSentence) {
            return null;
        }
    }

    private static String how(@Nullable String how) {
        return how == null ? "-" : how;
    }

    private static @Nullable String address(@Nullable String reason) {
        var found = FROM.matcher(reason == null ? "" : reason);
        return found.find() ? found.group(1) : null;
    }

    private static @Nullable String path(String kind, String key) {
        return switch (kind) {
            case "run" -> "/runs/" + key;
            case "taskgroup", "group" -> "/groups/" + key;
            case "system" -> "/systems/" + key;
            case "alert" -> "/alerts/" + key;
            case "channel" -> "/alerts/channels/" + key;
            case "calendar" -> "/schedule/calendars/" + key;
            case "user" -> "unknown".equals(key) ? null : "/settings/users/" + key;
            default -> null;
        };
    }
}
