package io.syncline.portal.groups;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/** Which groups the list shows, as it stands in the page's address. */
record GroupsFilter(
        @Nullable String text,
        @Nullable String label,
        @Nullable String owner,
        @Nullable String system,
        @Nullable String paused,
        @Nullable String cursor) {

    private static final String PATH = "/groups";
    private static final int PAGE_ROWS = 50;

    Map<String, String> conditions() {
        var set = new LinkedHashMap<String, String>();
        put(set, "text", text);
        put(set, "label", label);
        put(set, "owner", owner);
        put(set, "system", system);
        put(set, "paused", paused);
        return set;
    }

    public boolean isEmpty() {
        return conditions().isEmpty();
    }

    public boolean isFirstPage() {
        return cursor == null || cursor.isBlank();
    }

    Map<String, String> question() {
        var question = new LinkedHashMap<>(conditions());
        question.put("limit", Integer.toString(PAGE_ROWS));
        question.put("recent", "true");
        put(question, "cursor", cursor);
        return question;
    }

    public String addressOfFirstPage() {
        return address(conditions());
    }

    String addressOfPageAt(String nextCursor) {
        var values = conditions();
        values.put("cursor", nextCursor);
        return address(values);
    }

    /** One chip per filter: what it says, and the address of the list without it. */
    public List<Chip> chips() {
        return conditions().entrySet().stream()
                .map(set -> {
                    var others = conditions();
                    others.remove(set.getKey());
                    return new Chip(set.getKey(), set.getValue(), address(others));
                })
                .toList();
    }

    private static String address(Map<String, String> values) {
        var address = UriComponentsBuilder.fromPath(PATH);
        values.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(values).toUriString();
    }

    private static void put(Map<String, String> target, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            target.put(name, value.strip());
        }
    }

    record Chip(String name, String text, String addressWithout) {}
}
