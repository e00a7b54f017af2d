package io.syncline.consumer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same on PostgreSQL. */
class ConsumerDownstreamPostgresIT extends ConsumerDownstreamIT {

    @RegisterExtension
    static final Server SERVER = new Server();

    @Override
    Map<String, String> databaseProperties() {
        return Map.of(
                "spring.datasource.url", SERVER.postgres.getJdbcUrl("postgres", "postgres"),
                "spring.datasource.username", "postgres",
                "spring.datasource.password", "postgres",
                "syncline.database.migrate", "true",
                "syncline.database.allow-unsafe-durability", "true");
    }

    @Override
    DataSource database() {
        return SERVER.postgres.getPostgresDatabase();
    }

    /** An extension, since it ends after the contract's own last method: a downstream without its database stops slowly. */
    static final class Server implements BeforeAllCallback, AfterAllCallback {

        private EmbeddedPostgres postgres;

        @Override
        public void beforeAll(ExtensionContext context) throws IOException {
            postgres = EmbeddedPostgres.start();
        }

        @Override
        public void afterAll(ExtensionContext context) throws IOException {
            postgres.close();
        }
    }
}
