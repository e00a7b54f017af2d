package io.syncline.consumer.sync;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.csv.UnreadableCsvException;
import io.syncline.consumer.csv.UnreadableTextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any file is read by the loader and by the reconciliation alike, or refused by both. */
class CsvFuzz {

    @FuzzTest(maxDuration = "1m")
    void aFile(byte[] bytes) throws IOException {
        if (bytes == null) {
            return;
        }
        var path = Files.createTempFile("fuzz", ".csv");
        try {
            Files.write(path, bytes);
            var columns = new int[1];
            var loaded = loaded(path, columns);
            if (loaded != null && !loaded.equals(reconciled(path, columns[0]))) {
                throw new AssertionError("loaded " + loaded + ", reconciled " + reconciled(path, columns[0]));
            }
        } finally {
            Files.delete(path);
        }
    }

    private static @Nullable List<List<@Nullable String>> loaded(Path path, int[] columns) throws IOException {
        var rows = new ArrayList<List<@Nullable String>>();
        try (var csv = CsvRows.open(path, FileForm.PLAIN)) {
            columns[0] = csv.columns().size();
            for (var row = csv.next(); row != null; row = csv.next()) {
                rows.add(Arrays.asList(row));
            }
            return rows;
        } catch (BadExtractException refused) {
            return null;
        }
    }

    private static @Nullable List<List<@Nullable String>> reconciled(Path path, int columns) throws IOException {
        var rows = new ArrayList<List<@Nullable String>>();
        try (var csv = new PlainCsv(path, FileForm.PLAIN)) {
            csv.next();
            for (var row = csv.next(); row != null; row = csv.next()) {
                if (row.size() != columns) {
                    return null;
                }
                rows.add(row);
            }
            return rows;
        } catch (UnreadableCsvException | UnreadableTextException refused) {
            return null;
        }
    }
}
