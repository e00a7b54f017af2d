package io.syncline.provider.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.faults.Calls;
import io.syncline.faults.FaultyDataSource;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import io.syncline.migrations.SchemaMigrations;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.store.SqlDialect;
import io.syncline.provider.testing.SweptParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.unit.DataSize;

/**
 * A look-up by each strategy, once for each call to the database that fails on it, all on the one connection of a pool. Whatever
 * fails, an answer that came to its end has what was asked for and nothing else, and so has the look-up that comes next.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LookupSweep {

    private static final int ROWS = 5;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Calls jdbc = new Calls("JDBC");
    private SweptParts parts;
    private Dataset things;
    private SqlDialect dialect;

    /** As in the service: what a look-up leaves behind, the next one finds. */
    private HikariDataSource pool;

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
                new Calls("unused"),
                abort(),
                "--syncline.provider.datasets[0].name=things",
                "--syncline.provider.datasets[0].table=things",
                "--syncline.provider.datasets[0].columns=id,note",
                "--syncline.provider.datasets[0].key=id",
                "--syncline.provider.datasets[0].written-elsewhere=true");
        things = parts.bean(Datasets.class).get("things");
        dialect = parts.bean(SqlDialect.class);
        pool = new HikariDataSource();
        pool.setDataSource(new FaultyDataSource(driver(), jdbc, abort()).dataSource());
        pool.setMaximumPoolSize(1);
    }

    @AfterAll
    void stop() {
        pool.close();
        parts.close();
    }

    /** What a caller is sent. */
    private static final class Sent implements Answer {

        final List<String> rows = new ArrayList<>();
        final List<String> notFound = new ArrayList<>();
        boolean ended;

        @Override
        public void row(@Nullable String[] cells) {
            rows.add(cells[0] + "=" + cells[1]);
        }

        @Override
        public void notFound(String id) {
            notFound.add(id);
        }

        @Override
        public void end(long found, long missing) {
            ended = true;
            assertThat(found).isEqualTo(rows.size());
            assertThat(missing).isEqualTo(notFound.size());
        }
    }

    private final class LookedUp implements Flow {

        private final Lookups lookups;
        private Sent sent = new Sent();

        LookedUp(StrategyName strategy) {
            // Batches of two: what is asked for takes several.
            var properties =
                    new LookupProperties(30_000, DataSize.ofMegabytes(1), 1, 1, LONGEST, LONGEST, strategy, 2, 2, 1.1);
            var registry = new SimpleMeterRegistry();
            lookups = new Lookups(pool, dialect, properties, new LookupMeters(registry, new LookupTimes()));
            // There before calls are counted; the pool opens it on a thread of its own.
            try (var opened = pool.getConnection()) {
                assertThat(opened.isClosed()).isFalse();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private Sent ask(Sent answer, String... ids) {
            try {
                lookups.answer(things, AskedKeys.of(things, List.of(ids)), answer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return answer;
        }

        @Override
        public void go() {
            try {
                ask(sent, "t1", "t2", "t3", "none");
            } catch (RuntimeException told) {
                assertThat(sent.ended).as("an answer that failed has an end").isFalse();
            }
        }

        @Override
        public void finish() {
            if (!sent.ended) {
                sent = ask(new Sent(), "t1", "t2", "t3", "none");
            }
        }

        @Override
        public void check() throws SQLException {
            assertThat(sent.ended).isTrue();
            assertThat(sent.rows).containsExactlyInAnyOrder("t1=note 1", "t2=note 2", "t3=note 3");
            assertThat(sent.notFound).containsExactly("none");
            var next = ask(new Sent(), "t4", "other");
            assertThat(next.rows).as("rows of the next look-up").containsExactly("t4=note 4");
            assertThat(next.notFound).as("ids of the next look-up").containsExactly("other");
            assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                    .as("connections not given back")
                    .isZero();
            try (var connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getTransactionIsolation())
                        .as("isolation of the connection")
                        .isEqualTo(java.sql.Connection.TRANSACTION_READ_COMMITTED);
            }
        }
    }

    @Test
    void rowsAreLookedUp() {
        var all = new Strategies(dialect, new Tuning(2, 2, 1.1, LONGEST));
        for (var strategy : StrategyName.values()) {
            if (all.refusal(strategy, things, ROWS).isEmpty()) {
                System.out.println(
                        "swept " + Sweep.over("rowsAreLookedUp." + strategy, jdbc, () -> new LookedUp(strategy)));
            }
        }
    }
}
