package io.syncline.provider.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.contracts.ExtractManifest.State;
import io.syncline.faults.Calls;
import io.syncline.faults.FaultyFiles;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import io.syncline.migrations.SchemaMigrations;
import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.DatasetStates;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.RequestKeys;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.SqlDialect;
import io.syncline.provider.testing.SweptParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * An extract that is asked for, cut and written, once for each call to the database and the disk that fails on it. Whatever fails, it
 * ends READY with every file whole, or FAILED, and one asked for then is READY; no part of a file is ever found under its name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ExtractSweep {

    private static final int ROWS = 3;
    private static final int ROWS_OF_A_FILE = 2;
    private static final int MOST_LOOKS = 20;
    private static final Caller CALLER = new Caller("consumer", false);

    private final Calls jdbc = new Calls("JDBC");
    private final Calls file = new Calls("FILE");
    private final FaultyFiles disk = new FaultyFiles(file);

    @TempDir
    private Path home;

    private SweptParts parts;

    abstract DataSource driver();

    abstract @Nullable String abort();

    @BeforeAll
    void start() {
        SchemaMigrations.prepare(driver(), "provider", true);
        var tables = new JdbcTemplate(driver());
        tables.execute("create table things (id varchar(64) not null primary key, note varchar(200))");
        for (int row = 1; row <= ROWS; row++) {
            tables.update("insert into things (id, note) values (?, ?)", "t" + row, "note " + row);
        }
        parts = new SweptParts(
                driver(),
                jdbc,
                abort(),
                "--syncline.provider.datasets[0].name=things",
                "--syncline.provider.datasets[0].table=things",
                "--syncline.provider.datasets[0].columns=id,note",
                "--syncline.provider.datasets[0].key=id",
                "--syncline.provider.datasets[0].written-elsewhere=true");
    }

    @AfterAll
    void stop() {
        parts.close();
    }

    private final class Prepared implements Flow {

        private final JdbcTemplate tables = new JdbcTemplate(driver());
        private final Dataset dataset = parts.bean(Datasets.class).get("things");
        private final Workshop workshop;
        private final Extracts extracts;
        private @Nullable String id;
        private int asked;

        Prepared() {
            for (var table : new String[] {"extract_file", "dataset_extract", "request_key"}) {
                tables.update("delete from " + table);
            }
            var properties = new ExtractProperties(
                    ROWS_OF_A_FILE,
                    1000,
                    1,
                    10,
                    Duration.ofHours(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(12),
                    5,
                    Duration.ofSeconds(1),
                    1,
                    100);
            var stored = new JdbcExtracts(parts.bean(JdbcClient.class), parts.bean(JdbcTemplate.class));
            var folders = new ExtractFolders(disk.at(home));
            var states = parts.bean(DatasetStates.class);
            var keys = parts.bean(RequestKeys.class);
            var clock = parts.bean(DatabaseClock.class);
            var cutter = new SnapshotCutter(
                    parts.source().dataSource(),
                    parts.bean(SqlDialect.class),
                    clock,
                    states,
                    parts.bean(ChangeLog.class),
                    folders,
                    properties,
                    parts.bean(JsonMapper.class));
            workshop = new Workshop(
                    properties,
                    stored,
                    folders,
                    cutter,
                    parts.bean(Datasets.class),
                    states,
                    clock,
                    keys,
                    parts.bean(TransactionTemplate.class));
            extracts = new Extracts(properties, stored, states, keys, workshop);
        }

        /** The same key until it was answered. */
        private void ask() {
            try {
                id = extracts.ask(dataset, FileFormat.CSV, ROWS_OF_A_FILE, CALLER, "key-" + asked)
                        .answer()
                        .extractId();
                assertThat(tables.queryForList("select extract_id from dataset_extract", String.class))
                        .as("an extract that was answered")
                        .contains(id);
            } catch (RuntimeException unheard) {
                id = null;
            }
        }

        private void look() {
            try {
                workshop.look(Runnable::run);
            } catch (RuntimeException asItsClockworkWould) {
                // and looks again at the next turn
            }
        }

        @Override
        public void go() {
            ask();
            look();
        }

        @Override
        public void finish() throws Exception {
            if (id == null) {
                ask();
            }
            untilItEnds();
            if (state() == State.FAILED) {
                asked++;
                ask();
                untilItEnds();
            }
        }

        private void untilItEnds() throws Exception {
            for (int looks = 0; state() == State.PREPARING; looks++) {
                assertThat(looks).as("looks without an end").isLessThan(MOST_LOOKS);
                tables.update("update dataset_extract set lease_until = lease_until - interval '15' second");
                look();
            }
        }

        private State state() {
            return extracts.manifest(dataset, String.valueOf(id), Duration.ZERO).state();
        }

        @Override
        public void check() throws Exception {
            var manifest = extracts.manifest(dataset, String.valueOf(id), Duration.ZERO);
            assertThat(manifest.state()).isEqualTo(State.READY);
            assertThat(manifest.rows()).isEqualTo(ROWS);
            assertThat(manifest.files()).hasSize((ROWS + ROWS_OF_A_FILE - 1) / ROWS_OF_A_FILE);
            checkNoPartUnderAName();
            ageFolders();
            workshop.sweep();
            try (var left = Files.walk(home)) {
                assertThat(left.filter(Files::isRegularFile)
                                .map(file -> file.getFileName().toString()))
                        .as("files left")
                        .containsExactlyInAnyOrderElementsOf(manifest.files().stream()
                                .map(file -> file.name())
                                .toList());
            }
            for (var file : manifest.files()) {
                try (var found = Files.walk(home)) {
                    var path = found.filter(one -> one.getFileName().toString().equals(file.name()))
                            .findFirst()
                            .orElseThrow();
                    var sha = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
                    assertThat(HexFormat.of().formatHex(sha)).as(file.name()).isEqualTo(file.sha256());
                }
            }
            assertThat(parts.source().open()).as("connections not given back").isZero();
            assertThat(disk.open()).as("files left open").isZero();
        }

        /** Also in folders of workers that gave up: a name is given to what is whole. */
        private void checkNoPartUnderAName() throws IOException {
            try (var files = Files.walk(home)) {
                for (var file :
                        (Iterable<Path>) files.filter(one -> one.toString().endsWith(".gz"))::iterator) {
                    try (var in = new java.util.zip.GZIPInputStream(Files.newInputStream(file))) {
                        assertThat(in.readAllBytes()).as(file.toString()).isNotEmpty();
                    }
                }
            }
        }

        private void ageFolders() throws IOException {
            try (var folders = Files.walk(home)) {
                for (var folder : (Iterable<Path>) folders.filter(Files::isDirectory)::iterator) {
                    Files.setLastModifiedTime(
                            folder, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
                }
            }
        }

        @Override
        public void close() {
            try (var left = Files.walk(home)) {
                for (var path : left.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    if (!path.equals(home)) {
                        Files.delete(path);
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void extractIsPrepared() {
        System.out.println("swept " + Sweep.over("extractIsPrepared", file, Prepared::new));
        System.out.println("swept " + Sweep.over("extractIsPrepared", jdbc, Prepared::new));
    }
}
