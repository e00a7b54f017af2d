package io.syncline.portal.triggers;

import io.syncline.portal.page.Moments;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the inbox shows, as it stands in the page's address. Values go to the platform as they were typed.
 *
 * @param status one of the platform's, or {@code DUPLICATE}: the messages that came more than once
 * @param within one of {@link #SPANS}; a time in {@code from} or {@code to} stands in its place
 */
record TriggerFilter(
        @Nullable String source,
        @Nullable String id,
        @Nullable String status,
        @Nullable String type,
        @Nullable String transport,
        @Nullable String within,
        @Nullable String from,
        @Nullable String to,
        @Nullable String cursor) {

    static final List<String> STATES =
            List.of("ACCEPTED", "DUPLICATE", "REJECTED", "CONFLICT", "VERIFYING", "DISCARDED");
    static final List<String> TRANSPORTS = List.of("REST", "WEBHOOK", "KAFKA", "SCHEDULE", "OPERATOR");

    /** From the shortest to all that is kept. */
    static final List<String> SPANS = List.of("24h", "7d", "35d", "any");

    private static final Map<String, Duration> LENGTHS =
            Map.of("24h", Duration.ofHours(24), "7d", Duration.ofDays(7), "35d", Duration.ofDays(35));
    private static final String PATH = "/triggers";
    private static final String DUPLICATE = "DUPLICATE";
    private static final int PAGE_ROWS = 50;

    /** The span in force; the first one unless another is chosen or times are typed. */
    public String span() {
        if (isBlank(from) && isBlank(to)) {
            return within != null && SPANS.contains(within) ? within : SPANS.get(0);
        }
        return "any";
    }

    public String spanInWords() {
        return switch (span()) {
            case "24h" -> "the last 24 h";
            case "7d" -> "the last 7 days";
            case "35d" -> "the last 35 days";
            default -> "these times";
        };
    }

    /** What narrows the list besides the span that is shown anyway. */
    public boolean isEmpty() {
        var set = conditions();
        set.remove("within");
        return set.isEmpty();
    }

    public boolean isFirstPage() {
        return isBlank(cursor);
    }

    /** As the platform takes it. */
    Map<String, String> question(Moments moments) {
        var question = new LinkedHashMap<String, String>();
        put(question, "source", source);
        put(question, "id", id);
        if (DUPLICATE.equals(status)) {
            question.put("copied", "true");
        } else {
            put(question, "status", status);
        }
        put(question, "type", type);
        put(question, "transport", transport);
        put(question, "from", begin(moments));
        put(question, "to", moments.toApi(to));
        question.put("limit", Integer.toString(PAGE_ROWS));
        put(question, "cursor", cursor);
        return question;
    }

    private @Nullable String begin(Moments moments) {
        var length = LENGTHS.get(span());
        return length == null
                ? moments.toApi(from)
                : moments.now().minus(length).toString();
    }

    public String addressOfFirstPage() {
        return address(conditions());
    }

    /** The next part begins where this one ended, so its times are those of this page and no longer relative. */
    String addressOfPageAt(String nextCursor, Moments moments) {
        var set = conditions();
        set.remove("within");
        put(set, "from", begin(moments));
        set.put("cursor", nextCursor);
        return address(set);
    }

    /** The same list over a longer span; null when it is all that is kept already. */
    public @Nullable String addressOfWider() {
        var set = conditions();
        set.remove("from");
        set.remove("to");
        if (span().equals("24h")) {
            set.put("within", "7d");
        } else if (span().equals("7d")) {
            set.put("within", "35d");
        } else if (conditions().equals(set)) {
            return null;
        } else {
            set.put("within", "any");
        }
        return address(set);
    }

    public String addressOfState(String state) {
        var set = conditions();
        set.remove("status");
        put(set, "status", state);
        return address(set);
    }

    /** One chip per filter: what it says, and the address of the list without it. */
    public List<Chip> chips() {
        return conditions().entrySet().stream()
                .map(set -> {
                    var others = conditions();
                    others.remove(set.getKey());
                    return new Chip(NAMES.getOrDefault(set.getKey(), set.getKey()), set.getValue(), address(others));
                })
                .toList();
    }

    private static final Map<String, String> NAMES =
            Map.of("id", "message id", "status", "state", "transport", "via", "within", "received within");

    private Map<String, String> conditions() {
        var set = new LinkedHashMap<String, String>();
        put(set, "source", source);
        put(set, "id", id);
        put(set, "status", status);
        put(set, "type", type);
        put(set, "transport", transport);
        if (isBlank(from) && isBlank(to) && !span().equals(SPANS.get(0))) {
            set.put("within", span());
        }
        put(set, "from", from);
        put(set, "to", to);
        return set;
    }

    private static String address(Map<String, String> values) {
        var address = UriComponentsBuilder.fromPath(PATH);
        values.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(values).toUriString();
    }

    private static void put(Map<String, String> target, String name, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            target.put(name, text.strip());
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    record Chip(String name, String text, String addressWithout) {}
}
