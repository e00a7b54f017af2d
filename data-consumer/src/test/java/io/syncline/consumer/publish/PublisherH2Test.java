package io.syncline.consumer.publish;

import io.syncline.migrations.SchemaMigrations;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PublisherH2Test extends PublisherContract {

    private static JdbcConnectionPool pool;

    @BeforeAll
    static void create() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:publish;MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
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
