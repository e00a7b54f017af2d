package io.syncline.provider.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.provider.change.ChangeCursor;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.ProviderProcess;
import io.syncline.provider.testing.RunningProvider;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What other programs do to the tables of a PostgreSQL is in the change log, once, in order, whatever happens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapturePostgresIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private EmbeddedPostgres postgres;
    private JdbcTemplate jdbc;
    private FakePlatform platform;
    private RunningProvider provider;
    private final Map<String, String> cursors = new HashMap<>();

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .setServerConfig("track_commit_timestamp", "on")
                .start();
        jdbc = new JdbcTemplate(postgres.getPostgresDatabase());
        jdbc.execute("create schema crm");
        jdbc.execute("""
                create table crm.customer (id integer primary key, region char(4), name varchar(100), note text,
                    balance numeric(12,2), ratio double precision, active boolean, born date, seen timestamp(6),
                    changed_at timestamp(6) with time zone)
                """);
        jdbc.execute("create table crm.invoice (id integer primary key, amount numeric(10,2))");
        jdbc.execute("create table crm.visit (id integer primary key, amount numeric(10,2))");
        for (var table : List.of("customer", "invoice", "visit")) {
            jdbc.execute("alter table crm." + table + " replica identity full");
        }
        platform = new FakePlatform();
        provider = new RunningProvider(platform, home, settings("syncline_provider", "customer", "invoice"));
        awaitFollowed("syncline_provider");
    }

    private Map<String, String> settings(String slot, String... tables) {
        var settings = new HashMap<String, String>();
        settings.put("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"));
        settings.put("spring.datasource.username", "postgres");
        settings.put("spring.datasource.password", "postgres");
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.provider.capture.slot", slot);
        settings.put("syncline.provider.capture.publication", slot);
        settings.put("syncline.provider.capture.retry", "200ms");
        settings.put("syncline.provider.capture.heartbeat", "300ms");
        settings.put("syncline.provider.capture.lease", "3s");
        for (int i = 0; i < tables.length; i++) {
            var prefix = "syncline.provider.datasets[" + i + "].";
            settings.put(prefix + "name", tables[i] + "s");
            settings.put(prefix + "table", "crm." + tables[i]);
            settings.put(prefix + "key", "id");
            settings.put(prefix + "written-elsewhere", "true");
            settings.put(prefix + "captured", "true");
        }
        return settings;
    }

    @AfterAll
    void stop() throws Exception {
        if (provider != null) {
            provider.close();
        }
        if (platform != null) {
            platform.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    private void awaitFollowed(String slot) {
        await().atMost(SOON)
                .until(() -> !jdbc.queryForList(
                                "select 1 from pg_replication_slots where slot_name = ? and active", slot)
                        .isEmpty());
    }

    private Capture capture() {
        return provider.context().getBean(Capture.class);
    }

    /** As many changes as are expected, and no more, from where this dataset's reader stands. */
    private List<JsonNode> changes(RunningProvider asked, String dataset, int expected) {
        var changes = new ArrayList<JsonNode>();
        var capture = asked.context().getBean(Capture.class);
        await().atMost(SOON).untilAsserted(() -> {
            changes.addAll(page(asked, dataset, 200));
            assertThat(changes.size())
                    .as(() -> "changes; failure " + capture.failure() + ", slot " + capture.slotState())
                    .isGreaterThanOrEqualTo(expected);
        });
        changes.addAll(page(asked, dataset, 50));
        assertThat(changes).hasSize(expected);
        return changes;
    }

    private List<JsonNode> page(RunningProvider asked, String dataset, int limit) {
        var cursor = cursors.get(dataset);
        var answer = asked.get("/datasets/" + dataset + "/changes?limit=" + limit + "&wait=PT0.5S"
                + (cursor == null ? "" : "&after=" + cursor));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        cursors.put(dataset, answer.json().get("nextCursor").stringValue());
        var items = new ArrayList<JsonNode>();
        answer.json().get("items").forEach(items::add);
        return items;
    }

    private static List<String> told(List<JsonNode> changes) {
        return changes.stream()
                .map(change ->
                        change.get("op").stringValue() + " " + change.get("key").stringValue())
                .toList();
    }

    private void copy(String table, int from, int rows) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            var lines = IntStream.range(from, from + rows)
                    .mapToObj(id -> id + "\t" + id + ".50\n")
                    .collect(Collectors.joining());
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy crm." + table + " (id, amount) from stdin", new StringReader(lines));
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<String> keys(int from, int rows) {
        return IntStream.range(from, from + rows)
                .mapToObj(id -> "CREATED " + id)
                .toList();
    }

    @Test
    void insertUpdateDeleteAndAChangeOfTheKeyAreToldAsTheRowsAreServed() {
        jdbc.update("""
                insert into crm.customer values (1, 'EU', 'Zürich', repeat('long ', 2000), 12.50, 0.1, true,
                    '1980-02-29', '2026-11-20 04:00:00.123', '2026-11-20 05:00:00.25+01')
                """);
        var created = changes(provider, "customers", 1).get(0);
        var served = provider.get("/datasets/customers/rows/1").json();
        var committed = jdbc.queryForObject(
                "select pg_xact_commit_timestamp(xmin) from crm.customer where id = 1", OffsetDateTime.class);
        jdbc.update("update crm.customer set name = 'Basel', balance = null where id = 1");
        jdbc.update("update crm.customer set id = 2 where id = 1");
        jdbc.update("delete from crm.customer where id = 2");
        var others = changes(provider, "customers", 4);

        assertThat(created.get("op").stringValue()).isEqualTo("CREATED");
        assertThat(created.get("after")).isEqualTo(served);
        assertThat(created.get("before").isNull()).isTrue();
        assertThat(created.get("source").get("kind").stringValue()).isEqualTo("LOG");
        assertThat(created.get("source").get("position").stringValue()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(Instant.parse(created.get("committedAt").stringValue())).isEqualTo(committed.toInstant());
        assertThat(told(others)).containsExactly("UPDATED 1", "DELETED 1", "CREATED 2", "DELETED 2");
        assertThat(others.get(0).get("before")).isEqualTo(served);
        assertThat(others.get(0).get("after").get("note")).isEqualTo(served.get("note"));
        assertThat(others.get(0).get("after").get("balance").isNull()).isTrue();
        assertThat(others.get(1).get("before")).isEqualTo(others.get(0).get("after"));
        assertThat(others.get(3).get("before")).isEqualTo(others.get(2).get("after"));
    }

    @Test
    void aLargeTransactionIsToldOnceAndARolledBackOneNever() throws SQLException {
        var before = page(provider, "invoices", 200);
        assertThat(before).isEmpty();
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into crm.invoice select n, n from generate_series(900001, 900100) n");
            connection.rollback();
        }

        copy("invoice", 10_000, 5_000);

        var changes = changes(provider, "invoices", 5_000);
        assertThat(told(changes)).isEqualTo(keys(10_000, 5_000));
        assertThat(changes.get(4_999).get("seq").longValue()
                        - changes.get(0).get("seq").longValue())
                .isEqualTo(4_999);
        assertThat(changes.stream().map(change -> change.get("committedAt")).distinct())
                .hasSize(1);

        // What fails in the middle is begun anew from what was committed, and the health says why.
        jdbc.execute("alter table change_waiting add constraint not_this check (row_key <> '24500') not valid");
        copy("invoice", 20_000, 5_000);
        await().atMost(SOON).until(() -> capture().failure().isPresent());
        assertThat(provider.context().getBean(CaptureHealth.class).health().getStatus())
                .isEqualTo(Status.DOWN);
        jdbc.execute("alter table change_waiting drop constraint not_this");

        assertThat(told(changes(provider, "invoices", 5_000))).isEqualTo(keys(20_000, 5_000));
        await().atMost(SOON)
                .until(() -> provider.context()
                        .getBean(CaptureHealth.class)
                        .health()
                        .getStatus()
                        .equals(Status.UP));

        // While nobody follows, the database keeps its log, and that is seen.
        var lag = provider.context()
                .getBean(MeterRegistry.class)
                .get("syncline.capture.slot.lag")
                .gauge();
        var active = provider.context()
                .getBean(MeterRegistry.class)
                .get("syncline.capture.slot.active")
                .gauge();
        assertThat(active.value()).isEqualTo(1);
        var captured = provider.send("GET", "/status", platform.token("runs:read"), null)
                .json()
                .get("capture");
        assertThat(captured.get("isFollowed").booleanValue()).isTrue();
        assertThat(captured.get("slot").stringValue()).isEqualTo("reserved");
        assertThat(captured.get("datasets").size()).isEqualTo(2);
        capture().stop();
        await().atMost(SOON).until(() -> active.value() == 0);
        copy("invoice", 30_000, 5_000);
        // What was committed is in the log once its writer has been there.
        await().atMost(SOON).until(() -> lag.value() > 100_000);
        capture().start();
        assertThat(told(changes(provider, "invoices", 5_000))).isEqualTo(keys(30_000, 5_000));
        await().atMost(SOON).until(() -> lag.value() < 100_000);

        // After TRUNCATE nobody knows which rows are gone: the log begins anew.
        jdbc.execute("truncate crm.invoice");
        await().atMost(SOON)
                .until(() -> provider.get("/datasets/invoices/changes?after=" + cursors.get("invoices"))
                                .status()
                        == 410);
        var manifest = provider.extract("invoices", "{}");
        assertThat(manifest.get("rows").longValue()).isZero();
        cursors.put("invoices", manifest.get("changes").stringValue());
        copy("invoice", 1, 3);
        assertThat(told(changes(provider, "invoices", 3))).isEqualTo(keys(1, 3));
    }

    @Test
    void whatIsWrittenToOtherTablesDoesNotHoldTheLogBack() {
        jdbc.execute("create table crm.noise as select n, repeat('x', 100) as text from generate_series(1, 20000) n");

        await().atMost(SOON).until(() -> capture().slotState().orElseThrow().lag() < 1_000_000);
    }

    @Test
    void onlyTheConfiguredTablesArePublishedAndOneInstanceFollows() {
        assertThat(jdbc.queryForList(
                        "select tablename from pg_publication_tables where pubname = 'syncline_provider' order by 1",
                        String.class))
                .containsExactly("customer", "invoice");
        assertThat(provider.context()
                        .getBean(JdbcCaptures.class)
                        .claim("syncline_provider", "another", Duration.ofSeconds(10)))
                .isEmpty();
    }

    /** As an instance does that stands still, and one whose engine did not end though its turn did. */
    @Test
    void whoeverStillReadsTheSlotWithoutTheLeaseIsSentAway() throws SQLException {
        assertThat(page(provider, "invoices", 200)).isEmpty();
        capture().stop();
        await().atMost(SOON).until(() -> !capture().slotState().orElseThrow().active());
        // Its connection cannot be closed as others can: nobody answers at its other end.
        var connection = DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres")
                + "&replication=database&assumeMinServerVersion=10&preferQueryMode=simple");
        try {
            var reader = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName("syncline_provider")
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", "syncline_provider")
                    .start();
            copy("invoice", 40_000, 10);
            capture().start();

            assertThat(told(changes(provider, "invoices", 10))).isEqualTo(keys(40_000, 10));
            assertThatThrownBy(() -> {
                        while (!reader.isClosed()) {
                            reader.read();
                        }
                    })
                    .isInstanceOf(SQLException.class);
        } finally {
            connection.abort(Runnable::run);
        }
    }

    @Test
    void tablesWhoseLogLacksRowsAsTheyWereAreToldAllAtOnceWithTheRemedy() {
        var datasets = provider.context().getBean(Datasets.class).all().stream()
                .filter(Dataset::captured)
                .toList();
        var slot = new PostgresSlot(JdbcClient.create(jdbc), provider.context().getBean(CaptureProperties.class));
        assertThatCode(() -> slot.check(datasets)).doesNotThrowAnyException();
        try {
            jdbc.execute("alter table crm.customer replica identity default");
            jdbc.execute("alter table crm.invoice replica identity nothing");

            assertThatIllegalStateException()
                    .isThrownBy(() -> slot.check(datasets))
                    .withMessageContaining("alter table crm.customer replica identity full")
                    .withMessageContaining("alter table crm.invoice replica identity full");
        } finally {
            jdbc.execute("alter table crm.customer replica identity full");
            jdbc.execute("alter table crm.invoice replica identity full");
        }
    }

    @Test
    void whatIsThereIsToldFirstAndAKilledInstanceIsTakenOverFromWithoutLossOrRepetition(
            @TempDir Path home, @TempDir Path elsewhere) throws Exception {
        int there = 100;
        int rows = 10_000;
        copy("visit", 1, there);
        var settings = settings("killed", "visit");
        settings.put("syncline.provider.capture.snapshot", "INITIAL");
        // Small batches, so that the end comes in the middle.
        settings.put("syncline.provider.capture.connector.max.batch.size", "500");
        settings.put("syncline.provider.capture.connector.max.queue.size", "1000");
        try (var process = new ProviderProcess(platform, home, "256m", settings)) {
            await().atMost(SOON).until(() -> recorded() == there);
            awaitFollowed("killed");
            try (var standby = new RunningProvider(platform, elsewhere, settings)) {
                copy("visit", there + 1, rows);
                await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> recorded() > there);
                process.kill();
                assertThat(recorded()).isLessThan(there + rows);

                jdbc.update("insert into crm.visit values (1000000, 1)");

                // Beside rows that nobody recorded a log begins behind its first number.
                cursors.put("visits", ChangeCursor.after("visits", 1));
                var told = told(changes(standby, "visits", there + rows + 1));
                assertThat(told.subList(0, there)).containsExactlyInAnyOrderElementsOf(keys(1, there));
                assertThat(told.subList(there, there + rows)).isEqualTo(keys(there + 1, rows));
            }
        }
    }

    private long recorded() {
        Long rows = jdbc.queryForObject("""
                select (select count(*) from change_event where dataset_name = 'visits')
                     + (select count(*) from change_waiting where dataset_name = 'visits')
                """, Long.class);
        return rows == null ? 0 : rows;
    }
}
