package io.syncline.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published data, day by day; the numbers are those that its description gives. */
class RealDaysIT {

    private static final List<String> DAYS = List.of("2026-07-29", "2026-07-30", "2026-08-21");

    /** Inserted, deleted, updated from one day to the next. */
    private static final Map<String, List<List<Integer>>> CHANGES = Map.of(
            "runways", List.of(List.of(0, 0, 5), List.of(41, 2, 58)),
            "airport-frequencies", List.of(List.of(1, 0, 0), List.of(20, 0, 6)),
            "navaids", List.of(List.of(0, 1, 1), List.of(0, 0, 0)));

    private static final Map<String, List<Integer>> ROWS = Map.of(
            "runways", List.of(48_142, 48_142, 48_181),
            "airport-frequencies", List.of(30_319, 30_320, 30_340),
            "navaids", List.of(11_009, 11_008, 11_008),
            "regions", List.of(3_984, 3_984, 3_987),
            "countries", List.of(249, 249, 249));

    private static final Path DATA =
            Path.of(Optional.ofNullable(System.getenv("SYNCLINE_SAMPLE_DATA")).orElse("../../shared/data"));

    @TempDir
    Path home;

    @Test
    void threeDaysAreImportedAndExtractedFieldByField() throws IOException {
        assumeThat(DATA.resolve("ourairports-daily"))
                .as("the published airport data; SYNCLINE_SAMPLE_DATA names its folder")
                .isDirectory();
        try (var platform = new FakePlatform();
                var provider = new RunningProvider(platform, home, memory())) {
            for (int day = 0; day < DAYS.size(); day++) {
                for (var dataset : ROWS.keySet()) {
                    var source = DATA.resolve("ourairports-daily")
                            .resolve(DAYS.get(day))
                            .resolve(dataset + ".csv.gz");
                    var loaded = provider.load(dataset, "", Files.readAllBytes(source), "Content-Encoding", "gzip");
                    assertThat(loaded.status()).as(loaded.text()).isEqualTo(201);
                    var counts = loaded.json();
                    assertThat(counts.get("rows").intValue())
                            .isEqualTo(ROWS.get(dataset).get(day));
                    if (day > 0 && CHANGES.containsKey(dataset)) {
                        assertThat(List.of(
                                        counts.get("inserted").intValue(),
                                        counts.get("deleted").intValue(),
                                        counts.get("updated").intValue()))
                                .as(dataset + " " + DAYS.get(day))
                                .isEqualTo(CHANGES.get(dataset).get(day - 1));
                    }
                    assertThat(extracted(provider, dataset)).isEqualTo(byId(records(unzip(source))));
                }
            }
            assertThat(extracted(provider, "countries").values())
                    .anySatisfy(row -> assertThat(row).contains("NA", "Namibia"));
        }
    }

    @Test
    void aBlankIsNotEmptyAndStaysWhatItIs() throws IOException {
        var source = DATA.resolve("telco-churn/Telco-Customer-Churn.csv.gz");
        assumeThat(source).as("the published subscriber data").isRegularFile();
        try (var platform = new FakePlatform();
                var provider = new RunningProvider(platform, home, memory())) {
            var loaded = provider.load("subscribers", "", Files.readAllBytes(source), "Content-Encoding", "gzip");

            assertThat(loaded.json().get("rows").intValue()).isEqualTo(7_043);
            var rows = extracted(provider, "subscribers");
            assertThat(rows).isEqualTo(byId(records(unzip(source))));
            assertThat(rows.values().stream().filter(row -> row.get(19).equals(" ")))
                    .hasSize(11);
        }
    }

    private static Map<String, String> memory() {
        return Map.of("spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1");
    }

    private static Map<String, List<String>> extracted(RunningProvider provider, String dataset) {
        var manifest = provider.extract(dataset, "{}");
        assertThat(manifest.get("state").stringValue()).isEqualTo("READY");
        var rows = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < manifest.get("files").size(); i++) {
            rows.putAll(byId(records(provider.file(manifest, i).unzipped())));
        }
        assertThat(rows).hasSize(manifest.get("rows").intValue());
        return rows;
    }

    private static String unzip(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, List<String>> byId(List<List<String>> records) {
        var rows = new LinkedHashMap<String, List<String>>();
        records.stream().skip(1).forEach(row -> rows.put(row.get(0), row));
        return rows;
    }

    /** A reader of our own, so that the service's reader is not judged by itself. */
    private static List<List<String>> records(String csv) {
        var records = new ArrayList<List<String>>();
        var record = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted) {
                if (c != '"') {
                    cell.append(c);
                } else if (i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                record.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    records.add(List.copyOf(record));
                    record.clear();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        if (!record.isEmpty() || cell.length() > 0) {
            record.add(cell.toString());
            records.add(List.copyOf(record));
        }
        return records;
    }
}
