package io.syncline.consumer.enrichment;

import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.OutputFolder;
import io.syncline.consumer.csv.PackedCsv.Written;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.enrichment.EnrichedManifest.Sum;
import io.syncline.consumer.enrichment.EnrichedOutput.Files;
import io.syncline.consumer.enrichment.FileColumn.Type;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.Reconciliation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sources and what was written once more, side by side, and compares them: each line of a source is in the
 * enriched files or in the rejects, once, in its order, and with the fields that it has. Nothing that the writer counted is
 * used.
 */
final class EnrichmentCheck {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final Enrichment enrichment;
    private final Inbox inbox;
    private final List<ExtractFile> sources;
    private final List<Integer> secondsAt = new ArrayList<>();
    private final long[] sourceSums;
    private final long[] enrichedSums;
    private final long[] rejectedSums;
    private long actual;
    private long missing;
    private long unexpected;
    private long different;

    EnrichmentCheck(Enrichment enrichment, Inbox inbox, List<ExtractFile> sources) {
        this.enrichment = enrichment;
        this.inbox = inbox;
        this.sources = sources;
        for (int i = 0; i < enrichment.columns().size(); i++) {
            if (enrichment.columns().get(i).type() == Type.SECONDS) {
                secondsAt.add(i);
            }
        }
        this.sourceSums = new long[secondsAt.size()];
        this.enrichedSums = new long[secondsAt.size()];
        this.rejectedSums = new long[secondsAt.size()];
    }

    /** How sources and output compare. */
    record Comparison(Reconciliation rows, Map<String, Sum> seconds) {

        boolean isBalanced() {
            return rows.isBalanced(0) && seconds.values().stream().allMatch(Sum::isBalanced);
        }
    }

    Comparison compare(OutputFolder folder, Files written) throws BadInputException, IOException {
        long expected = sources.stream().mapToLong(ExtractFile::rows).sum();
        try (var enriched = new WrittenRows(folder, written.enriched());
                var rejects = new WrittenRows(folder, List.of(written.rejects()))) {
            for (int file = 0; file < sources.size(); file++) {
                compare(file, enriched, rejects);
            }
            while (enriched.row() != null) {
                passed(enriched, enrichedSums, enriched.row());
            }
            while (rejects.row() != null) {
                passed(rejects, rejectedSums, List.of());
            }
        }
        return new Comparison(new Reconciliation(expected, actual, missing, unexpected, different), sums());
    }

    private void compare(int file, WrittenRows enriched, WrittenRows rejects) throws BadInputException, IOException {
        var source = sources.get(file);
        try (var lines = SourceLines.open(enrichment, source, inbox.path(source))) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                var fields = fields(line.text());
                add(sourceSums, fields, 0);
                skipUntil(enriched, file, line.number(), enrichedSums);
                skipUntil(rejects, file, line.number(), rejectedSums);
                boolean isEnriched = enriched.isAt(source.name(), line.number());
                boolean isRejected = rejects.isAt(source.name(), line.number());
                if (!isEnriched && !isRejected) {
                    missing++;
                }
                if (isEnriched) {
                    compare(enriched, fields);
                }
                if (isRejected) {
                    unexpected += isEnriched ? 1 : 0;
                    different += line.text().equals(text(rejects.known(), 4)) ? 0 : 1;
                    add(rejectedSums, fields(text(rejects.known(), 4)), 0);
                    actual++;
                    rejects.advance();
                }
            }
        }
    }

    private void compare(WrittenRows enriched, List<String> fields) throws IOException {
        var row = enriched.known();
        boolean same = fields.size() == enrichment.columns().size()
                && row.size() == enrichment.writtenColumns().size();
        for (int i = 0; same && i < fields.size(); i++) {
            same = fields.get(i).equals(text(row, i + 2));
        }
        different += same ? 0 : 1;
        add(enrichedSums, row, 2);
        actual++;
        enriched.advance();
    }

    /** Rows that stand before the line have no line of their own: they are there twice, or out of order. */
    private void skipUntil(WrittenRows rows, int file, long line, long[] sums) throws IOException {
        while (rows.row() != null && isBefore(rows.known(), file, line)) {
            passed(rows, sums, sums == enrichedSums ? rows.known() : List.of());
        }
    }

    private void passed(WrittenRows rows, long[] sums, @Nullable List<@Nullable String> row) throws IOException {
        if (row != null) {
            add(sums, row, 2);
        }
        actual++;
        unexpected++;
        rows.advance();
    }

    private boolean isBefore(List<@Nullable String> row, int file, long line) {
        var name = text(row, 0);
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).name().equals(name)) {
                return i < file || i == file && number(row) < line;
            }
        }
        return true;
    }

    private static long number(List<@Nullable String> row) {
        var number = text(row, 1);
        return SECONDS.matcher(number).matches() ? Long.parseLong(number) : -1;
    }

    /** The fields of a source's line, cut by another rule than the writer's where the line has no quotes. */
    private static List<String> fields(String line) {
        if (line.indexOf('"') < 0) {
            return Arrays.asList(line.split(",", -1));
        }
        var fields = LineFields.of(line);
        return fields == null ? List.of() : fields;
    }

    private void add(long[] sums, List<? extends @Nullable String> fields, int shift) {
        for (int i = 0; i < sums.length; i++) {
            int place = secondsAt.get(i) + shift;
            var field = place < fields.size() ? fields.get(place) : null;
            if (field != null && SECONDS.matcher(field).matches()) {
                sums[i] += Long.parseLong(field);
            }
        }
    }

    private Map<String, Sum> sums() {
        Map<String, Sum> sums = new LinkedHashMap<>();
        for (int i = 0; i < secondsAt.size(); i++) {
            sums.put(
                    enrichment.columns().get(secondsAt.get(i)).name(),
                    new Sum(sourceSums[i], enrichedSums[i], rejectedSums[i]));
        }
        return sums;
    }

    private static String text(List<@Nullable String> row, int place) {
        var field = place < row.size() ? row.get(place) : null;
        return field == null ? "" : field;
    }

    /** The rows of written files, one file after the other, without their headers. */
    private static final class WrittenRows implements AutoCloseable {

        private final OutputFolder folder;
        private final Iterator<Written> files;
        private @Nullable PlainCsv csv;
        private @Nullable List<@Nullable String> row;

        WrittenRows(OutputFolder folder, List<Written> files) throws IOException {
            this.folder = folder;
            this.files = files.iterator();
            advance();
        }

        /** The row at hand; null at the end. */
        @Nullable
        List<@Nullable String> row() {
            return row;
        }

        List<@Nullable String> known() {
            if (row == null) {
                throw new IllegalStateException("there is no row any more");
            }
            return row;
        }

        boolean isAt(String file, long line) {
            return row != null && text(row, 0).equals(file) && number(row) == line;
        }

        void advance() throws IOException {
            row = csv == null ? null : csv.next();
            while (row == null && files.hasNext()) {
                close();
                csv = new PlainCsv(folder.path(files.next().name()), FileForm.PLAIN);
                csv.next(); // the header
                row = csv.next();
            }
        }

        @Override
        public void close() throws IOException {
            if (csv != null) {
                csv.close();
            }
        }
    }
}
