package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.Silences;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code {"matchers": [{"of": "group", "equals": "…"} or {"of": "system", "glob": "shop-*"}], "from", "until", "reason"}}; without {@code from} at once. */
record SilenceBody(
        List<Silences.Matcher> matchers, @Nullable Instant from, Instant until, String reason) {

    private static final Set<String> KINDS = Set.of("group", "condition", "system", "label");
    private static final int MOST_MATCHERS = 20;
    private static final int LONGEST_PATTERN = 200;

    static SilenceBody read(ActionBody body) {
        body.knows("matchers", "from", "until", "reason");
        var reason = body.reason();
        var from = time(body, "from");
        var until = until(body);
        var matchers = matchers(body);
        body.valid();
        return new SilenceBody(matchers, from, until, reason);
    }

    private static Instant until(ActionBody body) {
        if (body.member("until") == null) {
            body.error("/until", "is missing: a time such as 2026-11-20T02:30:00Z", "missing");
        }
        var until = time(body, "until");
        return until == null ? Instant.EPOCH : until;
    }

    private static @Nullable Instant time(ActionBody body, String member) {
        var text = body.member(member) == null ? null : body.text(member, 100);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            body.error("/" + member, "is a time such as 2026-11-20T02:30:00Z", "invalid-value");
            return null;
        }
    }

    private static List<Silences.Matcher> matchers(ActionBody body) {
        var list = body.member("matchers");
        var matchers = new ArrayList<Silences.Matcher>();
        if (list == null || !list.isArray() || list.isEmpty() || list.size() > MOST_MATCHERS) {
            body.error("/matchers", "is required: a list of 1 to " + MOST_MATCHERS + " matchers", "invalid-value");
            return matchers;
        }
        for (int i = 0; i < list.size(); i++) {
            var matcher = matcher(list.get(i), "/matchers/" + i, body);
            if (matcher != null) {
                matchers.add(matcher);
            }
        }
        return matchers;
    }

    private static Silences.@Nullable Matcher matcher(JsonNode node, String pointer, ActionBody body) {
        if (!node.isObject()) {
            body.error(pointer, "must be an object with 'of' and either 'equals' or 'glob'", "wrong-type");
            return null;
        }
        for (var name : node.propertyNames()) {
            if (!Set.of("of", "equals", "glob").contains(name)) {
                body.error(pointer + "/" + name, "is not known here", "unknown-member");
            }
        }
        var of = node.path("of");
        if (!of.isString() || !KINDS.contains(of.stringValue())) {
            body.error(pointer + "/of", "is one of " + new TreeSet<>(KINDS), "invalid-value");
            return null;
        }
        var equals = text(node, "equals", pointer, body);
        var glob = text(node, "glob", pointer, body);
        if ((equals == null) == (glob == null)) {
            body.error(pointer, "has either 'equals' or 'glob'", "invalid-value");
            return null;
        }
        return new Silences.Matcher(of.stringValue(), equals, glob);
    }

    private static @Nullable String text(JsonNode node, String name, String pointer, ActionBody body) {
        var value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()
                || value.stringValue().isBlank()
                || value.stringValue().length() > LONGEST_PATTERN) {
            body.error(pointer + "/" + name, "has 1 to " + LONGEST_PATTERN + " characters", "invalid-value");
            return null;
        }
        return value.stringValue();
    }
}
