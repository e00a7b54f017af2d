package io.syncline.consumer.sync;

import io.syncline.migrations.SchemaMigrations;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SyncSweepH2Test extends SyncSweep {

    private static JdbcConnectionPool pool;

    @BeforeAll
    static void create() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:sync-sweep;MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
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

    @Override
    @Nullable
    String abort() {
        return null;
    }
}
