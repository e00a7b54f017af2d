package io.syncline.provider.imports;

import static io.syncline.provider.testing.Fixtures.aDataset;
import static io.syncline.provider.testing.Fixtures.with;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.syncline.provider.dataset.Dataset;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as other programs write them: each is read as it was meant, or refused with the place of what is wrong. */
class StrangeFilesTest {

    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final Dataset PLAIN = aDataset("id", "name");

    static Stream<Arguments> read() {
        return Stream.of(
                arguments("a quote within a cell", PLAIN, bytes("id,name\n1,\"6\"\" pipe\"\n"), rows("1|6\" pipe")),
                arguments(
                        "line ends within a cell",
                        PLAIN,
                        bytes("id,name\n1,\"a\r\nb\rc\nd\"\n"),
                        rows("1|a\r\nb\rc\nd")),
                arguments("lines that end in CR alone", PLAIN, bytes("id,name\r1,a\r2,b\r"), rows("1|a", "2|b")),
                arguments(
                        "line ends of all kinds", PLAIN, bytes("id,name\r\n1,a\r2,b\n3,c"), rows("1|a", "2|b", "3|c")),
                arguments("a byte order mark", PLAIN, bytes("\uFEFFid,name\n1,a\n"), rows("1|a")),
                arguments("a byte order mark and quotes", PLAIN, bytes("\uFEFF\"id\",\"name\"\n1,a\n"), rows("1|a")),
                arguments("a byte order mark as content", PLAIN, bytes("id,name\n1,\uFEFFa\n"), rows("1|\uFEFFa")),
                arguments("an end mark of DOS", PLAIN, bytes("id,name\r\n1,a\r\n\u001A"), rows("1|a")),
                arguments("an end mark with a line end", PLAIN, bytes("id,name\r\n1,a\r\n\u001A\r\n"), rows("1|a")),
                arguments(
                        "0x1A within a cell",
                        PLAIN,
                        bytes("id,name\n1,a\u001Ab\n2,\u001A\n"),
                        rows("1|a\u001Ab", "2|\u001A")),
                arguments(
                        "NA, null and blanks as texts",
                        PLAIN,
                        bytes("id,name\n1,NA\n2,null\n3, \n"),
                        rows("1|NA", "2|null", "3| ")),
                arguments(
                        "texts that mean null",
                        with(PLAIN, UTF_8, "\\N", "NA"),
                        bytes("id,name\n1,\\N\n2,NA\n3,\n4,\\n\n5, NA\n"),
                        rows("1|", "2|", "3|", "4|\\n", "5| NA")),
                arguments(
                        "Windows-1252",
                        with(PLAIN, WINDOWS),
                        "id,name\n1,Caf\u00e9 \u20ac\n".getBytes(WINDOWS),
                        rows("1|Caf\u00e9 \u20ac")),
                arguments(
                        "UTF-16 with its mark",
                        with(PLAIN, UTF_16),
                        "id,name\n1,\u00e9\n".getBytes(UTF_16),
                        rows("1|\u00e9")),
                arguments(
                        "UTF-16 of a known order with a mark",
                        with(PLAIN, UTF_16LE),
                        "\uFEFFid,name\n1,\u00e9\n".getBytes(UTF_16LE),
                        rows("1|\u00e9")),
                arguments("no row at all", PLAIN, bytes("id,name\r\n"), rows()),
                arguments("a header alone, without a line end", PLAIN, bytes("id,name"), rows()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void read(String what, Dataset dataset, byte[] body, List<String> expected) throws IOException {
        var flaws = new Flaws(10);
        var rows = new ArrayList<String>();

        new CsvFile(dataset, 1000, false)
                .read(
                        new ByteArrayInputStream(body),
                        flaws,
                        row -> rows.add(String.join(
                                "|",
                                Arrays.stream(row.cells())
                                        .map(cell -> cell == null ? "" : cell)
                                        .toList())));

        assertThat(flaws.list()).isEmpty();
        assertThat(rows).isEqualTo(expected);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("Latin-1 as UTF-8", PLAIN, "id,name\n1,a\n2,caf\u00e9!\n".getBytes(ISO_8859_1), 3, 18, "e9"),
                arguments("a character cut at the end", PLAIN, new byte[] {'i', 'd', ',', (byte) 0xc3}, 1, 4, "c3"),
                arguments(
                        "a byte that Windows-1252 does not have",
                        with(PLAIN, WINDOWS),
                        new byte[] {'i', 'd', ',', 'n', 'a', 'm', 'e', '\r', '1', ',', (byte) 0x81, '\r'},
                        2,
                        11,
                        "windows-1252"),
                arguments(
                        "Latin-1 far behind the first buffer",
                        PLAIN,
                        ("id,name\n" + "1,abcd\n".repeat(10_000) + "2,\u00e9\n").getBytes(ISO_8859_1),
                        10_002,
                        70_011,
                        "e9"),
                arguments("NUL", PLAIN, bytes("id,name\n1,a\0b\n"), 2, 0, "NUL"),
                arguments("a blank behind a quote", PLAIN, bytes("id,name\n1,\"a\" \n"), 2, 0, "closing quote"),
                arguments("a tab behind a quote", PLAIN, bytes("id,name\n1,a\n\"2\"\t,b\n"), 3, 0, "closing quote"),
                arguments("text behind a quote", PLAIN, bytes("id,name\n1,\"a\"b\n"), 2, 0, "closing quote"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String what, Dataset dataset, byte[] body, long line, long place, String named) {
        UnreadableCsvException refusal = null;
        try {
            new CsvFile(dataset, 1000, false).read(new ByteArrayInputStream(body), new Flaws(10), row -> {});
        } catch (IOException unreadable) {
            refusal = (UnreadableCsvException) unreadable;
        }

        assertThat(refusal).isNotNull().hasMessageContaining(named);
        assertThat(refusal.line()).isEqualTo(line);
        assertThat(refusal.place()).isEqualTo(place);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> rows(String... rows) {
        return List.of(rows);
    }
}
