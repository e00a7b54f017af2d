package io.syncline.systemtests.load;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Subscribers as a file that the provider's dataset {@code subscribers} can be loaded from: gzipped CSV with a header. */
public final class SubscriberFile {

    private SubscriberFile() {}

    /** Writes the first {@code rows} subscribers; the same ones give the same file. */
    public static Path write(Path file, Subscribers subscribers, int rows) throws IOException {
        try (var out = new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8),
                64 * 1024)) {
            out.write(String.join(",", Subscribers.COLUMNS));
            out.write('\n');
            for (int i = 0; i < rows; i++) {
                var row = subscribers.row(i);
                for (int column = 0; column < row.length; column++) {
                    var cell = row[column];
                    // No cell of a profile has a comma or a quote; one that had would be another row.
                    if (cell != null && (cell.indexOf(',') >= 0 || cell.indexOf('"') >= 0)) {
                        throw new IllegalArgumentException("a cell that needs quotes: " + cell);
                    }
                    out.write(cell == null ? "" : cell);
                    out.write(column + 1 < row.length ? ',' : '\n');
                }
            }
        }
        return file;
    }
}
