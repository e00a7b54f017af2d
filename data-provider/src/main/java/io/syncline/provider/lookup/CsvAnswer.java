package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.RowId;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * CSV as in RFC 4180, all records of one width. Two columns stand before those of the dataset, under names that no column
 * of a dataset has: {@code _found}, which is true, false, or end in the last record, and {@code _id}.
 */
final class CsvAnswer implements Answer {

    private final Dataset dataset;
    private final int[] key;
    private final Writer text;
    private final CSVPrinter csv;

    CsvAnswer(Dataset dataset, OutputStream out) throws IOException {
        this.dataset = dataset;
        this.key = dataset.keyPositions();
        this.text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 16 * 1024);
        this.csv = new CSVPrinter(text, CSVFormat.RFC4180);
        csv.print("_found");
        csv.print("_id");
        csv.printRecord(dataset.columnNames());
    }

    @Override
    public void row(@Nullable String[] cells) throws IOException {
        csv.print("true");
        csv.print(id(cells));
        csv.printRecord((Object[]) cells);
    }

    private String id(@Nullable String[] cells) {
        if (key.length == 1) {
            return String.valueOf(cells[key[0]]);
        }
        var parts = new ArrayList<String>(key.length);
        for (int place : key) {
            parts.add(String.valueOf(cells[place]));
        }
        return RowId.write(parts);
    }

    @Override
    public void notFound(String id) throws IOException {
        withoutCells("false", id);
    }

    @Override
    public void end(long rows, long notFound) throws IOException {
        withoutCells("end", "rows=" + rows + " notFound=" + notFound);
        text.flush();
    }

    private void withoutCells(String found, String id) throws IOException {
        csv.print(found);
        csv.print(id);
        csv.printRecord((Object[]) new @Nullable String[dataset.columns().size()]);
    }
}
