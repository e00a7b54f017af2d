package io.syncline.consumer.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainCsvTest {

    @TempDir
    Path folder;

    @Test
    void quotesCommasAndLineBreaksInsideAFieldAreItsContent() throws IOException {
        assertThat(read("a,\"b, \"\"c\"\"\r\nd\",e\r\n")).containsExactly(List.of("a", "b, \"c\"\r\nd", "e"));
    }

    @Test
    void emptyFieldsAreNullWhetherQuotedOrNot() throws IOException {
        assertThat(read(",\"\",x,\n")).containsExactly(Arrays.asList(null, null, "x", null));
    }

    @Test
    void theLastLineNeedsNoLineBreak() throws IOException {
        assertThat(read("a,b\nc,d")).containsExactly(List.of("a", "b"), List.of("c", "d"));
        assertThat(read("a,b\nc,")).containsExactly(List.of("a", "b"), Arrays.asList("c", null));
    }

    @Test
    void aCarriageReturnAloneEndsALine() throws IOException {
        assertThat(read("a,b\rc,d\r")).containsExactly(List.of("a", "b"), List.of("c", "d"));
    }

    @Test
    void textThatEndsInsideQuotesIsRefused() {
        assertThatThrownBy(() -> read("a,\"b\n")).isInstanceOf(UnreadableCsvException.class);
    }

    private List<List<String>> read(String text) throws IOException {
        var path = Files.write(folder.resolve("file.csv"), text.getBytes(StandardCharsets.UTF_8));
        var records = new ArrayList<List<String>>();
        try (var csv = new PlainCsv(path, FileForm.PLAIN)) {
            for (var fields = csv.next(); fields != null; fields = csv.next()) {
                records.add(fields);
            }
        }
        return records;
    }
}
