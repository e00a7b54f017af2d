package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.client.Reports;
import io.syncline.client.TokenClient;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.store.Transactions;
import io.syncline.contracts.StatusReport;
import io.syncline.faults.Calls;
import io.syncline.faults.FaultyDataSource;
import io.syncline.faults.FaultyFiles;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * An extract on its way from the provider into the table and the report of that, once for each call to the database, the
 * provider and the disk that fails on it. Whatever fails, the table holds the extract in the end and never a part of a
 * file, each file is merged once, one balanced report ends the work, and nothing is left behind.
 */
abstract class SyncSweep {

    private static final String KEY = "task-run.1";
    private static final int FILES = 2;
    private static final int ROWS_OF_A_FILE = 2;
    private static final int MOST_STEPS = 200;

    private static final List<String> TABLES = List.of(
            "kept_report",
            "merge_commit",
            "sync_file",
            "sync_job",
            "dataset_state",
            "consumer_instance",
            "reconcile_row",
            "countries",
            "stage_countries");

    @TempDir
    Path home;

    private final Calls jdbc = new Calls("JDBC");
    private final Calls http = new Calls("HTTP");
    private final Calls file = new Calls("FILE");
    private final FaultyFiles disk = new FaultyFiles(file);
    private JdbcTemplate tables;
    private FakeProvider provider;
    private FaultyDataSource source;

    /** One for all tries: it keeps nothing but the leases that it holds, and to make one takes longer than a try. */
    private SyncEngine engine;

    abstract DataSource dataSource();

    abstract @Nullable String abort();

    @BeforeEach
    void open() throws IOException {
        tables = new JdbcTemplate(dataSource());
        tables.execute("create table if not exists kept_report"
                + " (report_key varchar(100), status varchar(20), balanced varchar(5))");
        provider = new FakeProvider(http);
        var rows = IntStream.rangeClosed(1, FILES * ROWS_OF_A_FILE)
                .mapToObj(id -> SyncContract.country(id, "Country " + id))
                .toList();
        provider.serve(FakeProvider.extractOf("countries", SyncContract.MONDAY, SyncContract.COLUMNS, rows, FILES));
        source = new FaultyDataSource(dataSource(), jdbc, abort());
        engine = engine();
    }

    private SyncEngine engine() {
        var faulty = source.dataSource();
        var properties = new ConsumerProperties(
                provider.url(),
                "one",
                1,
                Duration.ofSeconds(12),
                Duration.ofSeconds(3),
                Duration.ofMillis(50),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                3,
                disk.at(home),
                Duration.ofHours(1),
                100,
                List.of(Plain.dataset("countries", "countries")));
        return SyncEngines.create(
                properties,
                new Datasets(properties.datasets()),
                new Transactions(
                        SqlDialect.of(dataSource()), JdbcClient.create(faulty), new JdbcTransactionManager(faulty)),
                new JdbcTemplate(faulty),
                new FixedToken(),
                new TableReports(new JdbcTemplate(faulty)),
                JsonMapper.builder().build(),
                Runnable::run);
    }

    @AfterEach
    void close() {
        provider.close();
    }

    /** In the transaction of the caller, as the outbox is. */
    private record TableReports(JdbcTemplate faulty) implements Reports {

        @Override
        public void report(String idempotencyKey, StatusReport report) {
            var reconciliation = report.reconciliation();
            faulty.update(
                    "insert into kept_report (report_key, status, balanced) values (?, ?, ?)",
                    idempotencyKey,
                    report.status().name(),
                    reconciliation == null ? null : String.valueOf(reconciliation.isBalanced(0)));
        }
    }

    private record FixedToken() implements TokenClient {
        @Override
        public String accessToken(String... scopes) {
            return "test-token";
        }

        @Override
        public void refused(String accessToken) {}
    }

    private final class Synced implements Flow {

        private boolean accepted;

        Synced() {
            TABLES.forEach(table -> tables.update("delete from " + table));
            emptySpool();
        }

        private void accept() {
            try {
                engine.accept(KEY, "countries");
                accepted = true;
                assertThat(tables.queryForList("select state from sync_job", String.class))
                        .as("a call that was accepted")
                        .hasSize(1);
            } catch (RuntimeException unheard) {
                accepted = false;
            }
            // Progress is told once a second, which would be once more or less in each try.
            tables.update("update sync_job set reported_at = current_timestamp + interval '1' day");
        }

        /** As a worker does it, which goes on after whatever happened. */
        private boolean step(BooleanSupplier work) {
            boolean worked;
            try {
                worked = work.getAsBoolean();
            } catch (RuntimeException asItsThreadWould) {
                worked = false;
            }
            checkNoPartOfAFile();
            return worked;
        }

        private void checkNoPartOfAFile() {
            for (int number = 0; number < FILES; number++) {
                int before = number * ROWS_OF_A_FILE;
                var visible = tables.queryForObject(
                        "select count(*) from countries where name in (?, ?)",
                        Integer.class,
                        "Country " + (before + 1),
                        "Country " + (before + ROWS_OF_A_FILE));
                assertThat(visible).as("visible rows of file " + number).isIn(0, ROWS_OF_A_FILE);
            }
        }

        @Override
        public void go() {
            accept();
            for (var work : List.<BooleanSupplier>of(engine::workOnAJob, engine::workOnAFile, engine::workOnAFile)) {
                step(work);
            }
            for (var work : List.<BooleanSupplier>of(engine::workOnAJob, engine::workOnAFile, engine::workOnAFile)) {
                step(work);
            }
            for (int last = 0; last < 3; last++) {
                step(engine::workOnAJob);
            }
        }

        @Override
        public void finish() {
            if (!accepted) {
                accept();
                assertThat(accepted).as("accepted without a fault").isTrue();
            }
            for (int steps = 0; open() > 0; steps++) {
                assertThat(steps).as("steps without an end: " + states()).isLessThan(MOST_STEPS);
                if (!step(engine::workOnAJob) & !step(engine::workOnAFile)) {
                    passTime();
                }
            }
        }

        private int open() {
            var open = tables.queryForObject("select count(*) from sync_job where cleaned = 0", Integer.class);
            return open == null ? 0 : open;
        }

        private String states() {
            return tables.queryForList("select state, error_text from sync_job") + " "
                    + tables.queryForList("select state, error_text from sync_file");
        }

        /** A quarter of a minute, which is longer than a lease. */
        private void passTime() {
            for (var table : List.of("sync_job", "sync_file")) {
                tables.update("update " + table + " set due_at = due_at - interval '15' second,"
                        + " lease_until = lease_until - interval '15' second");
            }
        }

        @Override
        public void check() throws IOException {
            assertThat(tables.queryForList("select state from sync_job", String.class))
                    .as(states())
                    .containsExactly("COMPLETED");
            assertThat(tables.queryForList("select name from countries order by id", String.class))
                    .containsExactly("Country 1", "Country 2", "Country 3", "Country 4");
            assertThat(tables.queryForList("select state from sync_file", String.class))
                    .hasSize(FILES)
                    .containsOnly("MERGED");
            assertThat(tables.queryForObject("select count(*) from merge_commit", Integer.class))
                    .isEqualTo(FILES);
            assertThat(tables.queryForList(
                            "select concat(status, concat(' ', balanced)) from kept_report where status <> 'RUNNING'",
                            String.class))
                    .as("reports that end the work")
                    .containsExactly("COMPLETED true");
            assertThat(tables.queryForList("select holder_job from dataset_state where holder_job is not null"))
                    .as("holds of tables")
                    .isEmpty();
            for (var left : List.of("stage_countries", "reconcile_row")) {
                assertThat(tables.queryForObject("select count(*) from " + left, Integer.class))
                        .as("rows left in " + left)
                        .isZero();
            }
            assertThat(source.open()).as("connections not given back").isZero();
            assertThat(disk.open()).as("files left open").isZero();
            checkSpool();
        }

        /** What a try leaves behind that the disk itself ended is the hourly sweep's, which goes by age. */
        private void checkSpool() throws IOException {
            emptySpool();
            try (var left = Files.list(home)) {
                assertThat(left).as("files left in the spool").isEmpty();
            }
        }

        private void emptySpool() {
            try {
                new Spool(home).dropOlderThan(Duration.ofHours(1), Instant.now().plus(Duration.ofHours(2)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void extractIsSynced() {
        System.out.println("swept " + Sweep.over("extractIsSynced", http, Synced::new));
        System.out.println("swept " + Sweep.over("extractIsSynced", file, Synced::new));
        System.out.println("swept " + Sweep.over("extractIsSynced", jdbc, Synced::new));
    }
}
