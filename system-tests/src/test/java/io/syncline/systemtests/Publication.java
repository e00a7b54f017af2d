package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.csv.CsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A day's published aggregates, held against counts made here from the source files. */
final class Publication {

    private static final String UNKNOWN = "unknown";

    private final Path folder;
    private final JsonNode manifest;

    Publication(Path folder) throws IOException {
        this.folder = folder;
        this.manifest = Http.JSON.readTree(Files.readAllBytes(folder.resolve("manifest.json")));
    }

    void assertCounts(Map<String, CsvTable> sources) throws IOException {
        assertThat(counts("runways-by-country-and-surface")).isEqualTo(runwaysByCountryAndSurface(sources));
        assertThat(counts("airport-frequencies-by-type"))
                .isEqualTo(count(sources.get("airport-frequencies"), row -> Arrays.asList(row.get("type"))));
    }

    /** The published file's groups with their counts, once its rows, bytes and checksum equal the manifest's. */
    private Map<List<String>, Long> counts(String name) throws IOException {
        for (var file : manifest.path("files")) {
            var fileName = file.path("name").asString();
            if (fileName.startsWith(name)) {
                var bytes = Files.readAllBytes(folder.resolve(fileName));
                assertThat(file.path("bytes").asLong()).isEqualTo(bytes.length);
                assertThat(file.path("sha256").asString()).isEqualTo(sha256(bytes));
                var records = CsvTable.records(folder.resolve(fileName));
                assertThat(file.path("rows").asLong()).isEqualTo(records.size() - 1);
                var counts = new HashMap<List<String>, Long>();
                records.stream()
                        .skip(1)
                        .forEach(record -> counts.put(
                                record.subList(0, record.size() - 1), Long.valueOf(record.get(record.size() - 1))));
                return counts;
            }
        }
        throw new AssertionError("no file " + name + " in " + manifest);
    }

    private static Map<List<String>, Long> runwaysByCountryAndSurface(Map<String, CsvTable> sources) {
        var countries = new HashMap<String, String>();
        each(sources.get("navaids"), row -> {
            var airport = row.get("associated_airport");
            var country = row.get("iso_country");
            if (airport != null && country != null) {
                countries.merge(airport, country, (a, b) -> a.compareTo(b) <= 0 ? a : b);
            }
        });
        return count(
                sources.get("runways"),
                row -> Arrays.asList(countries.getOrDefault(row.get("airport_ident"), UNKNOWN), row.get("surface")));
    }

    private static Map<List<String>, Long> count(
            CsvTable table, java.util.function.Function<Map<String, String>, List<String>> group) {
        var counts = new HashMap<List<String>, Long>();
        each(table, row -> counts.merge(group.apply(row), 1L, Long::sum));
        return counts;
    }

    private static void each(CsvTable table, java.util.function.Consumer<Map<String, String>> action) {
        table.rows().values().forEach(cells -> {
            var row = new HashMap<String, String>();
            for (int i = 0; i < cells.size(); i++) {
                row.put(table.header().get(i), cells.get(i));
            }
            action.accept(row);
        });
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
