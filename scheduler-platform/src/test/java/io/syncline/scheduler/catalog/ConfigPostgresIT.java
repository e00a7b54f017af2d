package io.syncline.scheduler.catalog;

import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ConfigPostgresIT extends ConfigContract {

    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.start();
        SchemaMigrations.migrate(server.getPostgresDatabase(), "scheduler");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    DataSource dataSource() {
        return server.getPostgresDatabase();
    }
}
