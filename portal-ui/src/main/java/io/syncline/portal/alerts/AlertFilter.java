package io.syncline.portal.alerts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the list shows, as it stands in the page's address.
 *
 * @param state blank: what is firing; {@code all}, or a state of the platform
 */
record AlertFilter(
        @Nullable String state,
        @Nullable String group,
        @Nullable String condition,
        @Nullable String cursor) {

    static final List<String> CONDITIONS = List.of(
            "FAILED",
            "REFUSED",
            "TIMED_OUT",
            "REPORTED_FAILED",
            "RECONCILIATION_MISMATCH",
            "RECONCILIATION_MISSING",
            "OVERDUE",
            "SILENT",
            "START_LATE",
            "NO_ANSWER",
            "UNREADABLE_REPLY",
            "CONFLICT",
            "UNCONFIRMED",
            "REJECTED_TRIGGER",
            "EXPECTED_TRIGGER_MISSING",
            "FRESHNESS",
            "NODE_LOST",
            "QUEUE_BACKLOG",
            "DEAD_LETTER",
            "CREDENTIAL_EXPIRING");

    private static final String ALL = "all";

    public boolean isFiring() {
        return !isSet(state);
    }

    public boolean isEmpty() {
        return isFiring() && !isSet(group) && !isSet(condition);
    }

    public boolean isFirstPage() {
        return !isSet(cursor);
    }

    /** The values of {@code state} that the platform is asked for. */
    List<String> states() {
        if (state == null || state.isBlank()) {
            return List.of("OPEN", "ACKNOWLEDGED");
        }
        return state.equals(ALL) ? List.of() : List.of(state);
    }

    public String addressOfPageAt(String nextCursor) {
        return address(nextCursor);
    }

    public String addressOfFirstPage() {
        return address(null);
    }

    private String address(@Nullable String atCursor) {
        var set = new LinkedHashMap<String, String>();
        put(set, "state", state);
        put(set, "group", group);
        put(set, "condition", condition);
        put(set, "cursor", atCursor);
        var address = UriComponentsBuilder.fromPath("/alerts");
        set.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(set).toUriString();
    }

    private static void put(Map<String, String> target, String name, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            target.put(name, text.strip());
        }
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
