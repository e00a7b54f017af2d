package io.syncline.systemtests.history;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * I21: the files of an extract together are one snapshot, as its manifest says. I22: whoever reads the table that files are merged into
 * sees each file of a day whole or not at all and never an earlier day again; a file of one version is written once; and in the end the
 * table is what the source is.
 */
final class FileRules implements Rule {

    /** Between what the database calls the end of a run and the time of the harness. */
    private static final long INEXACT = Event.SECOND;

    @Override
    public void check(Facts facts, Findings findings) {
        facts.all("extract").forEach(extract -> snapshot(extract, facts, findings));
        table(facts, findings);
        for (Event merge : facts.all("merge")) {
            findings.looked("I22");
            // Every row differs from that of any other day.
            if (merge.number("written") != merge.number("rows") || merge.number("rows") != merge.number("rowsAgreed")) {
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
        } else if (Long.parseLong(days[0]) < imported(extract.number("asked"), facts)) {
            findings.violated(
                    "I21",
                    "extract %s is of day %s, and day %d had been imported before it was asked for",
                    extract.text("extract"),
                    days[0],
                    imported(extract.number("asked"), facts));
        }
    }

    /** The last day whose import had been answered by then. */
    private static long imported(long by, Facts facts) {
        return facts.of("import", "outcome", "ok").stream()
                .filter(one -> one.at() < by)
                .mapToLong(one -> one.number("day"))
                .max()
                .orElse(0);
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
        var ended = ended(facts);
        for (Event look : facts.all("tableLook")) {
            findings.looked("I22");
            var days = days(look.text("spans"));
            var files = LongStream.concat(days.keySet().stream().mapToLong(Long::longValue), LongStream.of(1))
                    .map(row -> (row - 1) / rowsPerFile);
            var most = LongStream.concat(files, LongStream.of(newest.size() - 1))
                    .max()
                    .orElse(0);
            var least = ended.headMap(look.number("asked") - INEXACT).values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            for (long file = 0; file <= most; file++) {
                var first = file * rowsPerFile + 1;
                file(first, first + rowsPerFile - 1, days, newest, least, facts, findings);
            }
        }
    }

    /** When the run of which day had ended. */
    private static NavigableMap<Long, Long> ended(Facts facts) {
        var ended = new TreeMap<Long, Long>();
        for (Event one : facts.of("import", "outcome", "ok")) {
            facts.of("message", "id", one.text("id")).stream()
                    .flatMap(message -> facts.of("run", "trigger", message.text("trigger")).stream())
                    .filter(run -> run.is("state", "COMPLETED"))
                    .forEach(run -> ended.merge(run.number("endedAt"), one.number("day"), Math::max));
        }
        return ended;
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

    /**
     * Rows that a day does not have are deleted behind its files, so those of an earlier one may still be there.
     *
     * @param least the last day whose run had ended before
     */
    private static void file(
            long first,
            long last,
            Map<Long, Long> days,
            Map<Long, Long> newest,
            long least,
            Facts facts,
            Findings findings) {
        long day = days.getOrDefault(first, 0L);
        long rows = rows(Long.toString(day), facts);
        for (long row = first; row <= last; row++) {
            long of = days.getOrDefault(row, 0L);
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
        long before = newest.getOrDefault(first, 0L);
        if (day < before) {
            findings.violated("I22", "row %d was seen of day %d after it had been of day %d", first, day, before);
        } else if (day < least) {
            findings.violated("I22", "row %d was seen of day %d after the run of day %d had ended", first, day, least);
        }
        newest.put(first, Math.max(day, before));
    }

    /** The last day that was answered is there, whole, at both ends. */
    private static void same(Facts facts, Findings findings) {
        var last = Long.toString(imported(Long.MAX_VALUE, facts));
        for (Event content : facts.all("content")) {
            findings.looked("I22");
            if (content.number("rows") != rows(last, facts)
                    || !content.is("first", last)
                    || !content.is("last", last)) {
                findings.violated(
                        "I22",
                        "in the end the %s has %d rows of the days %s to %s, and the last day is %s",
                        content.text("service"),
                        content.number("rows"),
                        content.text("first"),
                        content.text("last"),
                        last);
            }
        }
        var sums = facts.all("content").stream()
                .map(one -> one.text("sum"))
                .distinct()
                .toList();
        if (sums.size() > 1) {
            findings.violated("I22", "in the end source and target have other rows");
        }
    }
}
