package io.syncline.portal.groups;

import io.syncline.portal.groups.Groups.Plan;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document of the editor with the platform's judgement.
 *
 * @param document null: the YAML is none
 * @param item what saving would change; null: it cannot be saved as it is
 * @param fires of the schedule as it is typed; null: there is none, or it is wrong
 */
record Checked(
        Editing editing,
        @Nullable ObjectNode document,
        Faults faults,
        Plan.@Nullable Item item,
        Groups.@Nullable FireTimes fires) {

    private static final String OF_FILES = "files manage it from now on";
    private static final int WAITS_SHOWN = 5;

    boolean isGood() {
        return faults.isEmpty() && document != null;
    }

    List<String> warnings() {
        return item == null || item.warnings() == null
                ? List.of()
                : item.warnings().stream()
                        .filter(warning -> !warning.contains(OF_FILES))
                        .toList();
    }

    /** When a call that fails is repeated, in words, by the group's own settings. */
    String waits() {
        var defaults = document == null ? Documents.object() : document.path("defaults");
        var first = duration(defaults, "/retry/backoff", Duration.ofSeconds(5));
        var most = duration(defaults, "/retry/maxBackoff", Duration.ofMinutes(5));
        var waits = new ArrayList<String>();
        var wait = first;
        for (int i = 0; i < WAITS_SHOWN && wait.compareTo(most) < 0; i++) {
            waits.add(Words.duration(wait));
            wait = wait.multipliedBy(2);
        }
        waits.add((wait.compareTo(most) < 0 ? "and so on up to " : "then always ") + Words.duration(most));
        return "A call that fails is repeated after about " + String.join(", ", waits) + ".";
    }

    private static Duration duration(JsonNode defaults, String pointer, Duration otherwise) {
        var iso = Words.text(defaults, pointer);
        try {
            var typed = iso == null ? otherwise : Duration.parse(iso);
            return typed.isNegative() || typed.isZero() || typed.toDays() > 366 ? otherwise : typed;
        } catch (DateTimeParseException wrong) {
            return otherwise;
        }
    }
}
