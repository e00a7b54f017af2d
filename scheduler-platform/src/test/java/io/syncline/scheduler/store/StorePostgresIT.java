package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

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

    /** A link that swallows everything must not keep a thread waiting much longer than its longest statement. */
    @Test
    void silenceOnAConnectionEndsSoonAfterTheLongestStatementOfItsPool() {
        assertThat(socketTimeout(pools.heartbeat())).isEqualTo("5");
        assertThat(socketTimeout(pools.routed().get(ConnectionPool.DISPATCH))).isEqualTo("17");
        assertThat(socketTimeout(pools.quartz())).isEqualTo("17");
        assertThat(socketTimeout(pools.routed().get(ConnectionPool.BULK))).isEqualTo("62");
    }

    private static Object socketTimeout(HikariDataSource pool) {
        return pool.getDataSourceProperties().get("socketTimeout");
    }

    @Test
    void aLockThatIsNotGivenInTimeIsAFailureThatPasses() {
        var jdbc = JdbcClient.create(pools.routed().get(ConnectionPool.API));
        jdbc.sql("insert into setup_code (code_hash, created_at) values ('locked', current_timestamp)")
                .update();
        var holder = new TransactionTemplate(
                new JdbcTransactionManager(pools.routed().get(ConnectionPool.API)));
        var waiting = JdbcClient.create(pools.routed().get(ConnectionPool.DISPATCH));
        holder.executeWithoutResult(status -> {
            jdbc.sql("delete from setup_code where code_hash = 'locked'").update();

            assertThatThrownBy(() -> waiting.sql("delete from setup_code where code_hash = 'locked'")
                            .update())
                    .matches(PassingFailure::is);
        });
        assertThatThrownBy(() -> waiting.sql("delete from no_such_table").update())
                .matches(failure -> !PassingFailure.is(failure));
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
