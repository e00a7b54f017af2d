package io.syncline.scheduler.testing;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An empty, migrated database of the scheduler's. */
public record TestDatabase(DataSource dataSource) {

    /** System property: with true the PostgreSQL server keeps what was committed, as those that are not of a test do. */
    public static final String DURABLE = "syncline.test.durable";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    public static TestDatabase h2() {
        var database =
                pooled("jdbc:h2:mem:scheduler" + NUMBER.incrementAndGet() + ";MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
        database.jdbc().sql(MigratedH2.RUN).update();
        return database;
    }

    /** A database of its own on the JVM's one server, where nobody else's work is counted. */
    public static TestDatabase postgres() {
        var name = "scheduler" + NUMBER.incrementAndGet();
        JdbcClient.create(MigratedPostgres.SERVER.getPostgresDatabase())
                .sql("create database " + name + " template " + MigratedPostgres.NAME)
                .update();
        return pooled(MigratedPostgres.url(name), "postgres", "postgres");
    }

    /** The one that the environment names; otherwise the test is skipped, and says so. */
    public static TestDatabase oracleOrSkip() {
        var url = System.getenv("SYNCLINE_TEST_ORACLE_URL");
        if (url == null) {
            // An assumption that fails before all tests of a class leaves no trace in the log.
            System.out.println("SKIPPED JdbcRunsOracleIT: SYNCLINE_TEST_ORACLE_URL names no Oracle");
        }
        Assumptions.assumeTrue(url != null, "SYNCLINE_TEST_ORACLE_URL names no Oracle database");
        return migrated(
                url, System.getenv("SYNCLINE_TEST_ORACLE_USERNAME"), System.getenv("SYNCLINE_TEST_ORACLE_PASSWORD"));
    }

    private static TestDatabase migrated(String url, String user, String password) {
        var database = pooled(url, user, password);
        SchemaMigrations.prepare(database.dataSource(), "scheduler", true);
        return database;
    }

    private static TestDatabase pooled(String url, String user, String password) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        config.setIdleTimeout(10_000);
        return new TestDatabase(new HikariDataSource(config));
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource);
    }

    public JdbcTransactionManager transactions() {
        return new JdbcTransactionManager(dataSource);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(transactions());
    }

    /** What one migrated H2 consists of: much sooner written into the next one than migrated again. */
    private static final class MigratedH2 {
        static final String RUN = "runscript from '" + script().toUri() + "'";

        private static Path script() {
            try {
                var file = Files.createTempFile("scheduler", ".sql");
                file.toFile().deleteOnExit();
                migrated("jdbc:h2:mem:scheduler;MODE=Oracle", "sa", "")
                        .jdbc()
                        .sql("script nopasswords nosettings to '" + file + "'")
                        .query()
                        .listOfRows();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The one server of this JVM, with a migrated database that is only copied. */
    private static final class MigratedPostgres {
        static final String NAME = "migrated";
        static final EmbeddedPostgres SERVER = start();

        static String url(String database) {
            return "jdbc:postgresql://localhost:" + SERVER.getPort() + "/" + database;
        }

        private static EmbeddedPostgres start() {
            try {
                var builder = EmbeddedPostgres.builder();
                if (Boolean.getBoolean(DURABLE)) {
                    List.of("fsync", "synchronous_commit", "full_page_writes")
                            .forEach(setting -> builder.setServerConfig(setting, "on"));
                }
                var server = builder.start();
                JdbcClient.create(server.getPostgresDatabase())
                        .sql("create database " + NAME)
                        .update();
                SchemaMigrations.prepare(server.getDatabase("postgres", NAME), "scheduler", true);
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Transactions committed on this PostgreSQL so far. A session hands its counts in at its end at the latest, so all of
     * them are ended before the count is read.
     */
    public long commits() {
        var pool = ((HikariDataSource) dataSource).getHikariPoolMXBean();
        pool.softEvictConnections();
        await().atMost(Duration.ofSeconds(10)).until(() -> pool.getTotalConnections() == 0);
        return jdbc().sql("select xact_commit from pg_stat_database where datname = current_database()")
                .query(Long.class)
                .single();
    }
}
