package io.syncline.portal.triggers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A correction as it stands in the form.
 *
 * @param data JSON; blank: as it came
 * @param key sent twice, the correction is carried out once
 */
record ResubmitForm(
        @Nullable String source,
        @Nullable String id,
        @Nullable String type,
        @Nullable String subject,
        @Nullable String time,
        @Nullable String data,
        @Nullable String reason,
        @Nullable String key) {

    static ResubmitForm of(TriggerView message, @Nullable String data, String key) {
        return new ResubmitForm(
                message.source(), message.id(), message.type(), message.subject(), message.time(), data, "", key);
    }

    ResubmitForm withKey(String another) {
        return new ResubmitForm(source, id, type, subject, time, data, reason, another);
    }

    /** What the platform is to change; an attribute that was emptied is taken away. */
    Map<String, Object> correction(TriggerView original, @Nullable JsonNode changedData) {
        var attributes = new LinkedHashMap<String, @Nullable Object>();
        put(attributes, "source", source, original.source());
        put(attributes, "id", id, original.id());
        put(attributes, "type", type, original.type());
        put(attributes, "subject", subject, original.subject());
        put(attributes, "time", time, original.time());
        var body = new LinkedHashMap<String, Object>();
        body.put("reason", reason == null ? "" : reason.strip());
        if (!attributes.isEmpty()) {
            body.put("attributes", attributes);
        }
        if (changedData != null) {
            body.put("data", changedData);
        }
        return body;
    }

    private static void put(
            Map<String, @Nullable Object> attributes, String name, @Nullable String typed, @Nullable String original) {
        var text = typed == null || typed.isBlank() ? null : typed.strip();
        if (!Objects.equals(text, original)) {
            attributes.put(name, text);
        }
    }
}
