package io.syncline.provider.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** An empty database for each sweep. */
public final class SweptDatabases {

    /** PostgreSQL's transactions end with the first statement that fails. */
    public static final String POSTGRES_ABORT = "select 1 / 0";

    private static EmbeddedPostgres postgres;

    private SweptDatabases() {}

    public static DataSource h2() {
        return JdbcConnectionPool.create(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
    }

    /** Of one server, which ends with the process; pooled, because to connect takes longer than a try. */
    public static synchronized DataSource postgres() {
        try {
            if (postgres == null) {
                postgres = EmbeddedPostgres.start();
            }
            var name = "swept_" + UUID.randomUUID().toString().replace("-", "");
            try (var connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create database " + name);
            }
            var pool = new HikariDataSource();
            pool.setDataSource(postgres.getDatabase("postgres", name));
            return pool;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
