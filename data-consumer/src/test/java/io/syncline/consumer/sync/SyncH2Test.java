package io.syncline.consumer.sync;

import io.syncline.migrations.SchemaMigrations;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SyncH2Test extends SyncContract {

    private static JdbcConnectionPool pool;

    @BeforeAll
    static void create() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:sync;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", "sa", "");
        pool.setMaxConnections(30);
        SchemaMigrations.migrate(pool, "consumer");
    }

    @AfterAll
    static void dispose() {
        pool.dispose();
    }

    @Override
    DataSource dataSource() {
        return pool;
    }
}
