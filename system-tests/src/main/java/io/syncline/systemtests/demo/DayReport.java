package io.syncline.systemtests.demo;

import io.syncline.systemtests.csv.CsvTable;
import io.syncline.systemtests.csv.CsvTable.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a day's run came to, held against the source files: the file's own rows and its differences to the day before
 * are counted here, independently of the services.
 *
 * @param troubles why the day does not count as reconciled; empty when it does
 */
record DayReport(List<String> lines, List<String> troubles) {

    private static final String HEAD = "  %-20s %-10s %9s %9s %8s %11s %10s | %7s %7s %7s";

    static DayReport of(Day day, JsonNode run, Map<String, CsvTable> tables, Map<String, CsvTable> before) {
        var lines = new ArrayList<String>();
        var troubles = new ArrayList<String>();
        var state = run.path("state").asString("?");
        if (!state.equals("COMPLETED")) {
            troubles.add("the run is " + state);
        }
        lines.add(HEAD.formatted(
                "task",
                "state",
                "expected",
                "actual",
                "missing",
                "unexpected",
                "different",
                "added",
                "deleted",
                "changed"));
        for (var task : run.path("taskRuns")) {
            var name = task.path("task").asString("?");
            var balance = task.path("reconciliation");
            var result = task.path("result");
            lines.add(HEAD.formatted(
                    name,
                    task.path("state").asString("?"),
                    count(balance.path("expectedRows")),
                    count(balance.path("actualRows")),
                    count(balance.path("missing")),
                    count(balance.path("unexpected")),
                    count(balance.path("different")),
                    count(result.path("inserted")),
                    count(result.path("deleted")),
                    count(result.path("updated"))));
            if (!isEven(balance)) {
                troubles.add(name + " is not reconciled: " + (balance.isMissingNode() ? "no numbers" : balance));
            }
            if (task.hasNonNull("cause")) {
                lines.add("    cause " + task.path("cause").asString()
                        + (task.hasNonNull("message")
                                ? ": " + task.path("message").asString()
                                : ""));
            }
            var table = tables.get(name);
            if (table != null) {
                compare(name, table, before.get(name), balance, result, troubles);
            }
        }
        if (troubles.isEmpty()) {
            lines.add("  Every task is reconciled; rows and changes equal what the files of %s say."
                    .formatted(day.date()));
        }
        return new DayReport(lines, troubles);
    }

    private static void compare(
            String name,
            CsvTable table,
            @Nullable CsvTable before,
            JsonNode balance,
            JsonNode result,
            List<String> troubles) {
        if (balance.path("expectedRows").asLong(-1) != table.rows().size()) {
            troubles.add("%s: the file has %d rows, the reconciliation expected %s"
                    .formatted(name, table.rows().size(), balance.path("expectedRows")));
        }
        var told = new Difference(
                result.path("inserted").asInt(-1),
                result.path("deleted").asInt(-1),
                result.path("updated").asInt(-1));
        var counted = table.since(before);
        if (!told.equals(counted)) {
            troubles.add("%s: the consumer wrote %s, the files differ by %s".formatted(name, told, counted));
        }
    }

    private static boolean isEven(JsonNode balance) {
        return balance.path("expectedRows").isNumber()
                && balance.path("expectedRows").asLong()
                        == balance.path("actualRows").asLong(-1)
                && balance.path("missing").asLong(0) == 0
                && balance.path("unexpected").asLong(0) == 0
                && balance.path("different").asLong(0) == 0;
    }

    private static String count(JsonNode number) {
        return number.isNumber()
                ? String.format(Locale.ROOT, "%,d", number.asLong()).replace(',', ' ')
                : "-";
    }
}
