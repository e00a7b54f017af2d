package io.syncline.scheduler.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.migrations.SchemaMigrations;
import io.syncline.scheduler.catalog.Precondition;
import io.syncline.scheduler.security.ProblemException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DestinationsPostgresIT {

    private static final Destination API = Destination.parse("https://api.example.com:8443");
    private static final Destination LOOPBACK = Destination.parse("http://127.0.0.1:*");

    @Test
    void aListPutOnOneNodeIsSeenByAnother() throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            SchemaMigrations.migrate(server.getPostgresDatabase(), "scheduler");
            List<Object> changes = new ArrayList<>();
            Destinations one = destinations(server, changes, "http://127.0.0.1:*");
            Destinations other = destinations(server, changes);
            assertThat(one.list().version()).isZero();
            assertThat(one.approved()).containsExactly(LOOPBACK);

            DestinationList first = one.put(List.of(API, API), new Precondition("\"0\"", null), "operator");
            DestinationList same = one.put(List.of(API), new Precondition("\"1\"", null), "operator");
            other.refresh();

            assertThat(first).isEqualTo(new DestinationList(List.of(API), 1));
            assertThat(same.version()).isEqualTo(1);
            assertThat(one.approved()).containsExactly(LOOPBACK, API);
            assertThat(other.approved()).containsExactly(API);
            assertThat(changes).hasSize(1);
            assertThatThrownBy(() -> other.put(List.of(), new Precondition("\"0\"", null), "operator"))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.status()).isEqualTo(412));
            assertThat(other.put(List.of(), new Precondition("\"1\"", null), "operator")
                            .version())
                    .isEqualTo(2);
            one.refresh();
            assertThat(one.approved()).containsExactly(LOOPBACK);
        }
    }

    private static Destinations destinations(EmbeddedPostgres server, List<Object> changes, String... allow) {
        return new Destinations(
                new JdbcDestinations(JdbcClient.create(server.getPostgresDatabase())),
                new DestinationsProperties(List.of(allow)),
                () -> Instant.parse("2026-11-20T12:00:00Z"),
                new TransactionTemplate(new JdbcTransactionManager(server.getPostgresDatabase())),
                changes::add);
    }
}
