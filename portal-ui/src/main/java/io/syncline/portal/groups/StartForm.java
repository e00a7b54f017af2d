package io.syncline.portal.groups;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What starts a group by hand, or tries one of its tasks: as typed. */
record StartForm(
        @Nullable String businessKey,
        @Nullable String partitionKey,
        @Nullable String data,
        @Nullable String reason,
        @Nullable String key) {

    static StartForm empty() {
        return new StartForm(null, null, null, null, UUID.randomUUID().toString());
    }

    /** What comes after it is another call. */
    StartForm withFreshKey() {
        return new StartForm(
                businessKey, partitionKey, data, reason, UUID.randomUUID().toString());
    }

    /** Sent twice, it is carried out once. */
    public String once() {
        return key == null || key.isBlank() ? UUID.randomUUID().toString() : key;
    }

    /** What the portal itself must be able to read before anything is sent. */
    List<FormFault> faults() {
        var faults = new ArrayList<FormFault>();
        if (reason == null || reason.isBlank()) {
            faults.add(new FormFault("reason", "Say why: the reason is kept in the audit log."));
        }
        if (JsonField.of(data).isWrong()) {
            faults.add(new FormFault("data", "The data are not JSON."));
        }
        return faults;
    }

    Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        put(body, "reason", reason);
        put(body, "businessKey", businessKey);
        put(body, "partitionKey", partitionKey);
        var json = JsonField.of(data).value();
        if (json != null) {
            body.put("data", json);
        }
        return body;
    }

    private static void put(Map<String, Object> body, String name, @Nullable String typed) {
        if (typed != null && !typed.isBlank()) {
            body.put(name, typed.strip());
        }
    }
}
