package io.syncline.systemtests.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.systemtests.SampleData;
import io.syncline.systemtests.csv.CsvTable.Difference;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CsvTableTest {

    @Test
    void quotesCommasLineBreaksAndEmptyFieldsAreKeptApart() throws IOException {
        var table = read("\"id\",\"name\"\r\n1,\"a, \"\"b\"\"\nc\"\r\n2,\r\n3,NA");

        assertThat(table.header()).containsExactly("id", "name");
        assertThat(table.rows().get("1")).containsExactly("1", "a, \"b\"\nc");
        assertThat(table.rows().get("2")).isEqualTo(Arrays.asList("2", null));
        assertThat(table.rows().get("3")).containsExactly("3", "NA");
    }

    @Test
    void aKeyThatComesTwiceOrARowOfAnotherWidthIsAnError() {
        assertThatThrownBy(() -> read("id,a\n1,x\n1,y\n")).hasMessageContaining("key 1 twice");
        assertThatThrownBy(() -> read("id,a\n1\n")).hasMessageContaining("has 1 fields");
    }

    @Test
    void theDifferenceOfTwoTablesIsCountedByKey() throws IOException {
        var before = read("id,a\n1,x\n2,y\n3,z\n");
        var after = read("id,a\n1,x\n2,Y\n4,w\n5,w\n");

        assertThat(after.since(before)).isEqualTo(new Difference(2, 1, 1));
        assertThat(before.since(null)).isEqualTo(new Difference(3, 0, 0));
    }

    @Test
    void thePublishedDaysDifferAsTheirReadmeSays() {
        var days = SampleData.airportDays();

        assertThat(difference("runways", 0, 1)).isEqualTo(new Difference(0, 0, 5));
        assertThat(difference("airport-frequencies", 0, 1)).isEqualTo(new Difference(1, 0, 0));
        assertThat(difference("navaids", 0, 1)).isEqualTo(new Difference(0, 1, 1));
        assertThat(difference("runways", 1, 2)).isEqualTo(new Difference(41, 2, 58));
        assertThat(difference("airport-frequencies", 1, 2)).isEqualTo(new Difference(20, 0, 6));
        assertThat(difference("navaids", 1, 2)).isEqualTo(new Difference(0, 0, 0));
        assertThat(days).hasSize(3);
    }

    private static Difference difference(String dataset, int from, int to) {
        var days = SampleData.airportDays();
        return CsvTable.read(days.get(to).files().get(dataset), "id")
                .since(CsvTable.read(days.get(from).files().get(dataset), "id"));
    }

    private static CsvTable read(String text) throws IOException {
        return CsvTable.read(new StringReader(text), "id", "test");
    }
}
