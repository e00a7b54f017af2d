package io.syncline.provider.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.client.platform.TriggerSenders;
import io.syncline.faults.Calls;
import io.syncline.faults.FaultyFiles;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import io.syncline.migrations.SchemaMigrations;
import io.syncline.outbox.JdbcOutbox;
import io.syncline.provider.change.Changes;
import io.syncline.provider.change.FeedSteps;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.DatasetStates;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.dataset.ProviderProperties;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.RequestKeys;
import io.syncline.provider.store.SqlDialect;
import io.syncline.provider.testing.SweptParts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.unit.DataSize;

/**
 * A file that becomes the content of a dataset, is logged change by change and announced, once for each call to the database and the
 * disk that fails on it. Whatever fails, all of it is there or nothing; sent again under its key until it is answered, the content is
 * there once, was changed once and is announced once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ImportSweep {

    private static final String THINGS = "things";
    private static final List<String> BEFORE = List.of("t1=one", "t2=two", "t4=four");
    private static final List<String> AFTER = List.of("t1=one", "t2=second", "t3=three");
    private static final byte[] BODY = "id,note\nt1,one\nt2,second\nt3,three\n".getBytes(StandardCharsets.UTF_8);

    /** One row written over, one new and one gone. */
    private static final int CHANGES = 3;

    /** Fewer than the rows, so that there is a batch behind another. */
    private static final int BATCH = 2;

    private static final int MOST_SENDINGS = 3;
    private static final Caller CALLER = new Caller("owner", false);

    private final Calls jdbc = new Calls("JDBC");
    private final Calls file = new Calls("FILE");
    private final FaultyFiles disk = new FaultyFiles(file);

    @TempDir
    private Path home;

    private JdbcTemplate tables;
    private SweptParts parts;

    abstract DataSource driver();

    abstract @Nullable String abort();

    @BeforeAll
    void start() {
        SchemaMigrations.prepare(driver(), "provider", true);
        tables = new JdbcTemplate(driver());
        tables.execute("create table things (id varchar(64) not null primary key, note varchar(200))");
        parts = new SweptParts(
                driver(),
                jdbc,
                abort(),
                "--syncline.provider.datasets[0].name=things",
                "--syncline.provider.datasets[0].table=things",
                "--syncline.provider.datasets[0].columns=id,note",
                "--syncline.provider.datasets[0].key=id",
                "--syncline.provider.datasets[0].changes=true",
                "--syncline.provider.datasets[0].trigger-on-import=true");
    }

    @AfterAll
    void stop() {
        parts.close();
    }

    private final class Imported implements Flow {

        private final FeedSteps feed = new FeedSteps(parts);
        private final Dataset things = parts.bean(Datasets.class).get(THINGS);
        private final Imports imports;
        private @Nullable ImportAnswer answer;

        Imported() {
            for (var table : List.of(
                    "outbox_message",
                    "outbox_key",
                    "change_event",
                    "change_waiting",
                    "dataset_import",
                    "import_key",
                    "request_key",
                    THINGS)) {
                tables.update("delete from " + table);
            }
            tables.update("update change_feed set first_seq = 1, last_seq = 0");
            tables.update(
                    "update dataset_state set as_of = null, imported_at = null, row_count = null, import_id = null");
            for (var row : BEFORE) {
                tables.update("insert into things (id, note) values (?, ?)", (Object[]) row.split("="));
            }
            var outbox = new JdbcOutbox(parts.source().dataSource(), parts.bean(PlatformTransactionManager.class));
            imports = new Imports(
                    new ImportProperties(DataSize.ofKilobytes(1), 100, 10, BATCH, 1),
                    parts.bean(ProviderProperties.class),
                    parts.bean(RequestKeys.class),
                    parts.bean(DatasetStates.class),
                    new JdbcImports(parts.bean(JdbcClient.class)),
                    parts.bean(Changes.class),
                    TriggerSenders.into(outbox),
                    parts.bean(JdbcTemplate.class),
                    parts.bean(SqlDialect.class));
        }

        /** As the controller does; what fails while the body is put away leaves the caller without an answer too. */
        private void send() {
            ImportAnswer given;
            try (var body = ReceivedBody.receive(new ByteArrayInputStream(BODY), null, 1000, disk.at(home))) {
                given = imports.run(things, body, false, "day", CALLER, "key").answer();
                checkWhole(given);
            } catch (IOException | RuntimeException unheard) {
                return;
            }
            answer = given;
        }

        @Override
        public void go() {
            send();
        }

        @Override
        public void finish() {
            if (answer == null) {
                checkAllOrNothing();
            }
            for (int sendings = 0; answer == null; sendings++) {
                assertThat(sendings).as("sendings without an answer").isLessThan(MOST_SENDINGS);
                send();
            }
        }

        /** A commit of which nobody heard has done all of it; everything else has done nothing. */
        private void checkAllOrNothing() {
            if (count("dataset_import") == 1) {
                checkWhole(null);
                return;
            }
            assertThat(content()).as("after a failed import").isEqualTo(BEFORE);
            for (var table :
                    List.of("dataset_import", "outbox_message", "change_waiting", "import_key", "request_key")) {
                assertThat(count(table)).as(table + " after a failed import").isZero();
            }
            assertThat(count("dataset_state where import_id is not null")).isZero();
        }

        /** @param told the answer; null: nobody heard it */
        private void checkWhole(@Nullable ImportAnswer told) {
            assertThat(content()).isEqualTo(AFTER);
            var id = tables.queryForObject("select import_id from dataset_import", String.class);
            assertThat(told == null ? id : told.importId()).isEqualTo(id);
            assertThat(tables.queryForObject("select import_id from dataset_state", String.class))
                    .isEqualTo(id);
            assertThat(tables.queryForList("select payload from outbox_message where state = 'PENDING'", String.class))
                    .as("announcements")
                    .singleElement()
                    .asString()
                    .contains("\"id\":\"" + id + "\"");
            assertThat(count("outbox_message")).isEqualTo(1);
            assertThat(count("request_key")).isEqualTo(1);
            assertThat(count("import_key"))
                    .as("keys of the file, which end with it")
                    .isZero();
        }

        @Override
        public void check() throws IOException {
            checkWhole(answer);
            feed.number();
            assertThat(feed.page(THINGS, 0, CHANGES + 1).path("items"))
                    .as("changes of the feed")
                    .hasSize(CHANGES);
            assertThat(count("change_waiting")).isZero();
            assertThat(parts.source().open()).as("connections not given back").isZero();
            assertThat(disk.open()).as("files left open").isZero();
            try (var left = Files.list(home)) {
                var notDeleted =
                        file.struck().filter(what -> what.startsWith("delete")).isPresent();
                assertThat(left).as("bodies left").hasSizeLessThanOrEqualTo(notDeleted ? 1 : 0);
            }
        }

        private List<String> content() {
            return tables.queryForList("select id, note from things order by id").stream()
                    .map(Imported::text)
                    .toList();
        }

        private static String text(Map<String, Object> row) {
            return row.get("id") + "=" + row.get("note");
        }

        private long count(String table) {
            var rows = tables.queryForObject("select count(*) from " + table, Long.class);
            return rows == null ? 0 : rows;
        }

        @Override
        public void close() {
            try (var left = Files.list(home)) {
                for (var body : left.toList()) {
                    Files.delete(body);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void importIsTakenInAndAnnounced() {
        System.out.println("swept " + Sweep.over("importIsTakenInAndAnnounced", jdbc, Imported::new));
        System.out.println("swept " + Sweep.over("importIsTakenInAndAnnounced", file, Imported::new));
    }
}
