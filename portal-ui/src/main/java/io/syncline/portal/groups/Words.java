package io.syncline.portal.groups;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Definitions in words. */
final class Words {

    private Words() {}

    /** {@code PT26H} as {@code 26 h}, {@code PT90S} as {@code 1 min 30 s}; what is no duration stays as it is. */
    static String duration(String iso) {
        try {
            return duration(Duration.parse(iso));
        } catch (DateTimeParseException noDuration) {
            return iso;
        }
    }

    static String duration(Duration span) {
        if (span.isZero()) {
            return "0 s";
        }
        var parts = new ArrayList<String>();
        var hours = span.toHours();
        if (hours >= 48 && hours % 24 == 0) {
            parts.add(hours / 24 + " d");
            hours = 0;
        }
        add(parts, hours, "h");
        add(parts, span.toMinutesPart(), "min");
        add(parts, span.toSecondsPart(), "s");
        add(parts, span.toMillisPart(), "ms");
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, long count, String unit) {
        if (count > 0) {
            parts.add(count + " " + unit);
        }
    }

    static String schedule(String cron, @Nullable String zone, @Nullable String calendar) {
        return CronWords.of(cron) + ", " + (zone == null ? "UTC" : zone)
                + (calendar == null ? "" : ", not on days of the calendar " + calendar);
    }

    /** The text at a pointer; null where there is none. */
    static @Nullable String text(JsonNode document, String pointer) {
        var node = document.at(pointer);
        return node.isMissingNode() || node.isNull() || node.isContainer() ? null : node.asString("");
    }

    /** What a new run does while another one of its key is active. */
    static String whenActive(@Nullable String policy, @Nullable String maxActive) {
        return switch (policy == null ? "QUEUE" : policy) {
            case "QUEUE" -> "While a run of the same ordering key is active, the next one waits for it.";
            case "MERGE_LATEST" ->
                "While a run of the same ordering key is active, only the newest of those that wait is started after it.";
            case "SKIP" -> "While a run of the same ordering key is active, further ones are skipped.";
            case "PARALLEL" ->
                "Runs go on beside each other, %s at a time.".formatted(maxActive == null ? "10" : maxActive);
            case "CANCEL_THEN_START" ->
                "A new run cancels the active one of its ordering key and starts when that has ended.";
            default -> "While a run is active: " + policy + ".";
        };
    }
}
