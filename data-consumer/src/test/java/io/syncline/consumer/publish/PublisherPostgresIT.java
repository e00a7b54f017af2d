package io.syncline.consumer.publish;

import io.syncline.migrations.SchemaMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PublisherPostgresIT extends PublisherContract {

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void create() throws IOException {
        postgres = EmbeddedPostgres.start();
        SchemaMigrations.migrate(postgres.getPostgresDatabase(), "consumer");
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Override
    DataSource dataSource() {
        return postgres.getPostgresDatabase();
    }
}
