package io.syncline.consumer.users;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** One database of each kind for all tests of the view; each test empties it. */
public final class Databases {

    private static DataSource h2;
    private static DataSource postgres;

    private Databases() {}

    public static synchronized DataSource h2() {
        if (h2 == null) {
            var pool = JdbcConnectionPool.create(
                    "jdbc:h2:mem:users;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", "sa", "");
            pool.setMaxConnections(30);
            SchemaMigrations.migrate(pool, "consumer");
            h2 = pool;
        }
        return h2;
    }

    /** Ends with the process, as its server does. */
    public static synchronized DataSource postgres() {
        if (postgres == null) {
            try {
                var config = new HikariConfig();
                config.setDataSource(EmbeddedPostgres.start().getPostgresDatabase());
                config.setMaximumPoolSize(30);
                var pool = new HikariDataSource(config);
                SchemaMigrations.migrate(pool, "consumer");
                postgres = pool;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return postgres;
    }
}
