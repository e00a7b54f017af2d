package io.syncline.portal.settings;

import io.syncline.portal.groups.Documents;
import io.syncline.portal.settings.ConfigPlan.Change;
import io.syncline.portal.settings.ConfigPlan.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of one object. It begins with a word, which says the same as its sign and its colour.
 *
 * @param path of the object's page; null: there is none yet, or no longer
 * @param place of its document for a reader, from 1; null: it is deleted
 * @param more fields that are not shown
 */
record PlanRow(
        String word,
        String sign,
        String hue,
        String kind,
        String key,
        @Nullable String path,
        @Nullable Integer place,
        @Nullable Integer version,
        List<FieldRow> fields,
        int more,
        List<String> warnings) {

    /** Of all objects of a plan together. */
    private static final int MOST_FIELDS = 2_000;

    private static final int LONGEST = 4_000;
    private static final int MOST_LINES = 200;

    /** Said by the heading of the object. */
    private static final Set<String> NAMES = Set.of("/apiVersion", "/kind", "/key");

    record FieldRow(
            String word,
            String sign,
            String hue,
            String pointer,
            @Nullable String before,
            @Nullable String after) {}

    /** Those that change, or of which there is something to say. */
    static List<PlanRow> changing(ConfigPlan plan) {
        var rows = new ArrayList<PlanRow>();
        int room = MOST_FIELDS;
        for (var item : plan.items()) {
            if (!item.action().equals("UNCHANGED") || !item.warnings().isEmpty()) {
                var row = of(item, room);
                room -= row.fields.size();
                rows.add(row);
            }
        }
        return rows;
    }

    /** In one line each, for the question before the apply. */
    static List<String> lines(ConfigPlan plan) {
        var lines = new ArrayList<String>();
        for (var item : plan.items()) {
            if (!item.action().equals("UNCHANGED")) {
                lines.add("%s %s %s".formatted(word(item.action()), item.kind(), item.key()));
            }
        }
        if (lines.size() > MOST_LINES) {
            var more = lines.size() - MOST_LINES;
            lines.subList(MOST_LINES, lines.size()).clear();
            lines.add("and %d more".formatted(more));
        }
        return lines;
    }

    private static PlanRow of(Item item, int room) {
        var fields = fields(item);
        int shown = Math.min(fields.size(), room);
        var place = item.document();
        return new PlanRow(
                word(item.action()),
                sign(item.action()),
                hue(item.action()),
                item.kind(),
                item.key(),
                item.version() == null ? null : path(item.kind(), item.key()),
                place == null ? null : place + 1,
                item.version(),
                fields.subList(0, shown),
                fields.size() - shown,
                item.warnings());
    }

    /** The page of an object; null for a kind that this portal does not know. */
    static @Nullable String path(String kind, String key) {
        var page = switch (kind) {
            case "TaskGroup" -> "/groups/{key}";
            case "System" -> "/systems/{key}";
            case "Calendar" -> "/schedule/calendars/{key}";
            case "Channel" -> "/alerts/channels/{key}";
            default -> null;
        };
        return page == null
                ? null
                : UriComponentsBuilder.fromPath(page)
                        .encode()
                        .buildAndExpand(key)
                        .toUriString();
    }

    private static List<FieldRow> fields(Item item) {
        var fields = new ArrayList<FieldRow>();
        for (var change : item.changes()) {
            if (change.pointer().isEmpty()) {
                members(change, fields);
            } else {
                fields.add(field(change.pointer(), change.before(), change.after()));
            }
        }
        return fields;
    }

    /** A whole document that comes or goes, by its members. */
    private static void members(Change change, List<FieldRow> fields) {
        var whole = change.after() == null ? change.before() : change.after();
        if (whole == null || !whole.isObject()) {
            fields.add(field(change.pointer(), change.before(), change.after()));
            return;
        }
        whole.properties().forEach(member -> {
            var pointer = "/" + member.getKey().replace("~", "~0").replace("/", "~1");
            if (!NAMES.contains(pointer)) {
                fields.add(
                        change.after() == null
                                ? field(pointer, member.getValue(), null)
                                : field(pointer, null, member.getValue()));
            }
        });
    }

    private static FieldRow field(String pointer, @Nullable JsonNode before, @Nullable JsonNode after) {
        var word = before == null ? "added" : after == null ? "removed" : "changed";
        var action = before == null ? "CREATE" : after == null ? "DELETE" : "UPDATE";
        return new FieldRow(word, sign(action), hue(action), pointer, text(before), text(after));
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        var text = value.isContainer() ? Documents.yaml(value).stripTrailing() : value.asString("");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static String word(String action) {
        return switch (action) {
            case "CREATE" -> "create";
            case "UPDATE" -> "change";
            case "DELETE" -> "delete";
            default -> "keep";
        };
    }

    private static String sign(String action) {
        return switch (action) {
            case "CREATE" -> "+";
            case "UPDATE" -> "~";
            case "DELETE" -> "\u2212";
            default -> "=";
        };
    }

    private static String hue(String action) {
        return switch (action) {
            case "CREATE" -> "success";
            case "UPDATE" -> "attention";
            case "DELETE" -> "failed";
            default -> "neutral";
        };
    }
}
