package io.syncline.consumer.enrichment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawLinesTest {

    @TempDir
    Path folder;

    @Test
    void linesEndWithLineFeedWithOrWithoutReturnAndTheLastOneMayHaveNone() throws IOException {
        assertThat(read("a\nb\r\n\nc\rd\n".getBytes(UTF_8), UTF_8))
                .containsExactly(
                        new RawLine(1, "a", null),
                        new RawLine(2, "b", null),
                        new RawLine(3, "", null),
                        new RawLine(4, "c\rd", null));
        assertThat(read("a\nb".getBytes(UTF_8), UTF_8)).hasSize(2);
        assertThat(read(new byte[0], UTF_8)).isEmpty();
        assertThat(read("\uFEFFé\n".getBytes(UTF_8), UTF_8)).containsExactly(new RawLine(1, "é", null));
    }

    @Test
    void bytesThatAreNoTextAreTheFaultOfTheirLineAloneAndAreKept() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write("good\ncaf".getBytes(UTF_8));
        bytes.write(0xE9);
        bytes.write("\\\nnul\0\nagain\n".getBytes(UTF_8));

        assertThat(read(bytes.toByteArray(), UTF_8))
                .containsExactly(
                        new RawLine(1, "good", null),
                        new RawLine(2, "caf\\xE9\\x5C", Reason.NOT_TEXT),
                        new RawLine(3, "nul\\x00", Reason.NOT_TEXT),
                        new RawLine(4, "again", null));
        assertThat(read(bytes.toByteArray(), Charset.forName("windows-1252")).get(1))
                .isEqualTo(new RawLine(2, "café\\", null));
    }

    @Test
    void aLineWithoutEndTakesNoMoreMemoryThanALineMayAndTheNextOneIsRead() throws IOException {
        var text = "x".repeat(1_000_000) + "\nnext\n" + "y".repeat(RawLines.MOST_BYTES) + "\n";

        var lines = read(text.getBytes(UTF_8), UTF_8);

        assertThat(lines.get(0)).isEqualTo(new RawLine(1, "x".repeat(1000), Reason.LINE_TOO_LONG));
        assertThat(lines.get(1)).isEqualTo(new RawLine(2, "next", null));
        assertThat(lines.get(2).fault()).isNull();
    }

    private List<RawLine> read(byte[] bytes, Charset charset) throws IOException {
        var path = Files.write(folder.resolve("calls.csv"), bytes);
        var packed = Files.write(folder.resolve("calls.csv.gz"), CallFiles.pack(bytes));
        var lines = read(path, charset);
        assertThat(read(packed, charset)).isEqualTo(lines);
        return lines;
    }

    private static List<RawLine> read(Path path, Charset charset) throws IOException {
        var read = new ArrayList<RawLine>();
        try (var lines = RawLines.open(path, charset)) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                read.add(line);
            }
        }
        return read;
    }
}
