package io.syncline.provider.imports;

import static io.syncline.provider.testing.Fixtures.aColumn;
import static io.syncline.provider.testing.Fixtures.aDataset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.provider.dataset.ColumnType;
import io.syncline.provider.dataset.Dataset;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvFileTest {

    private static final Dataset PLANS = aDataset("id", "name", "note");

    private final Flaws flaws = new Flaws(10);
    private final List<ImportRow> rows = new ArrayList<>();

    private long read(Dataset dataset, byte[] body) throws IOException {
        return new CsvFile(dataset, 1000, false).read(new ByteArrayInputStream(body), flaws, rows::add);
    }

    private long read(String body) throws IOException {
        return read(PLANS, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void quotesCommasAndLineBreaksInsideACellBelongToTheCell() throws IOException {
        read("id,name,note\r\n1,\"a,\"\"b\"\"\",\"x\r\ny\"\r\n2,Ünï😀,NA\r\n");

        assertThat(flaws.list()).isEmpty();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).cells()).containsExactly("1", "a,\"b\"", "x\r\ny");
        assertThat(rows.get(1).cells()).containsExactly("2", "Ünï😀", "NA");
        assertThat(rows.get(1).line()).isEqualTo(4);
    }

    @Test
    void anEmptyCellIsNullAndABlankOneIsNot() throws IOException {
        read("id,name,note\n1,, \n2,\"\",x\n");

        assertThat(rows.get(0).cells()).containsExactly("1", null, " ");
        assertThat(rows.get(1).cells()).containsExactly("2", null, "x");
    }

    @Test
    void theHeaderMayHaveAnotherOrderAndAByteOrderMark() throws IOException {
        read("\uFEFFnote,id,name\nc,1,b\n");

        assertThat(rows.get(0).cells()).containsExactly("1", "b", "c");
    }

    @Test
    void allThatIsWrongWithTheHeaderIsToldAtOnce() throws IOException {
        read("id,nom,id\n1,2,3\n");

        assertThat(flaws.list())
                .extracting(flaw -> flaw.get("code") + " " + flaw.get("column"))
                .containsExactlyInAnyOrder(
                        "column-twice id", "column-unknown nom", "column-missing name", "column-missing note");
        assertThat(rows).isEmpty();
    }

    @Test
    void flawedRecordsAreNamedByLineAndTheOthersAreRead() throws IOException {
        var count = read("id,name,note\n1,a,b\n2,\"x\ny\"\n,a,b\n4," + "z".repeat(21) + ",b\n5,a,b");

        assertThat(count).isEqualTo(5);
        assertThat(flaws.list())
                .extracting(flaw -> flaw.get("line") + " " + flaw.get("code"))
                .containsExactly("3 fields", "5 required", "6 content");
        assertThat(rows).extracting(ImportRow::line).containsExactly(2L, 7L);
    }

    @Test
    void anEmptyLineIsARecordWithTooFewFields() throws IOException {
        read("id,name,note\n1,a,b\n\n2,a,b\n");

        assertThat(flaws.list())
                .singleElement()
                .satisfies(flaw -> assertThat(flaw).containsEntry("line", 3L));
    }

    @Test
    void anEmptyBodyHasNoHeader() throws IOException {
        read("");

        assertThat(flaws.list())
                .singleElement()
                .satisfies(flaw -> assertThat(flaw).containsEntry("code", "no-header"));
    }

    @Test
    void typedContentIsReadAsTheTableGivesItBack() throws IOException {
        var dataset = aDataset(List.of(
                aColumn("id", ColumnType.NUMBER),
                aColumn("on", ColumnType.BOOLEAN),
                aColumn("at", ColumnType.INSTANT)));

        read(
                dataset,
                "id,on,at\n007.50,true,2026-11-20T04:00:00.000Z\nx,maybe,today\n".getBytes(StandardCharsets.UTF_8));

        assertThat(rows)
                .singleElement()
                .satisfies(row -> assertThat(row.cells()).containsExactly("7.5", "true", "2026-11-20T04:00:00Z"));
        assertThat(flaws.list()).extracting(flaw -> flaw.get("column")).containsExactly("id", "on", "at");
    }

    @Test
    void bytesThatAreNotUtf8EndTheReadingWithTheirLine() {
        var body = "id,name,note\n1,a,b\n2,caf\u00e9,c\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> read(PLANS, body))
                .isInstanceOfSatisfying(
                        UnreadableCsvException.class, e -> assertThat(e.line()).isEqualTo(3));
    }

    @Test
    void aCutCharacterAtTheEndIsNotUtf8() {
        assertThatThrownBy(() -> read(PLANS, new byte[] {'i', 'd', (byte) 0xc3}))
                .isInstanceOf(UnreadableCsvException.class);
    }

    @Test
    void aQuoteThatIsNeverClosedNamesWhereItsRecordBegins() {
        assertThatThrownBy(() -> read("id,name,note\n1,a,b\n2,\"a,b\n3,a,b\n"))
                .isInstanceOfSatisfying(
                        UnreadableCsvException.class, e -> assertThat(e.line()).isEqualTo(3));
    }

    @Test
    void aRecordWithoutEndIsRefusedBeforeItFillsTheMemory() {
        assertThatThrownBy(() -> read("id,name,note\n1,a,b\n2,\"" + "x\n".repeat(1000)))
                .isInstanceOfSatisfying(
                        UnreadableCsvException.class, e -> assertThat(e.line()).isEqualTo(3));
    }

    @Test
    void aBareQuoteInsideACellDoesNotHideTheEndOfItsRecord() throws IOException {
        read("id,name,note\n" + "1,6\" pipe,b\n".repeat(500));

        assertThat(rows).hasSize(500);
    }

    @Test
    void textBehindAClosingQuoteIsNoCsv() {
        assertThatThrownBy(() -> read("id,name,note\n1,\"a\"b,c\n"))
                .isInstanceOfSatisfying(
                        UnreadableCsvException.class, e -> assertThat(e.line()).isEqualTo(2));
    }

    @Test
    void theCharacterNulIsRefused() {
        assertThatThrownBy(() -> read("id,name,note\n1,a\0,c\n")).isInstanceOf(UnreadableCsvException.class);
    }

    @Test
    void aTableBoundInBytesRefusesALongTextOfWideCharacters() throws IOException {
        new CsvFile(PLANS, 1000, true)
                .read(
                        new ByteArrayInputStream(
                                ("id,name,note\n1," + "é".repeat(11) + ",b\n").getBytes(StandardCharsets.UTF_8)),
                        flaws,
                        rows::add);

        assertThat(flaws.list())
                .singleElement()
                .satisfies(flaw -> assertThat(flaw).containsEntry("detail", "longer than 20 bytes of UTF-8"));
    }
}
