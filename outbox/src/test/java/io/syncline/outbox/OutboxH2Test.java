package io.syncline.outbox;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class OutboxH2Test extends OutboxContract {

    private static JdbcConnectionPool pool;

    @BeforeAll
    static void createSchema() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:outbox;MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
        pool.setMaxConnections(30);
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
}
