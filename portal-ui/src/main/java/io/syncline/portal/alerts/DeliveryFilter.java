package io.syncline.portal.alerts;

import io.syncline.portal.platform.ApiCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Which messages a list shows, as it stands in the page's address.
 *
 * @param state blank: those that are not delivered
 */
record DeliveryFilter(
        @Nullable String state,
        @Nullable String channel,
        @Nullable String lastCause,
        @Nullable String cursor) {

    static final String DEAD = "DEAD";
    static final String WAITING = "PENDING";

    record Option(String value, String words) {}

    static final List<Option> STATES = List.of(
            new Option("", "not delivered"),
            new Option(DEAD, "given up"),
            new Option(WAITING, "waiting"),
            new Option("SENT", "sent"));

    public boolean isEmpty() {
        return conditions().isEmpty();
    }

    public boolean isFirstPage() {
        return cursor == null || cursor.isBlank();
    }

    /** One chip per filter: what it says, and the address of the list without it. */
    record Chip(String name, String text, String addressWithout) {}

    public List<Chip> chips() {
        return conditions().entrySet().stream()
                .map(set -> {
                    var others = conditions();
                    others.remove(set.getKey());
                    return new Chip(words(set.getKey()), text(set.getValue()), address(others));
                })
                .toList();
    }

    private static String words(String name) {
        return name.equals("lastCause") ? "last trouble" : name;
    }

    private static String text(String value) {
        return STATES.stream()
                .filter(option -> option.value().equals(value))
                .map(Option::words)
                .findFirst()
                .orElse(value);
    }

    ApiCall question(int rows) {
        return ApiCall.get("/api/v1/deliveries")
                .query(conditions())
                .query("limit", rows)
                .query("cursor", cursor);
    }

    public String address() {
        var values = conditions();
        put(values, "cursor", cursor);
        return address(values);
    }

    public String addressOfFirstPage() {
        return address(conditions());
    }

    String addressOfPageAt(String nextCursor) {
        var values = conditions();
        values.put("cursor", nextCursor);
        return address(values);
    }

    private Map<String, String> conditions() {
        var set = new LinkedHashMap<String, String>();
        put(set, "state", state);
        put(set, "channel", channel);
        put(set, "lastCause", lastCause);
        return set;
    }

    private static String address(Map<String, String> values) {
        return address("/delivery/messages", values);
    }

    /** Of a page of this part of the portal; blank values are left out. */
    static String address(String path, Map<String, String> values) {
        var address = UriComponentsBuilder.fromPath(path);
        values.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(values).toUriString();
    }

    private static void put(Map<String, String> target, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            target.put(name, value.strip());
        }
    }
}
