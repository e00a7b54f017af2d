package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class StorePostgresIT extends StoreContract {

    private static EmbeddedPostgres server;
    private static ConnectionPools pools;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        pools = open(server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres", true, false);
    }

    @AfterAll
    static void stopServer() throws IOException {
        pools.close();
        server.close();
    }

    @Override
    ConnectionPools pools() {
        return pools;
    }

    @Test
    void sessionsHaveTheirTimeouts() {
        var bulk = JdbcClient.create(pools.routed().get(ConnectionPool.BULK));

        assertThat(bulk.sql("show statement_timeout").query(String.class).single())
                .isEqualTo("1min");
        assertThat(bulk.sql("show lock_timeout").query(String.class).single()).isEqualTo("1s");
        assertThat(bulk.sql("show idle_in_transaction_session_timeout")
                        .query(String.class)
                        .single())
                .isEqualTo("1min");
    }

    @Test
    void aDatabaseThatMayForgetWhatItCommittedIsRefusedUnlessAllowed() {
        JdbcClient.create(pools.routed().get(ConnectionPool.API))
                .sql("alter role postgres set synchronous_commit = off")
                .update();
        try {
            var url = server.getJdbcUrl("postgres", "postgres");
            assertThatThrownBy(() -> open(url, "postgres", "postgres", true, false))
                    .hasMessageContaining("synchronous_commit = off");
            open(url, "postgres", "postgres", true, true).close();
        } finally {
            JdbcClient.create(pools.routed().get(ConnectionPool.API))
                    .sql("alter role postgres reset synchronous_commit")
                    .update();
        }
    }
}
