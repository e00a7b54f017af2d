package io.syncline.portal.audit;

import io.syncline.portal.page.Moments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the log shows, as it stands in the page's address.
 *
 * @param object a kind such as {@code run}, or one object as {@code run:018f…}
 */
record AuditFilter(
        @Nullable String actor,
        @Nullable String object,
        @Nullable String action,
        @Nullable String how,
        @Nullable String from,
        @Nullable String to,
        @Nullable String cursor) {

    static final List<String> ROADS = List.of("PORTAL", "API", "PLAN", "BULK", "SYSTEM");

    private Map<String, String> conditions() {
        var set = new LinkedHashMap<String, String>();
        put(set, "actor", actor);
        put(set, "object", object);
        put(set, "action", action);
        put(set, "how", how);
        put(set, "from", from);
        put(set, "to", to);
        return set;
    }

    public boolean isEmpty() {
        return conditions().isEmpty();
    }

    public boolean isFirstPage() {
        return cursor == null || cursor.isBlank();
    }

    /** As the platform takes it, without the place in the list. */
    Map<String, String> question(Moments moments) {
        var question = new LinkedHashMap<>(conditions());
        put(question, "from", moments.toApi(from));
        put(question, "to", moments.toApi(to));
        return question;
    }

    public String addressOfFirstPage() {
        return address("/audit", conditions());
    }

    public String addressOfPageAt(String nextCursor) {
        var values = new LinkedHashMap<>(conditions());
        values.put("cursor", nextCursor);
        return address("/audit", values);
    }

    /** The same entries as a file. */
    public String addressOfExport() {
        return address("/audit/export", conditions());
    }

    /** One chip per filter: what it says, and the address of the log without it. */
    public List<Chip> chips() {
        return conditions().entrySet().stream()
                .map(set -> {
                    var others = new LinkedHashMap<>(conditions());
                    others.remove(set.getKey());
                    return new Chip(set.getKey(), set.getValue(), address("/audit", others));
                })
                .toList();
    }

    private static String address(String path, Map<String, String> values) {
        var address = UriComponentsBuilder.fromPath(path);
        values.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(values).toUriString();
    }

    private static void put(Map<String, String> target, String name, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            target.put(name, text.strip());
        }
    }

    record Chip(String name, String text, String addressWithout) {}
}
