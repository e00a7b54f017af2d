package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the store promises on every database. */
abstract class StoreContract {

    private static final int LIMIT = 8;

    abstract ConnectionPools pools();

    static ConnectionPools open(String url, String user, String password, boolean migrate, boolean allowUnsafe) {
        var source = new DataSourceProperties();
        source.setUrl(url);
        source.setUsername(user);
        source.setPassword(password);
        return new ConnectionPools(source, properties(migrate, allowUnsafe));
    }

    static DatabaseProperties properties(@Nullable Boolean migrate, boolean allowUnsafe) {
        return new DatabaseProperties(
                migrate,
                allowUnsafe,
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(90),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                new DatabaseProperties.Pools(4, 2, 1, 2));
    }

    private DataSource api() {
        return pools().routed().get(ConnectionPool.API);
    }

    private NodeHeartbeat node(String id, AtomicInteger inFlight) {
        var holder = new NodeHeartbeat[1];
        var node = new NodeHeartbeat(
                id,
                new JdbcNodeRows(JdbcClient.create(pools().heartbeat()), pools().dialect()),
                () -> inFlight.get() <= holder[0].share(LIMIT));
        holder[0] = node;
        node.afterPropertiesSet();
        node.join();
        return node;
    }

    @Test
    void theClockTellsTheDatabasesTimeToTheMicrosecond() {
        var clock = new JdbcDatabaseClock(JdbcClient.create(api()), pools().dialect());

        var first = clock.now();
        var second = clock.now();

        assertThat(second).isAfterOrEqualTo(first);
        assertThat(first.getNano() % 1_000).isZero();
    }

    @Test
    void theTimeOfATransactionIsAskedForOnceAndEndsWithIt() {
        var asked = new AtomicInteger();
        var jdbc = new JdbcTemplate(api()) {
            @Override
            public <T> @Nullable T query(
                    PreparedStatementCreator statement,
                    @Nullable PreparedStatementSetter setter,
                    ResultSetExtractor<T> rows) {
                asked.incrementAndGet();
                return super.query(statement, setter, rows);
            }
        };
        var clock = new JdbcDatabaseClock(JdbcClient.create(jdbc), pools().dialect());
        var manager = new JdbcTransactionManager(api());
        var transaction = new TransactionTemplate(manager);
        var another = new TransactionTemplate(manager);
        another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        var afterwards = new ArrayList<Instant>();

        var times = transaction.execute(status -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    afterwards.add(clock.now());
                }
            });
            var outer = clock.now();
            var inner = another.execute(within -> List.of(clock.now(), clock.now()));
            return List.of(outer, inner.get(0), inner.get(1), clock.now());
        });

        assertThat(times.get(1)).isEqualTo(times.get(2)).isAfter(times.get(0));
        assertThat(times.get(3)).isEqualTo(times.get(0));
        assertThat(afterwards).hasSize(1);
        assertThat(afterwards.get(0)).isAfter(times.get(1));
        assertThat(asked).hasValue(3);
        Instant next = transaction.execute(status -> clock.now());
        assertThat(next).isAfter(times.get(1));
    }

    @Test
    void aTimeComesBackFromTheDatabaseAsItWentIn() {
        var clock = new JdbcDatabaseClock(JdbcClient.create(api()), pools().dialect());
        var now = clock.now();
        JdbcClient.create(api())
                .sql("insert into setup_code (code_hash, created_at) values (:hash, :at)")
                .param("hash", Ids.next())
                .param("at", JdbcTimes.toJdbc(now))
                .update();

        var found = JdbcClient.create(api())
                .sql("select created_at from setup_code where created_at = :at")
                .param("at", JdbcTimes.toJdbc(now))
                .query((row, number) -> JdbcTimes.instant(row, "created_at"))
                .list();

        assertThat(found).containsExactly(now);
    }

    @Test
    void aSecondRowWithTheSameKeyIsKnownAsADuplicate() {
        var insert = "insert into setup_code (code_hash, created_at) values ('twice', current_timestamp)";
        var jdbc = JdbcClient.create(api());
        jdbc.sql("delete from setup_code where code_hash = 'twice'").update();
        jdbc.sql(insert).update();

        assertThatThrownBy(() -> jdbc.sql(insert).update())
                .satisfies(failure ->
                        assertThat(pools().dialect().isDuplicateKey(failure)).isTrue());
    }

    @Test
    void aLockThatIsHeldTooLongIsRefusedAndNotWaitedFor() {
        var transactions = new TransactionTemplate(new JdbcTransactionManager(api()));
        var lock = "select lock_id from first_client_lock where lock_id = 1 for update";

        transactions.executeWithoutResult(first -> {
            JdbcClient.create(api()).sql(lock).query(Integer.class).single();
            var dispatch = pools().routed().get(ConnectionPool.DISPATCH);
            var other = new TransactionTemplate(new JdbcTransactionManager(dispatch));

            assertThatThrownBy(() -> other.executeWithoutResult(second -> JdbcClient.create(dispatch)
                            .sql(lock)
                            .query(Integer.class)
                            .single()))
                    .isInstanceOf(org.springframework.dao.DataAccessException.class);
        });
    }

    @Test
    void aNodeThatSignsOffLeavesItsShareToTheOthers() {
        var calls = new AtomicInteger();
        var one = node("node-1", calls);
        var two = node("node-2", new AtomicInteger());
        one.beat();
        assertThat(one.share(LIMIT)).isZero();

        two.beat();
        one.beat();
        two.beat();
        one.beat();
        assertThat(one.share(LIMIT)).isEqualTo(4);
        assertThat(two.share(LIMIT)).isEqualTo(4);
        assertThat(one.liveCount()).isEqualTo(2);

        assertThat(one.all())
                .allSatisfy(node -> assertThat(node.clockSkewMs()).isNotNull().isBetween(-60_000L, 60_000L));

        two.stop();
        one.beat();
        assertThat(one.share(LIMIT)).isEqualTo(LIMIT);
        assertThat(one.all()).filteredOn(Node::live).extracting(Node::nodeId).containsExactly("node-1");

        calls.set(LIMIT);
        var three = node("node-3", new AtomicInteger());
        three.beat();
        one.beat();
        three.beat();
        assertThat(three.share(LIMIT)).isZero();

        calls.set(4);
        one.beat();
        three.beat();
        one.beat();
        assertThat(three.share(LIMIT)).isEqualTo(4);
        assertThat(one.share(LIMIT)).isEqualTo(4);
        one.stop();
        three.stop();
    }

    @Test
    void aProcessThatIsStillStartingTakesNothingFromTheOthers() {
        var one = node("running", new AtomicInteger());
        one.beat();
        var starting = new NodeHeartbeat(
                "starting", new JdbcNodeRows(JdbcClient.create(pools().heartbeat()), pools().dialect()), () -> true);
        starting.afterPropertiesSet();

        one.beat();

        assertThat(one.share(LIMIT)).isEqualTo(LIMIT);
        assertThat(starting.now()).isAfter(one.all().get(0).startedAt());
        assertThat(starting.share(LIMIT)).isZero();
        one.stop();
    }

    @Test
    void aProcessWhoseNodeIdWasTakenStartsNoCalls() {
        var first = node("same", new AtomicInteger());
        first.beat();
        var second = node("same", new AtomicInteger());
        second.beat();

        assertThatThrownBy(first::beat).hasMessageContaining("same");
        assertThat(first.share(LIMIT)).isZero();
        assertThat(second.share(LIMIT)).isEqualTo(LIMIT);
        second.stop();
    }

    @Test
    void theHeartbeatsOwnThreadChecksIn() {
        var node = node("beating", new AtomicInteger());
        node.start();
        var start = node.all().get(0).checkedInAt();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(node.all().get(0).checkedInAt()).isAfter(start));
        assertThat(node.isRunning()).isTrue();
        node.stop();
        assertThat(node.isRunning()).isFalse();
        assertThat(node.share(LIMIT)).isZero();
    }
}
