package io.syncline.scheduler.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;

/** Migrated databases for tests. The PostgreSQL server is started once and ends with the JVM. */
public final class TestDatabases {

    private static final String SERVICE = "scheduler";
    private static Postgres postgres;

    private TestDatabases() {}

    /** A new one in memory, with the rules of Oracle's mode. */
    public static DataSource h2() {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1");
        config.setUsername("sa");
        config.setMaximumPoolSize(16);
        return migrated(config);
    }

    public static synchronized Postgres postgres() {
        if (postgres == null) {
            try {
                var server = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "100")
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
                postgres = new Postgres(server);
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded PostgreSQL does not start", e);
            }
        }
        return postgres;
    }

    private static void close(EmbeddedPostgres server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A database server of this test run, migrated. */
    public static final class Postgres {
        private final EmbeddedPostgres server;

        private Postgres(EmbeddedPostgres server) {
            this.server = server;
        }

        public DataSource pool(int connections) {
            var config = new HikariConfig();
            config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
            config.setUsername("postgres");
            config.setMaximumPoolSize(connections);
            config.setMinimumIdle(1);
            return migrated(config);
        }
    }

    public static DataSource oracleOrSkip() {
        var url = System.getenv("SYNCLINE_TEST_ORACLE_URL");
        Assumptions.assumeTrue(url != null, "skipped: SYNCLINE_TEST_ORACLE_URL names no Oracle database");
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(System.getenv("SYNCLINE_TEST_ORACLE_USERNAME"));
        config.setPassword(System.getenv("SYNCLINE_TEST_ORACLE_PASSWORD"));
        return migrated(config);
    }

    private static DataSource migrated(HikariConfig config) {
        var pool = new HikariDataSource(config);
        SchemaMigrations.migrate(pool, SERVICE);
        return pool;
    }
}
