package io.syncline.provider.push;

import io.syncline.provider.change.LogInstance.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;

class PushPostgresIT extends PushContract {

    private EmbeddedPostgres postgres;

    @Override
    Database database() throws IOException {
        postgres = EmbeddedPostgres.start();
        return new Database(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
    }

    @AfterAll
    void stopPostgres() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
