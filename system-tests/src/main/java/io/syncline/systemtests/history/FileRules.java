package io.syncline.systemtests.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I21: the files of an extract together are one snapshot, as its manifest says. I22: whoever reads the table that files are merged into
 * sees each file of a day whole or not at all and never an earlier day again; a file of one version is written once; and in the end the
 * table is what the source is.
 */
final class FileRules implements Rule {

    @Override
    public void check(Facts facts, Findings findings) {
        facts.all("extract").forEach(extract -> snapshot(extract, facts, findings));
        table(facts, findings);
        for (Event merge : facts.all("merge")) {
            findings.looked("I22");
            if (merge.number("written") > merge.number("rows") || merge.number("rows") != merge.number("rowsAgreed")) {
                findings.violated(
                        "I22",
                        "file %d of the version of %s: %d rows agreed, %d read, %d written",
                        merge.number("file"),
                        merge.text("version"),
                        merge.number("rowsAgreed"),
                        merge.number("rows"),
                        merge.number("written"));
            }
        }
        same(facts, findings);
    }

    private static void snapshot(Event extract, Facts facts, Findings findings) {
        findings.looked("I21");
        var days = extract.text("days").split(" ");
        var rows = days.length == 1 ? rows(days[0], facts) : -1;
        if (!extract.flag("asInManifest")
                || days.length != 1
                || extract.number("rows") != rows
                || extract.number("rowsRead") != rows
                || extract.number("distinct") != rows) {
            findings.violated(
                    "I21",
                    "extract %s of %d rows (the day has %d) was read as %d rows, %d of them distinct, of the days %s; its files"
                            + " are%s what its manifest says",
                    extract.text("extract"),
                    extract.number("rows"),
                    rows,
                    extract.number("rowsRead"),
                    extract.number("distinct"),
                    extract.text("days"),
                    extract.flag("asInManifest") ? "" : " not");
        }
    }

    /** How many rows a day has; -1 for one that was never imported. */
    private static long rows(String day, Facts facts) {
        return facts.one("import", "day", day).map(one -> one.number("rows")).orElse(-1L);
    }

    private static void table(Facts facts, Findings findings) {
        var newest = new HashMap<Long, Long>();
        var imports = facts.all("import");
        if (imports.isEmpty()) {
            return;
        }
        var rowsPerFile = imports.get(0).number("rowsPerFile");
        for (Event look : facts.all("tableLook")) {
            findings.looked("I22");
            var days = days(look.text("spans"));
            var most = days.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
            for (long first = 1; first <= most; first += rowsPerFile) {
                file(first, first + rowsPerFile - 1, days, newest, facts, findings);
            }
        }
    }

    /** The day of each row, by its number. */
    private static Map<Long, Long> days(String spans) {
        var days = new HashMap<Long, Long>();
        for (String span : spans.isEmpty() ? new String[0] : spans.split(" ")) {
            var parts = span.split("[-:]");
            for (long row = Long.parseLong(parts[0]); row <= Long.parseLong(parts[1]); row++) {
                days.put(row, Long.parseLong(parts[2]));
            }
        }
        return days;
    }

    /** Rows that a day does not have are deleted behind its files, so those of an earlier one may still be there. */
    private static void file(
            long first, long last, Map<Long, Long> days, Map<Long, Long> newest, Facts facts, Findings findings) {
        var day = days.getOrDefault(first, 0L);
        var rows = rows(Long.toString(day), facts);
        for (long row = first; row <= last; row++) {
            var of = days.getOrDefault(row, 0L);
            if (row <= rows ? of != day : of >= Math.max(day, 1)) {
                findings.violated(
                        "I22",
                        "row %d was seen of day %d, beside row %d of day %d of the same file",
                        row,
                        of,
                        first,
                        day);
                return;
            }
        }
        var before = newest.getOrDefault(first, 0L);
        if (day < before) {
            findings.violated("I22", "row %d was seen of day %d after it had been of day %d", first, day, before);
        }
        newest.put(first, Math.max(day, before));
    }

    private static void same(Facts facts, Findings findings) {
        var source = facts.one("content", "service", "provider");
        var target = facts.one("content", "service", "consumer");
        if (source.isPresent() && target.isPresent()) {
            findings.looked("I22");
            if (!List.of(source.get().number("rows"), source.get().text("sum"))
                    .equals(List.of(target.get().number("rows"), target.get().text("sum")))) {
                findings.violated(
                        "I22",
                        "in the end the source has %d rows and the target %d, or others",
                        source.get().number("rows"),
                        target.get().number("rows"));
            }
        }
    }
}
