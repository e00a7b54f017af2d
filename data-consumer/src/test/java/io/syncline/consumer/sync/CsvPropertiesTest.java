package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.csv.UnreadableCsvException;
import io.syncline.consumer.csv.UnreadableTextException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loader's reader and that of the reconciliation read every drawn text alike, and both what was written. */
class CsvPropertiesTest {

    private static final int CASES = 1_500 * Integer.getInteger("syncline.seeds", 1);
    private static final List<String> LINE_ENDS = List.of("\n", "\r\n", "\r");
    private static final String CHARACTERS = "ab01 ,;\"'\n\r\té語\u2028\u0085\\#";
    private static final String JUNK = "ab,\"\" \n\r";

    @TempDir
    Path folder;

    /** The rows before the end, and whether the end was a refusal. */
    private record Outcome(List<List<@Nullable String>> rows, boolean refused) {}

    private static String text(Random random, String characters, int longest) {
        var points = characters.codePoints().toArray();
        var text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static String written(String field, Random random) {
        var needsQuotes = field.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0);
        return needsQuotes || random.nextInt(4) == 0 ? '"' + field.replace("\"", "\"\"") + '"' : field;
    }

    private Path file(String text, Random random) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) > 0) {
            return Files.write(folder.resolve("file.csv"), bytes);
        }
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return Files.write(folder.resolve("file.csv.gz"), packed.toByteArray());
    }

    private static Outcome loaded(Path path) throws IOException {
        var rows = new ArrayList<List<@Nullable String>>();
        try (var csv = CsvRows.open(path, FileForm.PLAIN)) {
            for (var row = csv.next(); row != null; row = csv.next()) {
                rows.add(Arrays.asList(row));
            }
            return new Outcome(rows, false);
        } catch (BadExtractException refused) {
            assertThat(refused).message().isNotBlank();
            return new Outcome(rows, true);
        }
    }

    private static Outcome reconciled(Path path, int columns) throws IOException {
        var rows = new ArrayList<List<@Nullable String>>();
        try (var csv = new PlainCsv(path, FileForm.PLAIN)) {
            csv.next();
            for (var row = csv.next(); row != null; row = csv.next()) {
                if (row.size() != columns) {
                    return new Outcome(rows, true);
                }
                rows.add(row);
            }
            return new Outcome(rows, false);
        } catch (UnreadableCsvException | UnreadableTextException refused) {
            assertThat(refused).message().isNotBlank();
            return new Outcome(rows, true);
        }
    }

    @Test
    void bothReadWhatWasWritten() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            int columns = 2 + random.nextInt(3);
            var lineEnd = LINE_ENDS.get(random.nextInt(LINE_ENDS.size()));
            var text = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
            var rows = new ArrayList<List<@Nullable String>>();
            for (int line = 0; line <= random.nextInt(6); line++) {
                var row = new ArrayList<@Nullable String>();
                for (int column = 0; column < columns; column++) {
                    var field = line == 0 ? "column_" + column : text(random, CHARACTERS, 8);
                    row.add(field.isEmpty() ? null : field);
                    text.append(column == 0 ? "" : ",").append(written(field, random));
                }
                if (line > 0) {
                    rows.add(row);
                }
                text.append(lineEnd);
            }
            if (random.nextBoolean()) {
                text.setLength(text.length() - lineEnd.length());
            }
            var path = file(text.toString(), random);

            assertThat(loaded(path)).as("seed %d: %s", seed, text).isEqualTo(new Outcome(rows, false));
            assertThat(reconciled(path, columns)).as("seed %d: %s", seed, text).isEqualTo(new Outcome(rows, false));
        }
    }

    @Test
    void bothMakeTheSameOfAnyText() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var text = "id,name\r\n" + text(random, JUNK, 14);
            var path = file(text, random);

            assertThat(reconciled(path, 2)).as("seed %d: %s", seed, text).isEqualTo(loaded(path));
        }
    }

    @Test
    void anyBytesAreReadOrRefusedAndNothingElse() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextInt(5) > 0) {
                    bytes[i] = (byte) JUNK.charAt(random.nextInt(JUNK.length()));
                }
            }
            var path = Files.write(folder.resolve("bytes.csv"), bytes);

            assertThat(loaded(path)).as("seed %d", seed).isNotNull();
            assertThat(reconciled(path, 2)).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void aColumnsNameIsItsOwn() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var name = ColumnNames.of(text(random, "aB1_ -.äDATEdate", 8));

            assertThat(ColumnNames.of(name)).as("seed %d", seed).isEqualTo(name);
            assertThat(name).matches("[a-z_][a-z0-9_]*");
        }
    }
}
