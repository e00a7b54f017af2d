package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the list shows, as it stands in the page's address: a copied address shows the same runs. Values go to the
 * platform as they were typed; it judges them, so that page and API never disagree. An address without any condition
 * shows the last day without skipped runs; {@code all} shows everything.
 *
 * @param group and state: any of them; with a {@code -} before it, none of them
 * @param within made so long ago at most, such as {@code PT24H}
 */
record RunFilter(
        @Nullable List<String> group,
        @Nullable List<String> state,
        @Nullable String businessKey,
        @Nullable String overdue,
        @Nullable String unresolved,
        @Nullable String within,
        @Nullable String from,
        @Nullable String to,
        @Nullable String all,
        @Nullable String cursor) {

    static final List<String> STATES = List.of("QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED");
    private static final String WITHOUT_SKIPPED = "-SKIPPED";
    private static final String DAY = "PT24H";
    private static final String WEEK = "P7D";
    private static final int PAGE_ROWS = 50;

    /** What may stand in the choice of states; several states are any of them. */
    List<Option> stateOptions() {
        var options = new ArrayList<Option>();
        options.add(new Option("", "any"));
        options.add(new Option(WITHOUT_SKIPPED, "all but SKIPPED"));
        options.add(new Option("QUEUED,RUNNING", "QUEUED or RUNNING"));
        STATES.forEach(one -> options.add(new Option(one, one)));
        return withChosen(options, chosenState());
    }

    static List<Option> withinOptions(String chosen) {
        return withChosen(
                List.of(
                        new Option("", "any time"),
                        new Option("PT1H", "last hour"),
                        new Option(DAY, "last 24 hours"),
                        new Option(WEEK, "last 7 days"),
                        new Option("P30D", "last 30 days")),
                chosen);
    }

    private static List<Option> withChosen(List<Option> options, String chosen) {
        if (options.stream().anyMatch(option -> option.value().equals(chosen))) {
            return options;
        }
        var more = new ArrayList<>(options);
        more.add(new Option(chosen, chosen));
        return more;
    }

    /** As the form's choice has it. */
    public String chosenState() {
        return String.join(",", values("state"));
    }

    public String chosenWithin() {
        return String.join("", values("within"));
    }

    public String chosenGroup() {
        return String.join(",", values("group"));
    }

    /** The filters that hold, blank ones left out, without the place in the list. */
    public List<Condition> conditions() {
        var typed = typed();
        return typed.isEmpty() && !"true".equals(all)
                ? List.of(new Condition("state", WITHOUT_SKIPPED), new Condition("within", DAY))
                : typed;
    }

    private List<Condition> typed() {
        return Stream.of(
                        each("group", group),
                        each("state", state),
                        each("businessKey", single(businessKey)),
                        each("overdue", single(overdue)),
                        each("unresolved", single(unresolved)),
                        each("within", single(within)),
                        each("from", single(from)),
                        each("to", single(to)))
                .flatMap(conditions -> conditions)
                .toList();
    }

    private static List<String> single(@Nullable String text) {
        return text == null ? List.of() : List.of(text);
    }

    private static Stream<Condition> each(String name, @Nullable List<String> values) {
        return values == null
                ? Stream.empty()
                : values.stream()
                        .filter(Objects::nonNull)
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .map(text -> new Condition(name, text));
    }

    private List<String> values(String name) {
        return conditions().stream()
                .filter(condition -> condition.name().equals(name))
                .map(Condition::text)
                .toList();
    }

    /** Whether this is what the page shows by itself. */
    public boolean isDefault() {
        return typed().isEmpty() && !"true".equals(all);
    }

    /** Whether there is no condition at all. */
    public boolean isEverything() {
        return conditions().isEmpty();
    }

    public boolean isFirstPage() {
        return cursor == null || cursor.isBlank();
    }

    /** As the platform takes it: times that were typed without an offset are of the reader's zone. */
    ApiCall question(Moments moments) {
        return conditioned(ApiCall.get("/api/v1/runs"), moments)
                .query("limit", PAGE_ROWS)
                .query("cursor", isFirstPage() ? null : cursor);
    }

    /** Of all pages of the list. */
    ApiCall histogramQuestion(Moments moments) {
        return conditioned(ApiCall.get("/api/v1/runs/histogram"), moments);
    }

    private ApiCall conditioned(ApiCall call, Moments moments) {
        for (var condition : conditions()) {
            var isTime = condition.name().equals("from") || condition.name().equals("to");
            call = call.query(condition.name(), isTime ? moments.toApi(condition.text()) : condition.text());
        }
        return call;
    }

    /**
     * The same runs and none that come later: times that move on are told from now.
     *
     * @return empty when a time cannot be told
     */
    Optional<RunFilter> frozen(Moments moments) {
        var ago = chosenWithin();
        var earliest = moments.toApi(String.join("", values("from")));
        var latest = moments.toApi(String.join("", values("to")));
        try {
            if (!ago.isEmpty()) {
                var since = moments.now().minus(Duration.parse(ago));
                earliest = earliest == null || Instant.parse(earliest).isBefore(since) ? since.toString() : earliest;
            }
        } catch (DateTimeException | ArithmeticException notToBeTold) {
            return Optional.empty();
        }
        return Optional.of(new RunFilter(
                values("group"),
                values("state"),
                String.join("", values("businessKey")),
                String.join("", values("overdue")),
                String.join("", values("unresolved")),
                null,
                earliest,
                latest == null ? moments.now().toString() : latest,
                "true",
                null));
    }

    /** As an order for many runs takes it; of a frozen one. */
    Map<String, Object> toOrder() {
        var members = new LinkedHashMap<String, Object>();
        for (var name : List.of("group", "state", "businessKey")) {
            if (!values(name).isEmpty()) {
                members.put(name, values(name));
            }
        }
        for (var name : List.of("overdue", "unresolved")) {
            if (!values(name).isEmpty()) {
                members.put(name, values(name).contains("true"));
            }
        }
        for (var name : List.of("from", "to")) {
            values(name).forEach(time -> members.put(name, time));
        }
        return members;
    }

    public String addressOfFirstPage() {
        return isDefault() ? "/runs" : address(conditions(), null);
    }

    public String addressOfPageAt(String nextCursor) {
        return isDefault()
                ? UriComponentsBuilder.fromPath("/runs")
                        .queryParam("cursor", "{cursor}")
                        .encode()
                        .buildAndExpand(nextCursor)
                        .toUriString()
                : address(conditions(), nextCursor);
    }

    /** Of this page. */
    public String address() {
        return cursor == null || isFirstPage() ? addressOfFirstPage() : addressOfPageAt(cursor);
    }

    /** The same list of a week. */
    public String addressOfWeek() {
        var wider = new ArrayList<>(conditions());
        wider.removeIf(condition -> condition.name().equals("within"));
        wider.add(new Condition("within", WEEK));
        return address(wider, null);
    }

    /** The same list of a span of time. */
    String addressOf(Instant begin, Instant end) {
        var others = new ArrayList<>(conditions());
        others.removeIf(condition -> List.of("within", "from", "to").contains(condition.name()));
        others.add(new Condition("from", begin.toString()));
        others.add(new Condition("to", end.toString()));
        return address(others, null);
    }

    /** Whether a longer time would show more. */
    public boolean isShort() {
        return List.of("PT1H", DAY).contains(chosenWithin());
    }

    /** One chip per condition: what it says, and the address of the list without it. */
    public List<Chip> chips() {
        var conditions = conditions();
        return conditions.stream()
                .map(condition -> {
                    var others = conditions.stream()
                            .filter(other -> !other.equals(condition))
                            .toList();
                    return new Chip(condition.label(), condition.words(), address(others, null));
                })
                .toList();
    }

    private String address(List<Condition> conditions, @Nullable String atCursor) {
        var address = UriComponentsBuilder.fromPath("/runs");
        var values = new ArrayList<String>();
        for (var condition : conditions) {
            address.queryParam(condition.name(), "{" + condition.name() + values.size() + "}");
            values.add(condition.text());
        }
        if (conditions.isEmpty()) {
            address.queryParam("all", "true");
        }
        if (atCursor != null) {
            address.queryParam("cursor", "{cursor}");
            values.add(atCursor);
        }
        return address.encode().buildAndExpand(values.toArray()).toUriString();
    }

    record Condition(String name, String text) {

        String label() {
            return switch (name) {
                case "businessKey" -> "business key";
                case "within" -> "received";
                default -> name;
            };
        }

        String words() {
            return switch (name) {
                case "within" ->
                    switch (text) {
                        case "PT1H" -> "last hour";
                        case DAY -> "last 24 hours";
                        case WEEK -> "last 7 days";
                        case "P30D" -> "last 30 days";
                        default -> "within " + text;
                    };
                case "group", "state" -> text.startsWith("-") ? "not " + text.substring(1) : text;
                default -> text;
            };
        }
    }

    record Option(String value, String words) {}

    record Chip(String name, String text, String addressWithout) {}
}
