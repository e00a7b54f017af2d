package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.consumer.csv.FileForm;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {

    @TempDir
    Path folder;

    @Test
    void aRowWithAFieldTooManyIsNamedByItsNumber() throws IOException {
        var path = Files.writeString(folder.resolve("f.csv"), "id,name\r\n1,a\r\n2,b,c\r\n");

        try (var csv = CsvRows.open(path, FileForm.PLAIN)) {
            assertThat(csv.next()).containsExactly("1", "a");
            assertThatThrownBy(csv::next)
                    .isInstanceOf(BadExtractException.class)
                    .hasMessage("row 2 has 3 fields where the header has 2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,\"a\" ", "\"1\" ,a", "1,\"a\"\t\r\n", "1,\"a\"b"})
    void nothingBehindAClosingQuoteIsDroppedInSilence(String row) throws IOException {
        var path = Files.writeString(folder.resolve("f.csv"), "id,name\r\n0,z\r\n" + row);

        try (var csv = CsvRows.open(path, FileForm.PLAIN)) {
            assertThat(csv.next()).containsExactly("0", "z");
            assertThatThrownBy(csv::next)
                    .isInstanceOf(BadExtractException.class)
                    .hasMessage("the text after row 1 cannot be read: text behind a closing quote");
        }
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        var path =
                Files.write(folder.resolve("f.csv"), "id,name\r\n1,\u00e9\r\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> {
                    try (var csv = CsvRows.open(path, FileForm.PLAIN)) {
                        csv.next();
                    }
                })
                .isInstanceOf(BadExtractException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aFileThatUnpacksToFarMoreThanItsSizeIsRefusedOnTheWay() throws IOException {
        var path = folder.resolve("bomb.csv.gz");
        var blanks = new byte[1024 * 1024];
        Arrays.fill(blanks, (byte) '\n');
        try (var out = new GZIPOutputStream(Files.newOutputStream(path), 64 * 1024)) {
            out.write("id\r\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 100; i++) {
                out.write(blanks);
            }
        }

        assertThat(Files.size(path)).isLessThan(200_000);
        assertThatThrownBy(() -> {
                    try (var csv = CsvRows.open(path, FileForm.PLAIN)) {
                        while (csv.next() != null) {
                            // to its end
                        }
                    }
                })
                .isInstanceOf(BadExtractException.class)
                .hasMessageContaining("unpacks to more than");
    }

    @Test
    void rowsAreReadOneByOneHoweverManyThereAre() throws IOException {
        // 3 million rows of 30 bytes: as a whole they would not fit beside the rest of the tests' 1 GiB of memory as
        // lists of strings, and the file is read while only the first row is asked for.
        var path = folder.resolve("large.csv.gz");
        try (var out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(path), 64 * 1024), StandardCharsets.UTF_8)) {
            out.write("id,name\r\n");
            for (int i = 0; i < 3_000_000; i++) {
                out.write(Integer.toString(i));
                out.write(",the quick brown fox\r\n");
            }
        }

        long used = 0;
        try (var csv = CsvRows.open(path, FileForm.PLAIN)) {
            for (var row = csv.next(); row != null; row = csv.next()) {
                used += row.length;
            }
            assertThat(csv.rows()).isEqualTo(3_000_000);
        }
        assertThat(used).isEqualTo(6_000_000);
    }

    @Test
    void theContentHashTellsNullFromTextAndOneCutFromAnother() {
        var hash = new ContentHash();

        assertThat(hash.of(java.util.Arrays.asList("a", null))).isNotEqualTo(hash.of(List.of("a", "null")));
        assertThat(hash.of(List.of("ab", "c"))).isNotEqualTo(hash.of(List.of("a", "bc")));
        assertThat(hash.of(List.of("ab", "c"))).isEqualTo(hash.of(List.of("ab", "c")));
    }
}
