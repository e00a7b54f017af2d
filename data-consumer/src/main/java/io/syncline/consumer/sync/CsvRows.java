package io.syncline.consumer.sync;

import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.StrictQuotes;
import io.syncline.consumer.csv.TooMuchUnpackedException;
import io.syncline.consumer.csv.Unpacked;
import io.syncline.consumer.csv.UnreadableTextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file for the loader, one at a time. Fields that mean null are null. Whatever is wrong with the text is a
 * {@link BadExtractException} that names the row.
 */
final class CsvRows implements AutoCloseable {

    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final List<String> columns;
    private final FileForm form;
    private long rows;

    private CsvRows(CSVParser parser, Iterator<CSVRecord> records, List<String> columns, FileForm form) {
        this.parser = parser;
        this.records = records;
        this.columns = columns;
        this.form = form;
    }

    static CsvRows open(Path path, FileForm form) throws IOException {
        CSVParser parser;
        try {
            parser = CSVParser.builder()
                    .setReader(new StrictQuotes(Unpacked.open(path, form.charset())))
                    .setFormat(CSVFormat.RFC4180)
                    .get();
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw new BadExtractException("the file is no readable gzip file");
        }
        try {
            var records = parser.iterator();
            if (!hasNext(records, 0)) {
                throw new BadExtractException("the file has no header line");
            }
            var header = new ArrayList<String>();
            records.next().forEach(header::add);
            return new CsvRows(parser, records, ColumnNames.of(header), form);
        } catch (RuntimeException e) {
            parser.close();
            throw e;
        }
    }

    /** The columns, in the order of the file. */
    List<String> columns() {
        return columns;
    }

    /** Data rows read so far. */
    long rows() {
        return rows;
    }

    /** The next row's fields in the order of {@link #columns()}, or null at the end. */
    @Nullable
    String @Nullable [] next() {
        if (!hasNext(records, rows)) {
            return null;
        }
        var record = records.next();
        rows++;
        if (record.size() != columns.size()) {
            throw new BadExtractException(
                    "row %d has %d fields where the header has %d".formatted(rows, record.size(), columns.size()));
        }
        var fields = new @Nullable String[record.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = form.content(record.get(i));
        }
        return fields;
    }

    private static boolean hasNext(Iterator<CSVRecord> records, long rows) {
        try {
            return records.hasNext();
        } catch (UncheckedIOException e) {
            var cause = e.getCause();
            if (cause instanceof TooMuchUnpackedException bomb) {
                throw new BadExtractException("the file " + bomb.getMessage());
            }
            if (cause instanceof UnreadableTextException noText) {
                throw new BadExtractException("the text after row " + rows + " cannot be read: " + noText.getMessage());
            }
            var why = cause instanceof CSVException ? "is no valid CSV" : "cannot be read: the file ends too early";
            throw new BadExtractException("the text after row " + rows + " " + why);
        } catch (IllegalStateException e) {
            throw new BadExtractException("the text after row " + rows + " is no valid CSV");
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
