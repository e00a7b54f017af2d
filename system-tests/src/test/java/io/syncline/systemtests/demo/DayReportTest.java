package io.syncline.systemtests.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.csv.CsvTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DayReportTest {

    private static final Day DAY = new Day("2026-01-06", Map.of());

    @Test
    void aRunThatFitsTheFilesHasNoTroubles() {
        var report = report("COMPLETED", 3, 3, 1, 0, 1);

        assertThat(report.troubles()).isEmpty();
        assertThat(report.lines()).last().asString().contains("Every task is reconciled");
    }

    @Test
    void numbersThatDoNotFitTheFilesAreTroublesEvenInACompletedRun() {
        assertThat(report("COMPLETED", 4, 4, 1, 0, 1).troubles()).anyMatch(it -> it.contains("the file has 3 rows"));
        assertThat(report("COMPLETED", 3, 2, 1, 0, 1).troubles()).anyMatch(it -> it.contains("not reconciled"));
        assertThat(report("COMPLETED", 3, 3, 3, 0, 0).troubles()).anyMatch(it -> it.contains("the files differ by"));
        assertThat(report("FAILED", 3, 3, 1, 0, 1).troubles()).contains("the run is FAILED");
    }

    private static DayReport report(String state, int expected, int actual, int inserted, int deleted, int updated) {
        var run = Http.JSON.readTree("""
                {"state": "%s", "taskRuns": [{"task": "runways", "state": "COMPLETED",
                 "reconciliation": {"expectedRows": %d, "actualRows": %d, "missing": 0, "unexpected": 0, "different": 0},
                 "result": {"inserted": %d, "deleted": %d, "updated": %d}}]}""".formatted(state, expected, actual, inserted, deleted, updated));
        return DayReport.of(
                DAY, run, Map.of("runways", table("1,x", "2,Y", "3,z")), Map.of("runways", table("1,x", "2,y")));
    }

    private static CsvTable table(String... rows) {
        var byKey = new LinkedHashMap<String, List<String>>();
        Arrays.stream(rows).map(row -> List.of(row.split(","))).forEach(row -> byKey.put(row.get(0), row));
        return new CsvTable(List.of("id", "a"), byKey);
    }
}
