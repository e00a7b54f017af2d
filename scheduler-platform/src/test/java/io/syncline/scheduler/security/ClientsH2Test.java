package io.syncline.scheduler.security;

import io.syncline.migrations.SchemaMigrations;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ClientsH2Test extends ClientsContract {

    private static final JdbcConnectionPool POOL =
            JdbcConnectionPool.create("jdbc:h2:mem:clients;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", "sa", "");

    @BeforeAll
    static void migrate() {
        SchemaMigrations.migrate(POOL, "scheduler");
    }

    @AfterAll
    static void close() {
        POOL.dispose();
    }

    @Override
    DataSource dataSource() {
        return POOL;
    }
}
