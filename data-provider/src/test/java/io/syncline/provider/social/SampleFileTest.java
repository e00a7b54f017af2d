package io.syncline.provider.social;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFileTest {

    @TempDir
    Path folder;

    private Path file(byte[] content) throws IOException {
        var path = folder.resolve("tweets.csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(content);
        }
        return path;
    }

    private static List<List<String>> read(Path path, Charset charset) {
        var records = new ArrayList<List<String>>();
        SampleFile.read(path, charset, List.of("id", "text"), record -> records.add(record.toList()));
        return records;
    }

    @Test
    void aByteThatTheCharsetDoesNotHaveIsNamedByItsLineAndNeverReplaced() throws IOException {
        var file = file("id,text\n1,a\n2,\u0089\u00db\u009d\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> read(file, StandardCharsets.UTF_8))
                .isInstanceOf(BadSampleException.class)
                .hasMessageContaining("tweets.csv.gz, line 3");
        assertThatThrownBy(() -> read(file, Charset.forName("windows-1252"))).hasMessageContaining("line 3");
        assertThat(read(file, StandardCharsets.ISO_8859_1))
                .containsExactly(List.of("1", "a"), List.of("2", "\u0089\u00db\u009d"));
    }

    @Test
    void lineBreaksInsideACellStayAndTheLastLineNeedsNone() throws IOException {
        var file = file("id,text\n1,\"a\rb\"\n2,\"c, \"\"d\"\"\"".getBytes(StandardCharsets.UTF_8));

        assertThat(read(file, StandardCharsets.UTF_8)).containsExactly(List.of("1", "a\rb"), List.of("2", "c, \"d\""));
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        var header = file("id,body\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(header, StandardCharsets.UTF_8)).hasMessageContaining("the header is [id, body]");
        var cell = file("id,text\n1,a\n2\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(cell, StandardCharsets.UTF_8)).hasMessageContaining("has 1 cells");
    }
}
