package io.syncline.outbox;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class OutboxSweepH2Test extends OutboxSweep {

    private static JdbcConnectionPool pool;

    @BeforeAll
    static void createSchema() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:sweep;MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
        new ResourceDatabasePopulator(new ClassPathResource("db/outbox/h2/V001__outbox.sql")).execute(pool);
    }

    @AfterAll
    static void close() {
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
