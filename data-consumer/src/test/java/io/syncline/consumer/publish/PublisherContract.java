package io.syncline.consumer.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.store.Transactions;
import io.syncline.contracts.Reconciliation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** What a publication holds, on every database. */
abstract class PublisherContract {

    @TempDir
    Path home;

    private JdbcTemplate jdbc;
    private PublicationStore store;

    abstract DataSource dataSource();

    @BeforeEach
    void fill() {
        jdbc = new JdbcTemplate(dataSource());
        store = new PublicationStore(home, JsonMapper.builder().build());
        for (var table : List.of("runways", "navaids", "airport_frequencies", "dataset_state")) {
            jdbc.update("delete from " + table);
        }
        runway("1", "EDDF", "ASPH");
        runway("2", "EDDF", "ASPH");
        runway("3", "EDDF", null);
        runway("4", "LFPG", "ASPH");
        runway("5", "NOWHERE", "GRASS");
        navaid("1", "EDDF", "DE");
        navaid("2", "EDDF", "AT");
        navaid("3", "LFPG", "FR");
        navaid("4", null, "US");
        frequency("1", "TWR");
        frequency("2", "TWR");
        frequency("3", null);
    }

    @Test
    void runwaysAreCountedByCountryAndSurfaceAndFrequenciesByType() throws IOException {
        var outcome = publisher().publish("2026-07-29");

        assertThat(outcome.reconciliation()).isEqualTo(new Reconciliation(8L, 8L, 0L, 0L, 0L));
        assertThat(lines(outcome.publication(), 0))
                .containsExactly(
                        List.of("country", "surface", "runways"),
                        Arrays.asList("AT", null, "1"),
                        List.of("AT", "ASPH", "2"),
                        List.of("FR", "ASPH", "1"),
                        List.of("unknown", "GRASS", "1"));
        assertThat(lines(outcome.publication(), 1))
                .containsExactly(List.of("type", "frequencies"), Arrays.asList(null, "1"), List.of("TWR", "2"));
    }

    @Test
    void theManifestNamesRowsBytesAndChecksumOfTheFilesOnDisk() throws IOException {
        publisher().publish("2026-07-29");

        var found = store.find("2026-07-29").orElseThrow();
        for (var file : found.files()) {
            var path = store.path("2026-07-29", file);
            assertThat(Files.size(path)).isEqualTo(file.bytes());
            assertThat(file.sha256()).hasSize(64);
            assertThat(file.name()).contains(file.sha256().substring(0, 12));
        }
        assertThat(found.files().get(0).counted()).isEqualTo(5);
        assertThat(found.files().get(0).rows()).isEqualTo(4);
    }

    @Test
    void publishingTwiceGivesTheSameFiles() throws IOException {
        var first = publisher().publish("2026-07-29");

        var second = publisher().publish("2026-07-29");

        assertThat(second).isEqualTo(first);
    }

    @Test
    void aWrittenFileThatDoesNotBalanceIsNotPublished() throws IOException {
        var wrong = new JdbcAggregates(jdbc) {
            @Override
            List<Aggregate.Group> groups(Aggregate aggregate) {
                var groups = new ArrayList<>(super.groups(aggregate));
                groups.remove(0);
                return groups;
            }
        };

        var outcome = new Publisher(transactions(), wrong, store).publish("2026-07-29");

        assertThat(outcome.reconciliation()).isEqualTo(new Reconciliation(8L, 6L, 2L, 0L, 0L));
        assertThat(store.find("2026-07-29")).isEmpty();
    }

    @Test
    void noBusinessKeyLeavesTheFolder() throws IOException {
        publisher().publish("../../etc");

        assertThat(store.find("../../etc")).isPresent();
        try (var folders = Files.list(home)) {
            assertThat(folders.map(Path::getFileName).map(Path::toString))
                    .hasSize(1)
                    .allMatch(name -> name.startsWith("~"));
        }
    }

    private Publisher publisher() {
        return new Publisher(transactions(), new JdbcAggregates(jdbc), store);
    }

    private Transactions transactions() {
        return new Transactions(
                SqlDialect.of(dataSource()), JdbcClient.create(jdbc), new JdbcTransactionManager(dataSource()));
    }

    private List<List<String>> lines(Publication publication, int file) throws IOException {
        var lines = new ArrayList<List<String>>();
        try (var csv = new PlainCsv(
                store.path(publication.businessKey(), publication.files().get(file)), FileForm.PLAIN)) {
            for (var line = csv.next(); line != null; line = csv.next()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private void runway(String id, String airport, String surface) {
        insert("runways", Map.of("id", id, "airport_ident", airport), "surface", surface);
    }

    private void navaid(String id, String airport, String country) {
        insert("navaids", Map.of("id", id, "iso_country", country), "associated_airport", airport);
    }

    private void frequency(String id, String type) {
        insert("airport_frequencies", Map.of("id", id), "type", type);
    }

    private void insert(String table, Map<String, String> fields, String column, String field) {
        var columns = new ArrayList<>(fields.keySet());
        var parameters = new ArrayList<Object>();
        columns.forEach(name -> parameters.add(fields.get(name)));
        columns.add(column);
        parameters.add(field);
        jdbc.update(
                "insert into %s (%s, row_version, updated_at) values (%s, 1, current_timestamp)"
                        .formatted(
                                table,
                                String.join(", ", columns),
                                String.join(
                                        ", ", columns.stream().map(name -> "?").toList())),
                parameters.toArray());
    }
}
