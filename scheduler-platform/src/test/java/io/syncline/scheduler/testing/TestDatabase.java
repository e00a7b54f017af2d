package io.syncline.scheduler.testing;

import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
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

    private static TestDatabase migrated(String url, String user, String password) {
        var dataSource = new DriverManagerDataSource(url, user, password);
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
