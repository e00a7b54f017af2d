package io.syncline.provider.imports;

import io.syncline.provider.dataset.Column;
import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A CSV body (RFC 4180) with a header line that names the dataset's columns, in any order. Flaws are collected; where
 * the text stops being CSV it throws.
 */
final class CsvFile {

    /** What is done with each record; a batch's worth of them is in memory, never the file. */
    interface Sink {
        void take(ImportRow row) throws IOException;
    }

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).get();

    private final Dataset dataset;
    private final int maxRecordChars;
    private final boolean textIsBoundInBytes;

    CsvFile(Dataset dataset, int maxRecordChars, boolean textIsBoundInBytes) {
        this.dataset = dataset;
        this.maxRecordChars = maxRecordChars;
        this.textIsBoundInBytes = textIsBoundInBytes;
    }

    /** @return the records read, flawed ones included */
    long read(InputStream body, Flaws flaws, Sink sink) throws IOException {
        try (var parser = CSVParser.builder()
                .setReader(new CheckedText(body, dataset.form().charset(), maxRecordChars))
                .setFormat(FORMAT)
                .get()) {
            var records = parser.iterator();
            var header = next(records, 1);
            if (header == null) {
                flaws.add(1, null, "the body is empty; its first line names the columns", "no-header");
                return 0;
            }
            var positions = positions(header, flaws);
            if (!flaws.isEmpty()) {
                return 0;
            }
            return rows(parser, records, positions, flaws, sink);
        }
    }

    private long rows(CSVParser parser, Iterator<CSVRecord> records, int[] positions, Flaws flaws, Sink sink)
            throws IOException {
        long count = 0;
        while (!flaws.isFull()) {
            long line = parser.getCurrentLineNumber() + 1;
            var row = next(records, line);
            if (row == null) {
                break;
            }
            if (isEndMark(row) && !hasNext(records, line)) {
                break;
            }
            count++;
            if (row.size() != positions.length) {
                flaws.add(line, null, row.size() + " fields where " + positions.length + " are expected", "fields");
                continue;
            }
            var cells = cells(row, line, positions, flaws);
            if (cells != null) {
                sink.take(new ImportRow(line, cells));
            }
        }
        return count;
    }

    private static @Nullable CSVRecord next(Iterator<CSVRecord> records, long line) throws IOException {
        return hasNext(records, line) ? records.next() : null;
    }

    /** Programs of DOS and CP/M end their files with this character, alone behind the last line. */
    private static boolean isEndMark(CSVRecord row) {
        return row.size() == 1 && row.get(0).equals("\u001A");
    }

    private static boolean hasNext(Iterator<CSVRecord> records, long line) throws IOException {
        try {
            return records.hasNext();
        } catch (UncheckedIOException wrapped) {
            for (Throwable cause = wrapped; cause != null; cause = cause.getCause()) {
                if (cause instanceof UnreadableCsvException unreadable) {
                    throw unreadable;
                }
            }
            var cause = wrapped.getCause();
            if (cause instanceof org.apache.commons.csv.CSVException) {
                throw new UnreadableCsvException(line, "the record that begins here is no CSV: a quote is not closed");
            }
            throw cause;
        }
    }

    /** @return for each column of the dataset where it stands in the file */
    private int[] positions(CSVRecord header, Flaws flaws) {
        var found = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < header.size(); i++) {
            if (found.putIfAbsent(header.get(i), i) != null) {
                flaws.add(1, shown(header.get(i)), "the header names this column twice", "column-twice");
            }
        }
        var names = dataset.columnNames();
        for (var name : found.keySet()) {
            if (!names.contains(name)) {
                flaws.add(1, shown(name), "the dataset has no such column", "column-unknown");
            }
        }
        var positions = new int[names.size()];
        for (int i = 0; i < positions.length; i++) {
            var position = found.get(names.get(i));
            if (position == null) {
                flaws.add(1, names.get(i), "the header lacks this column", "column-missing");
            } else {
                positions[i] = position;
            }
        }
        return positions;
    }

    private @Nullable String @Nullable [] cells(CSVRecord row, long line, int[] positions, Flaws flaws) {
        var columns = dataset.columns();
        var cells = new @Nullable String[positions.length];
        boolean flawed = false;
        for (int i = 0; i < cells.length; i++) {
            var column = columns.get(i);
            var text = row.get(positions[i]);
            if (dataset.form().isNull(text)) {
                if (column.required() || dataset.key().contains(column)) {
                    flaws.add(line, column.name(), "a content is required", "required");
                    flawed = true;
                }
                continue;
            }
            var flaw = fault(column, text);
            if (flaw != null) {
                flaws.add(line, column.name(), flaw, "content");
                flawed = true;
            } else {
                var canonical = column.type().canonical(text);
                cells[i] = canonical.isEmpty() ? null : canonical;
            }
        }
        return flawed ? null : cells;
    }

    private @Nullable String fault(Column column, String text) {
        if (column.maxLength() > 0) {
            if (text.codePointCount(0, text.length()) > column.maxLength()) {
                return "longer than " + column.maxLength() + " characters";
            }
            // A character takes at most three bytes of UTF-8 for each char of Java.
            if (textIsBoundInBytes
                    && text.length() * 3L > column.maxLength()
                    && text.getBytes(StandardCharsets.UTF_8).length > column.maxLength()) {
                return "longer than " + column.maxLength() + " bytes of UTF-8";
            }
        }
        try {
            column.type().canonical(text);
            return null;
        } catch (IllegalArgumentException wrong) {
            return wrong.getMessage();
        }
    }

    /** A foreign header may hold anything; it is shown short. */
    private static String shown(String name) {
        return name.length() > 100 ? name.substring(0, 100) + "…" : name;
    }
}
