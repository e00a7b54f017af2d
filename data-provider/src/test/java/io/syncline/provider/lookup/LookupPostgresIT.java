package io.syncline.provider.lookup;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;

class LookupPostgresIT extends LookupContract {

    private EmbeddedPostgres postgres;

    @Override
    Database database() throws IOException {
        postgres = EmbeddedPostgres.start();
        return new Database(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
    }

    @Override
    boolean rowsComeByCursor() {
        return true;
    }

    @Override
    String temporaryTables() {
        return "select count(*) from pg_class where relname = 'asked_key'";
    }

    @AfterAll
    void stopPostgres() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
