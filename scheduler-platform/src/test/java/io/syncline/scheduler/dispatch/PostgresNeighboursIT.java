package io.syncline.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Hints between nodes over a real PostgreSQL. */
class PostgresNeighboursIT {

    private static final TestDatabase DATABASE = TestDatabase.postgres();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Set<String> heardByOne = ConcurrentHashMap.newKeySet();
    private final Set<String> heardByOther = ConcurrentHashMap.newKeySet();
    private final PostgresNeighbours one = new PostgresNeighbours(DATABASE.dataSource(), new Named("one", 2));
    private final PostgresNeighbours other = new PostgresNeighbours(DATABASE.dataSource(), new Named("other", 2));

    private record Named(String self, int liveCount) implements Nodes {
        @Override
        public List<Node> all() {
            return List.of();
        }

        @Override
        public int share(int clusterLimit) {
            return clusterLimit;
        }
    }

    @BeforeEach
    void start() {
        one.start(heardByOne::addAll);
        other.start(heardByOther::addAll);
        tellUntilHeard(one, Set.of("ready"), heardByOther);
        tellUntilHeard(other, Set.of("ready"), heardByOne);
    }

    @AfterEach
    void stop() {
        one.stop();
        other.stop();
    }

    @Test
    void whatANodeTellsIsHeardByTheOtherAndNotByItself() {
        one.tell(Set.of("crm"));
        await().atMost(SOON).until(() -> heardByOther.contains("crm"));

        other.tell(Set.of("billing"));
        await().atMost(SOON).until(() -> heardByOne.contains("billing"));

        assertThat(heardByOne).containsExactlyInAnyOrder("ready", "billing");
        assertThat(heardByOther).containsExactlyInAnyOrder("ready", "crm");
    }

    @Test
    void moreSystemsThanOneMessageHoldsAreAllHeard() {
        var systems = IntStream.range(0, 350)
                .mapToObj(i -> "system-with-a-name-as-long-as-a-key-may-be-which-is-63-signs-" + (100 + i))
                .map(key -> key.substring(0, 63))
                .collect(Collectors.toSet());

        one.tell(systems);

        await().atMost(SOON).until(() -> heardByOther.containsAll(systems));
    }

    @Test
    void aConnectionThatWasCutIsOpenedAgain() {
        assertThat(cut()).as("sessions that listened").isGreaterThanOrEqualTo(2);

        tellUntilHeard(one, Set.of("crm"), heardByOther);
        tellUntilHeard(other, Set.of("billing"), heardByOne);
    }

    @Test
    void aNodeThatIsAloneTellsNobody() {
        var alone = new PostgresNeighbours(DATABASE.dataSource(), new Named("alone", 1));
        alone.start(null);
        alone.tell(Set.of("unheard"));
        one.tell(Set.of("heard"));
        await().atMost(SOON).until(() -> heardByOther.contains("heard"));
        alone.stop();

        assertThat(heardByOther).containsExactlyInAnyOrder("ready", "heard");
    }

    @Test
    void aConnectionThatIsGivenBackHearsNothingMore() throws SQLException {
        try (var connection = DATABASE.dataSource().getConnection()) {
            var pool = new SingleConnectionDataSource(connection, true);
            int session = connection.unwrap(PGConnection.class).getBackendPID();
            var hearing = new PostgresNeighbours(pool, new Named("hearing", 2));
            hearing.start(systems -> {});
            await().atMost(SOON).until(() -> lastStatement(session).equals("listen syncline_due"));

            hearing.stop();

            await().atMost(SOON).until(() -> {
                // Who waits for a hint holds the connection, and is woken by one.
                DATABASE.jdbc().sql("notify syncline_due, 'nobody nothing'").update();
                return lastStatement(session).startsWith("unlisten");
            });
            assertThat(JdbcClient.create(pool)
                            .sql("select count(*) from pg_listening_channels()")
                            .query(Long.class)
                            .single())
                    .isZero();
        }
    }

    private static String lastStatement(int session) {
        return DATABASE.jdbc()
                .sql("select query from pg_stat_activity where pid = ?")
                .param(session)
                .query(String.class)
                .single();
    }

    private static int cut() {
        return DATABASE.jdbc()
                .sql("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and query = 'listen syncline_due'")
                .query((row, number) -> row.getBoolean(1))
                .list()
                .size();
    }

    /** Again and again: a hint that comes before the other listens is lost, and may be. */
    private static void tellUntilHeard(Neighbours teller, Set<String> systems, Set<String> heard) {
        await().atMost(SOON).until(() -> {
            teller.tell(systems);
            return heard.containsAll(systems);
        });
    }
}
