package io.syncline.scheduler.catalog;

import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class CatalogPostgresIT extends CatalogContract {

    private static EmbeddedPostgres server;
    private static DataSource database;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.start();
        // one object: transactions belong to it
        database = server.getPostgresDatabase();
        SchemaMigrations.migrate(database, "scheduler");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    DataSource dataSource() {
        return database;
    }
}
