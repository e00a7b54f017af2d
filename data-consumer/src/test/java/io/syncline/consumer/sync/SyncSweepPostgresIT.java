package io.syncline.consumer.sync;

import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SyncSweepPostgresIT extends SyncSweep {

    private static EmbeddedPostgres postgres;
    private static HikariDataSource pool;

    @BeforeAll
    static void create() throws IOException {
        postgres = EmbeddedPostgres.start();
        pool = new HikariDataSource();
        pool.setDataSource(postgres.getPostgresDatabase());
        SchemaMigrations.migrate(pool, "consumer");
    }

    @AfterAll
    static void stop() throws IOException {
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
