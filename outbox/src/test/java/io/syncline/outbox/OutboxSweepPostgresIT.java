package io.syncline.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class OutboxSweepPostgresIT extends OutboxSweep {

    private static EmbeddedPostgres postgres;
    private static HikariDataSource pool;

    @BeforeAll
    static void createSchema() throws IOException {
        postgres = EmbeddedPostgres.start();
        pool = new HikariDataSource();
        pool.setDataSource(postgres.getPostgresDatabase());
        new ResourceDatabasePopulator(new ClassPathResource("db/outbox/postgresql/V001__outbox.sql")).execute(pool);
    }

    @AfterAll
    static void close() throws IOException {
        pool.close();
        postgres.close();
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    @Override
    String abort() {
        return "select 1 / 0";
    }
}
