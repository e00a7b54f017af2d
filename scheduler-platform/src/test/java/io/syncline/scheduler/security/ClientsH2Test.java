package io.syncline.scheduler.security;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;

class ClientsH2Test extends ClientsContract {

    private static final JdbcConnectionPool POOL =
            JdbcConnectionPool.create("jdbc:h2:mem:clients;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", "sa", "");

    @AfterAll
    static void close() {
        POOL.dispose();
    }

    @Override
    DataSource dataSource() {
        return POOL;
    }
}
