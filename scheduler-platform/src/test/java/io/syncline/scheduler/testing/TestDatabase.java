package io.syncline.scheduler.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An empty, migrated database of the scheduler's. */
public record TestDatabase(DataSource dataSource) {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    public static TestDatabase h2() {
        return migrated(
                "jdbc:h2:mem:scheduler" + NUMBER.incrementAndGet() + ";MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
    }

    public static TestDatabase postgres() {
        var schema = "scheduler" + NUMBER.incrementAndGet();
        JdbcClient.create(Server.POSTGRES.getPostgresDatabase())
                .sql("create schema " + schema)
                .update();
        return migrated(
                "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/postgres?currentSchema=" + schema,
                "postgres",
                "postgres");
    }

    /** A database of its own on the server, where nobody else's work is counted. */
    public static TestDatabase postgresAlone() {
        var name = "alone" + NUMBER.incrementAndGet();
        JdbcClient.create(Server.POSTGRES.getPostgresDatabase())
                .sql("create database " + name)
                .update();
        return migrated(
                "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + name, "postgres", "postgres");
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
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        config.setIdleTimeout(10_000);
        var dataSource = new HikariDataSource(config);
        SchemaMigrations.prepare(dataSource, "scheduler", true);
        return new TestDatabase(dataSource);
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

    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
