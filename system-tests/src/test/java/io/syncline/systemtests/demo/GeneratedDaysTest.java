package io.syncline.systemtests.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.csv.CsvTable;
import io.syncline.systemtests.csv.CsvTable.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedDaysTest {

    @TempDir
    private Path folder;

    @Test
    void theSecondDayAddsDeletesAndChangesAndLeavesOneFileAsItWas() throws IOException {
        var days = GeneratedDays.write(folder);

        assertThat(days).extracting(Day::date).containsExactly("2026-01-05", "2026-01-06");
        var runways = difference(days.get(0), days.get(1), "runways");
        assertThat(runways.added()).isEqualTo(40);
        assertThat(runways.deleted()).isEqualTo(7);
        assertThat(runways.changed()).isBetween(15, 25);
        assertThat(difference(days.get(0), days.get(1), "navaids")).isEqualTo(new Difference(0, 0, 0));
        assertThat(days.get(0).files().get("navaids"))
                .hasSameBinaryContentAs(days.get(1).files().get("navaids"));
    }

    @Test
    void itHoldsWhatALoaderTripsOver() {
        var days = GeneratedDays.write(folder);

        var countries = CsvTable.read(days.get(0).files().get("countries"), "id");

        assertThat(countries.rows().values()).anySatisfy(row -> assertThat(row).contains("NA", "Namibia"));
        assertThat(countries.rows().values()).anySatisfy(row -> assertThat(row).contains("日本"));
        var runways = CsvTable.read(days.get(0).files().get("runways"), "id");
        assertThat(runways.rows()).hasSize(6_000);
        assertThat(runways.rows().values()).anySatisfy(row -> assertThat(row).containsNull());
    }

    @Test
    void itIsTheSameAtEveryStart() throws IOException {
        var one = GeneratedDays.write(folder.resolve("one"));
        var other = GeneratedDays.write(folder.resolve("other"));

        for (int day = 0; day < 2; day++) {
            for (var dataset : Day.DATASETS) {
                assertThat(Files.mismatch(
                                one.get(day).files().get(dataset),
                                other.get(day).files().get(dataset)))
                        .as(dataset)
                        .isEqualTo(-1);
            }
        }
    }

    private static Difference difference(Day before, Day after, String dataset) {
        return CsvTable.read(after.files().get(dataset), "id")
                .since(CsvTable.read(before.files().get(dataset), "id"));
    }
}
