package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the list shows, as it stands in the page's address: a copied address shows the same runs. Values go to the
 * platform as they were typed; it judges them, so that page and API never disagree.
 */
record RunFilter(
        @Nullable String group,
        @Nullable String state,
        @Nullable String businessKey,
        @Nullable String overdue,
        @Nullable String from,
        @Nullable String to,
        @Nullable String cursor) {

    static final List<String> STATES = List.of("QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED");
    private static final int PAGE_ROWS = 50;

    /** The filters alone, blank ones left out, without the place in the list. */
    public Map<String, String> conditions() {
        var set = new LinkedHashMap<String, String>();
        put(set, "group", group);
        put(set, "state", state);
        put(set, "businessKey", businessKey);
        put(set, "overdue", overdue);
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

    /** As the platform takes it: times that were typed without an offset are of the reader's zone. */
    Map<String, String> question(Moments moments) {
        var question = new LinkedHashMap<>(conditions());
        put(question, "from", moments.toApi(from));
        put(question, "to", moments.toApi(to));
        question.put("limit", Integer.toString(PAGE_ROWS));
        put(question, "cursor", cursor);
        return question;
    }

    public String addressOfFirstPage() {
        return address(null, null);
    }

    public String addressOfPageAt(String nextCursor) {
        return address(nextCursor, null);
    }

    /** One chip per filter: what it says, and the address of the list without it. */
    public List<Chip> chips() {
        return conditions().entrySet().stream()
                .map(set -> new Chip(set.getKey(), set.getValue(), address(null, set.getKey())))
                .toList();
    }

    private String address(@Nullable String atCursor, @Nullable String without) {
        var address = UriComponentsBuilder.fromPath("/runs");
        var values = new LinkedHashMap<>(conditions());
        values.remove(without);
        if (atCursor != null) {
            values.put("cursor", atCursor);
        }
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
