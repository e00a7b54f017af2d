package io.syncline.portal.alerts;

import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moments;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A silence as it was filled in. What is filled in of group, condition, system and label must all hold; a star stands for any
 * characters.
 *
 * @param from blank: at once
 */
record SilenceForm(
        @Nullable String group,
        @Nullable String condition,
        @Nullable String system,
        @Nullable String label,
        @Nullable String from,
        @Nullable String until,
        @Nullable String reason) {

    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Duration USUAL = Duration.ofHours(2);

    /** With an end filled in, as a page for a new one begins. */
    SilenceForm begun(Moments moments) {
        return new SilenceForm(
                group,
                condition,
                system,
                label,
                from,
                moments.typed(moments.now().plus(USUAL)),
                reason);
    }

    /** The fields that are filled in, in the order of the matchers that are sent. */
    private Map<String, String> matchers() {
        var filled = new LinkedHashMap<String, String>();
        put(filled, "group", group);
        put(filled, "condition", condition);
        put(filled, "system", system);
        put(filled, "label", label);
        return filled;
    }

    /** What the portal asks for beyond the platform. */
    FormFaults faults(Moments moments) {
        var faults = new ArrayList<FormFaults.Fault>();
        if (matchers().isEmpty()) {
            faults.add(new FormFaults.Fault(
                    "group",
                    "Fill in at least one of group, condition, system and label; * in one of them is everything."));
        }
        var end = instant(moments.toApi(until));
        if (end != null && end.isAfter(moments.now().plus(LONGEST))) {
            faults.add(new FormFaults.Fault("until", "The end lies within %d days.".formatted(LONGEST.toDays())));
        }
        return new FormFaults(faults);
    }

    Map<String, Object> body(Moments moments) {
        return body(moments, moments.toApi(until), reason == null ? "" : reason);
    }

    /** For a look ahead: what is not filled in yet does not stand in its way. */
    Map<String, Object> trial(Moments moments) {
        var end = moments.toApi(until);
        return body(
                moments,
                end == null ? moments.now().plus(USUAL).toString() : end,
                reason == null || reason.isBlank() ? "preview" : reason);
    }

    private Map<String, Object> body(Moments moments, @Nullable String end, String why) {
        var body = new LinkedHashMap<String, Object>();
        body.put(
                "matchers",
                matchers().entrySet().stream()
                        .map(matcher -> Map.of(
                                "of",
                                matcher.getKey(),
                                matcher.getValue().contains("*") ? "glob" : "equals",
                                matcher.getValue()))
                        .toList());
        put(body, "from", moments.toApi(from));
        put(body, "until", end);
        body.put("reason", why);
        return body;
    }

    /** The field that a member of the body came from. */
    @Nullable
    String fieldOf(String pointer) {
        if (pointer.startsWith("/matchers")) {
            var at = pointer.replaceFirst("^/matchers/?", "").replaceFirst("/.*$", "");
            var fields = List.copyOf(matchers().keySet());
            return at.matches("\\d") && Integer.parseInt(at) < fields.size()
                    ? fields.get(Integer.parseInt(at))
                    : "group";
        }
        return pointer.length() > 1 ? pointer.substring(1) : null;
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException refusedByThePlatform) {
            return null;
        }
    }

    private static void put(Map<String, ? super String> target, String name, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            target.put(name, text.strip());
        }
    }
}
