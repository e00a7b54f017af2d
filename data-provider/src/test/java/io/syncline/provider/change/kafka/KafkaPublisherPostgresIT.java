package io.syncline.provider.change.kafka;

import io.syncline.provider.change.LogInstance.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;

class KafkaPublisherPostgresIT extends KafkaPublisherContract {

    private EmbeddedPostgres postgres;

    @Override
    Database database() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "150")
                .start();
        return new Database(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
    }

    @AfterAll
    void stopPostgres() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
