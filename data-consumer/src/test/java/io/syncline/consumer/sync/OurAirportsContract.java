package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.syncline.client.TokenClient;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.store.Transactions;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.migrations.SchemaMigrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Three published days of real files, one after the other. */
abstract class OurAirportsContract {

    private static final Map<String, String> TABLES = Map.of(
            "runways", "runways",
            "airport-frequencies", "airport_frequencies",
            "navaids", "navaids",
            "regions", "regions",
            "countries", "countries");

    @TempDir
    Path home;

    private final KeptReports reports = new KeptReports();

    /** A database of its own for this test. */
    interface Database extends AutoCloseable {

        DataSource pool();

        @Override
        void close() throws IOException;
    }

    abstract Database open() throws IOException;

    @Test
    void eachDayLeavesTheTargetEqualToItsFilesAndWritesOnlyWhatChanged() throws Exception {
        var sample = System.getProperty("SYNCLINE_SAMPLE_DATA", System.getenv("SYNCLINE_SAMPLE_DATA"));
        var days = Path.of(sample == null ? "../../shared/data" : sample).resolve("ourairports-daily");
        assumeTrue(Files.isDirectory(days), "no sample data in " + days + "; name it with SYNCLINE_SAMPLE_DATA");
        try (var database = open();
                var provider = new FakeProvider()) {
            var pool = database.pool();
            SchemaMigrations.migrate(pool, "consumer");
            var engine = engine(pool, provider);
            engine.start();
            try {
                sync(engine, provider, pool, days, "2026-07-29");
                var thursday = sync(engine, provider, pool, days, "2026-07-30");
                var august = sync(engine, provider, pool, days, "2026-08-21");

                assertThat(changes(thursday.get("runways"))).containsExactly(0L, 0L, 5L);
                assertThat(changes(thursday.get("airport-frequencies"))).containsExactly(1L, 0L, 0L);
                assertThat(changes(thursday.get("navaids"))).containsExactly(0L, 1L, 1L);
                assertThat(changes(august.get("runways"))).containsExactly(41L, 2L, 58L);
                assertThat(changes(august.get("airport-frequencies"))).containsExactly(20L, 0L, 6L);
                assertThat(changes(august.get("navaids"))).containsExactly(0L, 0L, 0L);
            } finally {
                engine.stop();
            }
        }
    }

    private Map<String, StatusReport> sync(
            SyncEngine engine, FakeProvider provider, DataSource pool, Path days, String day) throws IOException {
        Map<String, StatusReport> ends = new HashMap<>();
        for (var dataset : TABLES.keySet()) {
            var lines = read(days.resolve(day).resolve(dataset + ".csv.gz"));
            var header = lines.remove(0);
            provider.serve(FakeProvider.extractOf(dataset, Instant.parse(day + "T05:00:00Z"), header, lines, 3));
            engine.accept(day + "." + dataset, dataset);
        }
        for (var dataset : TABLES.keySet()) {
            var key = day + "." + dataset;
            await().atMost(Duration.ofMinutes(5)).until(() -> reports.terminal(key) > 0);
            var end = reports.last(key);
            assertThat(end.status()).as("%s: %s", key, end.message()).isEqualTo(ReportStatus.COMPLETED);
            assertThat(end.reconciliation().isBalanced(0)).as(key).isTrue();
            ends.put(dataset, end);
            compare(pool, dataset, read(days.resolve(day).resolve(dataset + ".csv.gz")));
        }
        return ends;
    }

    /** Field by field, with nothing of the loader in between. */
    private static void compare(DataSource pool, String dataset, List<List<@Nullable String>> lines) {
        var columns = lines.get(0).stream().map(ColumnNames::of).toList();
        Map<String, List<@Nullable String>> expected = new HashMap<>();
        lines.subList(1, lines.size()).forEach(line -> expected.put(line.get(0), line));
        Map<String, List<@Nullable String>> actual = new HashMap<>();
        new JdbcTemplate(pool).query("select " + String.join(", ", columns) + " from " + TABLES.get(dataset), row -> {
            var fields = new ArrayList<@Nullable String>();
            for (int i = 1; i <= columns.size(); i++) {
                fields.add(row.getString(i));
            }
            actual.put(row.getString(1), fields);
        });
        assertThat(actual.equals(expected)).as("%s equals its file", dataset).isTrue();
    }

    private static List<Long> changes(StatusReport report) {
        return List.of("inserted", "deleted", "updated").stream()
                .map(name -> ((Number) report.result().get(name)).longValue())
                .toList();
    }

    private static List<List<@Nullable String>> read(Path path) throws IOException {
        List<List<@Nullable String>> lines = new ArrayList<>();
        try (var csv = new PlainCsv(path, io.syncline.consumer.csv.FileForm.PLAIN)) {
            for (var line = csv.next(); line != null; line = csv.next()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private SyncEngine engine(DataSource pool, FakeProvider provider) {
        var properties = new ConsumerProperties(
                provider.url(),
                "one",
                2,
                Duration.ofSeconds(12),
                Duration.ofSeconds(3),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Duration.ZERO,
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                3,
                home.resolve("spool"),
                Duration.ofHours(1),
                100,
                TABLES.entrySet().stream()
                        .map(entry -> Plain.dataset(entry.getKey(), entry.getValue()))
                        .toList());
        return SyncEngines.create(
                properties,
                new Datasets(properties.datasets()),
                new Transactions(SqlDialect.of(pool), JdbcClient.create(pool), new JdbcTransactionManager(pool)),
                new JdbcTemplate(pool),
                new TokenClient() {
                    @Override
                    public String accessToken(String... scopes) {
                        return "test-token";
                    }

                    @Override
                    public void refused(String accessToken) {}
                },
                reports,
                JsonMapper.builder().build());
    }
}
