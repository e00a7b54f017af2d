package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.migrations.SchemaMigrations;
import io.syncline.scheduler.store.SqlDialect;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What clients, keys and the first client promise on every database. */
abstract class ClientsContract {

    private static final String SECRET = "hT5kW8qZ3nX6vB9mC2rD7pLs";

    private JdbcClients clients;
    private Duration later = Duration.ZERO;

    abstract DataSource dataSource();

    @BeforeEach
    void emptyPlatform() {
        SchemaMigrations.migrate(dataSource(), "scheduler");
        for (var table : new String[] {"api_client", "setup_code", "signing_key"}) {
            JdbcClient.create(dataSource()).sql("delete from " + table).update();
        }
        clients = clients();
    }

    private JdbcClients clients() {
        return new JdbcClients(JdbcClient.create(dataSource()), this::now, new JdbcTransactionManager(dataSource()));
    }

    private Instant now() {
        return JdbcClient.create(dataSource())
                .sql(SqlDialect.of(dataSource()).currentTimestamp())
                .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single()
                .plus(later);
    }

    private FirstClient firstClient(@Nullable String id, @Nullable String secret) {
        return new FirstClient(
                new BootstrapClientProperties(id, secret),
                new PlatformProperties("https://sync.example.com"),
                clients());
    }

    @Test
    void aClientIsChangedOnlyAtTheVersionThatWasRead() {
        var made = clients.create("one", "billing", Set.of(Scope.RUNS_READ)).orElseThrow();

        assertThat(clients.create("one", null, Set.of(Scope.ADMIN))).isEmpty();
        assertThat(clients.change("one", 7, null, Set.of(Scope.ADMIN))).isEmpty();
        var changed = clients.change("one", 1, null, Set.of(Scope.ADMIN)).orElseThrow();

        assertThat(changed.version()).isEqualTo(2);
        assertThat(changed.system()).isNull();
        assertThat(changed.scopes()).containsExactly(Scope.ADMIN);
        assertThat(clients.authenticate("one", made.secret())).contains(changed);
        assertThat(clients.delete("one", 1)).isFalse();
        assertThat(clients.delete("one", 2)).isTrue();
        assertThat(clients.find("one")).isEmpty();
    }

    @Test
    void theSecretBeforeTheLastRotationWorksForADay() {
        var made = clients.create("one", null, Set.of(Scope.RUNS_READ)).orElseThrow();
        var rotated = clients.rotate("one", null).orElseThrow();

        assertThat(clients.authenticate("one", made.secret())).isPresent();
        assertThat(clients.authenticate("one", rotated.secret())).isPresent();

        later = Duration.ofHours(-25);
        var again = clients.rotate("one", null).orElseThrow();
        assertThat(clients.authenticate("one", rotated.secret())).isEmpty();
        assertThat(clients.authenticate("one", made.secret())).isEmpty();
        assertThat(clients.authenticate("one", again.secret())).isPresent();
    }

    @Test
    void noSecretIsStoredInClearText() {
        var made = clients.create("one", null, Set.of(Scope.RUNS_READ)).orElseThrow();
        firstClient("two", SECRET).afterPropertiesSet();

        var stored = JdbcClient.create(dataSource())
                .sql("select secret_hash from api_client")
                .query(String.class)
                .list();

        assertThat(stored).noneMatch(hash -> hash.contains(made.secret()) || hash.contains(SECRET));
    }

    @Test
    void severalNodesThatStartAtOnceMakeOneFirstClientAndOneSetOfKeys() throws Exception {
        var nodes = 4;
        var barrier = new CyclicBarrier(nodes);
        var box = SecretBoxes.withNewKey();
        var threads = Executors.newFixedThreadPool(nodes);
        try {
            var starts = threads.invokeAll(IntStream.range(0, nodes)
                    .<Callable<String>>mapToObj(node -> () -> {
                        barrier.await();
                        firstClient("root", SECRET).afterPropertiesSet();
                        var keys = new PlatformKeys(
                                new JdbcKeyRows(
                                        JdbcClient.create(dataSource()), box, this::now, MemoryKeyRows.properties()),
                                MemoryKeyRows.properties(),
                                System::nanoTime);
                        keys.afterPropertiesSet();
                        return keys.signer().kid() + keys.published().size();
                    })
                    .toList());
            var seen = new HashSet<String>();
            for (var start : starts) {
                seen.add(start.get());
            }
            assertThat(seen).hasSize(1);
        } finally {
            threads.shutdownNow();
        }

        assertThat(clients.list(null, 10)).extracting(Client::key).containsExactly("root");
        assertThat(clients.authenticate("root", SECRET)).isPresent();
        assertThat(clients.authenticate("root", SECRET + "x")).isEmpty();
        assertThat(JdbcClient.create(dataSource())
                        .sql("select count(*) from signing_key")
                        .query(Integer.class)
                        .single())
                .isEqualTo(4);
    }

    @Test
    void aPlatformThatHasAClientIsLeftAlone() {
        clients.create("mine", null, Set.of(Scope.ADMIN));

        firstClient("root", SECRET).afterPropertiesSet();

        assertThat(clients.find("root")).isEmpty();
    }

    @Test
    void aSetupCodeGivesTheFirstClientOnce() {
        var first = firstClient(null, null);
        first.afterPropertiesSet();
        var code = FirstClient.newCode();
        clients.addSetupCode(SecretHashes.sha256(code));

        assertThat(first.redeem("WRONG-WRONG", "admin")).isEmpty();
        var made = first.redeem(" " + code.toLowerCase(Locale.ROOT), "admin").orElseThrow();
        assertThat(made.client().scopes()).containsExactly(Scope.ADMIN);
        assertThat(clients.authenticate("admin", made.secret())).isPresent();
        assertThat(first.redeem(code, "second")).isEmpty();
        clients.delete("admin", 1);
        assertThat(first.redeem(code, "third")).isEmpty();
    }

    @Test
    void aSetupCodeEndsAfterADay() {
        var code = FirstClient.newCode();
        clients.addSetupCode(SecretHashes.sha256(code));
        later = Duration.ofHours(25);

        assertThat(firstClient(null, null).redeem(code, "admin")).isEmpty();
    }

    @Test
    void aWeakOrHalfConfiguredFirstClientStopsTheStart() {
        for (var weak : new String[] {
            "tiny-one", "changeme-changeme-changeme", "abcabcabcabcabcabcabcabcabc", "example-secret-0a1b2c3d4e5f"
        }) {
            assertThatThrownBy(() -> firstClient("root", weak).afterPropertiesSet())
                    .as(weak)
                    .isInstanceOf(RefusedStartException.class)
                    .hasMessageContaining("SYNCLINE_BOOTSTRAP_CLIENT_SECRET")
                    .hasMessageNotContaining(weak);
        }
        assertThatThrownBy(() -> firstClient("root", null).afterPropertiesSet())
                .isInstanceOf(RefusedStartException.class);
        assertThatThrownBy(() -> firstClient("", SECRET).afterPropertiesSet())
                .isInstanceOf(RefusedStartException.class);
        assertThatThrownBy(() -> firstClient("Not A Key", SECRET).afterPropertiesSet())
                .isInstanceOf(RefusedStartException.class);
        assertThat(clients.isEmpty()).isTrue();
    }
}
