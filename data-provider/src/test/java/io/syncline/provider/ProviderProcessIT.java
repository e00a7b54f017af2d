package io.syncline.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.ProviderProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service in its own process on its embedded defaults. */
class ProviderProcessIT {

    private static final String HEADER = "id,code,name,continent,wikipedia_link,keywords\n";

    @TempDir
    Path home;

    private static String countries(int count, String text) {
        var csv = new StringBuilder(HEADER);
        for (int i = 0; i < count; i++) {
            csv.append(i).append(",C").append(i).append(",\"").append(text).append("\",EU,,\n");
        }
        return csv.toString();
    }

    @Test
    void anExtractThatWasCutShortByAKillIsCompletedAfterTheRestart() throws IOException {
        var settings = Map.of("syncline.provider.extracts.lease", "3s");
        try (var platform = new FakePlatform()) {
            String id;
            Path folder;
            try (var process = new ProviderProcess(platform, home, "256m", settings)) {
                assertThat(process.provider()
                                .load("countries", countries(1500, "x"))
                                .status())
                        .isEqualTo(201);
                id = process.provider()
                        .askExtract("countries", "{\"rowsPerFile\":1}")
                        .json()
                        .get("extractId")
                        .stringValue();
                folder = home.resolve("extracts/countries/" + id + "-1");
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> Files.exists(folder.resolve("countries-0003.csv.gz")));
                process.kill();
            }
            assertThat(folder.resolve("countries-1500.csv.gz")).doesNotExist();

            try (var process = new ProviderProcess(platform, home, "256m", settings)) {
                var provider = process.provider();
                await().atMost(Duration.ofSeconds(120))
                        .until(() -> !provider.manifest("countries", id)
                                .get("state")
                                .stringValue()
                                .equals("PREPARING"));
                var manifest = provider.manifest("countries", id);

                assertThat(manifest.get("state").stringValue()).isEqualTo("READY");
                assertThat(manifest.get("rows").longValue()).isEqualTo(1500);
                var names = new HashSet<>(manifest.get("files").findValuesAsString("name"));
                assertThat(names).hasSize(1500);
                for (int i = 0; i < 1500; i += 149) {
                    assertThat(provider.file(manifest, i).status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void memoryStaysFlatWhateverTheSizeOfTheDataset() throws IOException {
        int rows = 100_000;
        try (var platform = new FakePlatform();
                var process = new ProviderProcess(platform, home, "128m", Map.of())) {
            var provider = process.provider();
            var csv = countries(
                            rows,
                            "a text that makes the row as long as real ones are, some two hundred bytes, "
                                    + "so that all rows as objects beside the service itself would not fit into its heap")
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(csv.length).isGreaterThan(16_000_000);

            var loaded = provider.load("countries", "", csv);
            var manifest = provider.extract("countries", "{\"rowsPerFile\":1000000}");
            for (int i = 0; i < 20 && manifest.get("state").stringValue().equals("PREPARING"); i++) {
                manifest =
                        provider.manifest("countries", manifest.get("extractId").stringValue());
            }

            assertThat(loaded.status()).as(loaded.text()).isEqualTo(201);
            assertThat(manifest.get("state").stringValue()).isEqualTo("READY");
            assertThat(manifest.get("rows").intValue()).isEqualTo(rows);
            assertThat(manifest.get("files")).hasSize(1);
            assertThat(provider.file(manifest, 0).unzipped().lines().count()).isEqualTo(rows + 1L);
            IntStream.range(0, 8).parallel().forEach(caller -> {
                var ids = IntStream.range(0, 30_000)
                        .mapToObj(i -> String.valueOf(i * 3 + caller))
                        .collect(Collectors.joining("\n"));
                var found = provider.lookUp("countries", "text/plain", ids);
                assertThat(found.status()).as(found.header("Content-Type")).isEqualTo(200);
                assertThat(found.text()).endsWith("{\"_end\":true,\"rows\":30000,\"notFound\":0}\n");
            });
            assertThat(process.isAlive()).isTrue();
        }
    }
}
