package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.store.SqlDialect;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
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
    private static final PortalProperties PORTAL = new PortalProperties("portal", null);

    private final SecretBox box = SecretBoxes.withNewKey();
    private JdbcClients clients;
    private Duration later = Duration.ZERO;

    abstract DataSource dataSource();

    @BeforeEach
    void emptyPlatform() {
        for (var table :
                new String[] {"api_client", "app_user", "setup_code", "signing_key", "used_assertion", "trusted_issuer"
                }) {
            JdbcClient.create(dataSource()).sql("delete from " + table).update();
        }
        clients = clients();
    }

    private JdbcClients clients() {
        return new JdbcClients(
                JdbcClient.create(dataSource()), this::now, new JdbcTransactionManager(dataSource()), box);
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
                PORTAL,
                clients());
    }

    private Optional<Clients.Told> redeem(String code, String clientId) {
        var steps = new FirstSteps(clients(), null, PORTAL, event -> {}, new JdbcTransactionManager(dataSource()));
        return steps.redeem(code, clientId, null).map(FirstSteps.Made::client);
    }

    @Test
    void aClientIsChangedOnlyAtTheVersionThatWasRead() {
        var made = clients.create("one", ClientSettings.of("billing", Set.of(Scope.RUNS_READ)))
                .orElseThrow();

        assertThat(clients.create("one", ClientSettings.of(null, Set.of(Scope.ADMIN))))
                .isEmpty();
        assertThat(clients.change("one", 7, ClientSettings.of(null, Set.of(Scope.ADMIN))))
                .isEmpty();
        var changed = clients.change("one", 1, ClientSettings.of(null, Set.of(Scope.ADMIN)))
                .orElseThrow()
                .client();

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
        var made = clients.create("one", ClientSettings.of(null, Set.of(Scope.RUNS_READ)))
                .orElseThrow();
        var rotated = clients.rotate("one", 1).orElseThrow();

        assertThat(clients.authenticate("one", made.secret())).isPresent();
        assertThat(clients.authenticate("one", rotated.secret())).isPresent();

        later = Duration.ofHours(-25);
        var past = clients.create("two", ClientSettings.of(null, Set.of(Scope.RUNS_READ)))
                .orElseThrow();
        var second = clients.rotate("two", 1).orElseThrow();
        assertThat(clients.authenticate("two", past.secret())).isEmpty();
        assertThat(clients.authenticate("two", second.secret())).isPresent();
        var third = clients.rotate("two", 2).orElseThrow();
        assertThat(clients.authenticate("two", past.secret())).isEmpty();
        assertThat(clients.authenticate("two", second.secret())).isEmpty();
        assertThat(clients.authenticate("two", third.secret())).isPresent();
    }

    @Test
    void anotherRotationTakesNoSecretItsDay() {
        var first = clients.create("one", settings(AuthMethod.CLIENT_SECRET_BASIC, true))
                .orElseThrow();
        later = Duration.ofHours(-20);
        clients.rotate("one", 1).orElseThrow();
        later = Duration.ofHours(-2);
        var third = clients.rotate("one", 2).orElseThrow();
        later = Duration.ZERO;
        var fourth = clients.rotate("one", 3).orElseThrow();

        // its day began 20 h ago, that of the third now
        assertThat(clients.authenticate("one", first.secret())).isPresent();
        assertThat(clients.authenticate("one", third.secret())).isPresent();
        assertThat(clients.authenticate("one", fourth.secret())).isPresent();
        assertThat(clients.webhookSecrets("one", now()))
                .startsWith(fourth.webhookSecret(), third.webhookSecret())
                .contains(first.webhookSecret())
                .hasSize(4);
        assertThat(clients.webhookSecrets("one", now().plus(Duration.ofHours(5))))
                .startsWith(fourth.webhookSecret(), third.webhookSecret())
                .doesNotContain(first.webhookSecret())
                .hasSize(3);
        assertThat(clients.stored()).hasSize(4).allSatisfy(stored -> {
            var anew = box.seal(box.open(stored.text(), stored.cell()), stored.cell());
            assertThat(clients.replace(stored.cell(), stored.text(), anew)).isTrue();
        });
        assertThat(clients.webhookSecrets("one", now())).hasSize(4).contains(first.webhookSecret());
    }

    @Test
    void aSecretThatWasPushedOutOfItsPlaceStillEndsWithItsDay() {
        later = Duration.ofHours(-26);
        var first = clients.create("one", ClientSettings.of(null, Set.of(Scope.RUNS_READ)))
                .orElseThrow();
        later = Duration.ofHours(-25);
        var second = clients.rotate("one", 1).orElseThrow();
        later = Duration.ofHours(-23);
        var third = clients.rotate("one", 2).orElseThrow();

        assertThat(clients.authenticate("one", first.secret())).isEmpty();
        assertThat(clients.authenticate("one", second.secret())).isPresent();
        assertThat(clients.authenticate("one", third.secret())).isPresent();
    }

    @Test
    void aClientThatTurnsToKeysOrIsDeletedLeavesNoSecretBehindHoweverOftenItWasRotated() {
        var made = clients.create("one", settings(AuthMethod.CLIENT_SECRET_BASIC, true))
                .orElseThrow();
        clients.rotate("one", 1);
        clients.rotate("one", 2);
        clients.change("one", 3, settings(AuthMethod.PRIVATE_KEY_JWT, false));
        clients.change("one", 4, settings(AuthMethod.CLIENT_SECRET_BASIC, true));

        assertThat(clients.authenticate("one", made.secret())).isEmpty();
        assertThat(clients.webhookSecrets("one", now())).hasSize(1);
        clients.rotate("one", 5);
        clients.rotate("one", 6);
        assertThat(clients.delete("one", 7)).isTrue();
        assertThat(clients.stored()).isEmpty();
    }

    @Test
    void noMoreThanTenSecretsAreKeptForAClient() {
        clients.create("one", settings(AuthMethod.CLIENT_SECRET_BASIC, true));
        var last = clients.rotate("one", 1).orElseThrow();
        for (int version = 2; version < JdbcClients.MOST_OLD_SECRETS + 1; version++) {
            last = clients.rotate("one", version).orElseThrow();
        }

        assertThatThrownBy(() -> clients.rotate("one", JdbcClients.MOST_OLD_SECRETS + 1))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("409");
        assertThat(clients.find("one").orElseThrow().version()).isEqualTo(JdbcClients.MOST_OLD_SECRETS + 1);
        assertThat(clients.authenticate("one", last.secret())).isPresent();
        later = Duration.ofHours(25);
        assertThat(clients.rotate("one", JdbcClients.MOST_OLD_SECRETS + 1)).isPresent();
        assertThat(clients.stored()).hasSize(2);
    }

    @Test
    void aNameThatIsNoKeyIsRefusedLikeAnUnknownOne() {
        assertThat(clients.authenticate("one\u0000", SECRET)).isEmpty();
        assertThat(clients.authenticate("", SECRET)).isEmpty();
    }

    @Test
    void aChosenSecretOfTheFormOfOursIsGood() {
        var chosen = SecretHashes.newSecret();
        firstClient("two", chosen).afterPropertiesSet();

        assertThat(clients.authenticate("two", chosen)).isPresent();
        assertThat(clients.authenticate("two", SecretHashes.newSecret())).isEmpty();
        assertThat(clients.authenticate("two", SECRET)).isEmpty();
    }

    @Test
    void aChosenSecretWorksForADayAfterItsRotation() {
        firstClient("two", SECRET).afterPropertiesSet();
        var rotated = clients.rotate("two", 1).orElseThrow();

        assertThat(clients.authenticate("two", SECRET)).isPresent();
        assertThat(clients.authenticate("two", rotated.secret())).isPresent();
        assertThat(clients.authenticate("two", SECRET + "x")).isEmpty();
    }

    @Test
    void noSecretIsStoredInClearText() {
        var made = clients.create("one", ClientSettings.of(null, Set.of(Scope.RUNS_READ)))
                .orElseThrow();
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
        clients.create("mine", ClientSettings.of(null, Set.of(Scope.ADMIN)));

        firstClient("root", SECRET).afterPropertiesSet();

        assertThat(clients.find("root")).isEmpty();
    }

    @Test
    void aSetupCodeGivesTheFirstClientOnce() {
        var first = firstClient(null, null);
        first.afterPropertiesSet();
        var code = FirstClient.newCode();
        clients.addSetupCode(SecretHashes.sha256(code));

        assertThat(redeem("WRONG-WRONG", "admin")).isEmpty();
        var made = redeem(" " + code.toLowerCase(Locale.ROOT), "admin").orElseThrow();
        assertThat(made.client().scopes()).containsExactly(Scope.ADMIN);
        assertThat(clients.authenticate("admin", made.secret())).isPresent();
        assertThat(redeem(code, "second")).isEmpty();
        clients.delete("admin", 1);
        assertThat(redeem(code, "third")).isEmpty();
    }

    @Test
    void thePortalsOwnClientComesFromTheEnvironmentAndLeavesThePlatformEmpty() {
        var portal = new PortalProperties("portal", SECRET);
        var platform = new PlatformProperties("https://sync.example.com");
        var none = new BootstrapClientProperties(null, null);
        new FirstClient(none, platform, portal, clients()).afterPropertiesSet();

        assertThat(clients.authenticate("portal", SECRET).orElseThrow().scopes())
                .containsExactly(Scope.RUNS_READ);
        assertThat(clients.isEmpty("portal")).isTrue();
        new FirstClient(new BootstrapClientProperties("root", SECRET), platform, portal, clients())
                .afterPropertiesSet();
        assertThat(clients.list(null, 10)).extracting(Client::key).containsExactly("portal", "root");
        clients.delete("portal", 1);
        new FirstClient(none, platform, portal, clients()).afterPropertiesSet();
        assertThat(clients.find("portal")).isEmpty();
        assertThatThrownBy(() -> new FirstClient(
                                new BootstrapClientProperties("portal", SECRET), platform, portal, clients())
                        .afterPropertiesSet())
                .isInstanceOf(RefusedStartException.class);
    }

    @Test
    void aSetupCodeEndsAfterADay() {
        var code = FirstClient.newCode();
        clients.addSetupCode(SecretHashes.sha256(code));
        later = Duration.ofHours(25);

        assertThat(redeem(code, "admin")).isEmpty();
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
        assertThat(clients.isEmpty(PORTAL.clientId())).isTrue();
    }

    // --- what clients are beside a secret

    private static ClientSettings settings(AuthMethod method, boolean webhook) {
        return new ClientSettings("billing", Set.of(Scope.TRIGGERS_WRITE), null, method, null, null, null, webhook);
    }

    @Test
    void allThatAnOperatorDecidesIsKept() {
        var settings = new ClientSettings(
                "billing",
                Set.of(Scope.TRIGGERS_WRITE, Scope.RUNS_READ),
                Instant.parse("2099-01-31T12:00:00Z"),
                AuthMethod.PRIVATE_KEY_JWT,
                "{\"keys\":[]}",
                null,
                new ClientSettings.External("idp", "service-account-é"),
                true);

        clients.create("one", settings);

        assertThat(clients.find("one").orElseThrow().settings()).isEqualTo(settings);
        assertThat(clients.findExternal("idp", "service-account-é"))
                .map(Client::key)
                .contains("one");
        assertThat(clients.findExternal("idp", "Service-account-é")).isEmpty();
        var bare = ClientSettings.of(null, Set.of(Scope.RUNS_READ));
        assertThat(clients.change("one", 1, bare).orElseThrow().client().settings())
                .isEqualTo(bare);
    }

    @Test
    void oneSubjectOfAnIssuerIsOneClient() {
        var external = new ClientSettings(
                null,
                Set.of(Scope.RUNS_READ),
                null,
                AuthMethod.NONE,
                null,
                null,
                new ClientSettings.External("idp", "subject"),
                false);
        clients.create("one", external);

        assertThat(clients.create("two", external)).isEmpty();
        assertThat(clients.create("three", ClientSettings.of(null, Set.of(Scope.RUNS_READ))))
                .isPresent();
        assertThat(clients.create("four", ClientSettings.of(null, Set.of(Scope.RUNS_READ))))
                .isPresent();
    }

    @Test
    void anExpiredClientHasNoSecretThatWorks() {
        var until = now().plusSeconds(3600);
        var made = clients.create(
                        "one",
                        new ClientSettings(
                                null,
                                Set.of(Scope.RUNS_READ),
                                until,
                                AuthMethod.CLIENT_SECRET_BASIC,
                                null,
                                null,
                                null,
                                false))
                .orElseThrow();

        assertThat(clients.authenticate("one", made.secret())).isPresent();
        JdbcClient.create(dataSource())
                .sql("update api_client set expires_at = created_at where client_key = 'one'")
                .update();
        assertThat(clients.authenticate("one", made.secret())).isEmpty();
    }

    @Test
    void aClientThatTurnsToKeysHasNoSecretAnyMoreAndGetsANewOneWhenItTurnsBack() {
        var made = clients.create("one", settings(AuthMethod.CLIENT_SECRET_BASIC, false))
                .orElseThrow();
        clients.rotate("one", 1);

        assertThat(clients.change("one", 2, settings(AuthMethod.PRIVATE_KEY_JWT, false))
                        .orElseThrow()
                        .secret())
                .isNull();
        assertThat(clients.authenticate("one", made.secret())).isEmpty();
        var back = clients.change("one", 3, settings(AuthMethod.CLIENT_SECRET_BASIC, false))
                .orElseThrow();
        assertThat(clients.authenticate("one", made.secret())).isEmpty();
        assertThat(clients.authenticate("one", back.secret())).isPresent();
    }

    @Test
    void webhookSecretsAreSealedForTheirCellsAndOverlapForADay() {
        var first = clients.create("one", settings(AuthMethod.NONE, true))
                .orElseThrow()
                .webhookSecret();
        var second = clients.rotate("one", 1).orElseThrow().webhookSecret();

        assertThat(clients.webhookSecrets("one", now())).containsExactly(second, first);
        assertThat(clients.webhookSecrets("one", now().plus(Duration.ofHours(25))))
                .containsExactly(second);
        assertThat(clients.stored()).hasSize(2).allSatisfy(stored -> {
            assertThat(box.isSealed(stored.text())).isTrue();
            assertThat(box.open(stored.text(), stored.cell())).isIn(first, second);
        });
        var anew = box.seal(second, clients.stored().get(0).cell());
        assertThat(clients.replace(clients.stored().get(0).cell(), "other", anew))
                .isFalse();
        assertThat(clients.replace(
                        clients.stored().get(0).cell(), clients.stored().get(0).text(), anew))
                .isTrue();
        assertThat(clients.webhookSecrets("one", now())).containsExactly(second, first);

        clients.change("one", 2, settings(AuthMethod.CLIENT_SECRET_BASIC, false));
        assertThat(clients.webhookSecrets("one", now())).isEmpty();
        assertThat(clients.stored()).isEmpty();
    }

    @Test
    void theLastUseIsNotedAndIsNoChange() {
        clients.create("one", ClientSettings.of(null, Set.of(Scope.RUNS_READ)));
        var at = Instant.parse("2026-11-20T12:00:00Z");

        clients.used("one", at);
        clients.used("one", at.minusSeconds(5));
        clients.used("nobody", at);

        assertThat(clients.find("one").orElseThrow().lastUsedAt()).isEqualTo(at);
        assertThat(clients.find("one").orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void onlyAnAdminThatDoesNotEndCountsAsOne() {
        clients.create("two", ClientSettings.of(null, Set.of(Scope.RUNS_READ)));
        clients.create(
                "three",
                new ClientSettings(
                        null,
                        Set.of(Scope.ADMIN),
                        Instant.parse("2099-01-01T00:00:00Z"),
                        AuthMethod.CLIENT_SECRET_BASIC,
                        null,
                        null,
                        null,
                        false));

        assertThat(clients.anyAdmin()).isFalse();
        clients.create("one", ClientSettings.of(null, Set.of(Scope.ADMIN)));
        assertThat(clients.anyAdmin()).isTrue();
    }

    // --- assertions

    private UsedAssertions usedAssertions() {
        return new UsedAssertions(JdbcClient.create(dataSource()), this::now, new JdbcTransactionManager(dataSource()));
    }

    @Test
    void anAssertionIsUsedOnceOnAllNodesAndOverRestarts() {
        var until = now().plusSeconds(300);

        assertThat(usedAssertions().firstUse("one", "jti", until)).isTrue();
        assertThat(usedAssertions().firstUse("one", "jti", until)).isFalse();
        assertThat(usedAssertions().firstUse("two", "jti", until)).isTrue();
        usedAssertions().purge();
        assertThat(usedAssertions().firstUse("one", "jti", until)).isFalse();
    }

    @Test
    void assertionsThatCouldNotPassAnyMoreAreRemoved() {
        for (int number = 0; number < 1200; number++) {
            usedAssertions().firstUse("one", "old-" + number, now().minusSeconds(1));
        }
        usedAssertions().firstUse("one", "new", now().plusSeconds(60));

        usedAssertions().purge();

        assertThat(JdbcClient.create(dataSource())
                        .sql("select count(*) from used_assertion")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void ofManyThatShowOneAssertionAtOnceOneIsTaken() throws Exception {
        var many = 8;
        var barrier = new CyclicBarrier(many);
        var threads = Executors.newFixedThreadPool(many);
        var until = now().plusSeconds(300);
        try {
            var tries = threads.invokeAll(IntStream.range(0, many)
                    .<Callable<Boolean>>mapToObj(node -> () -> {
                        barrier.await();
                        return usedAssertions().firstUse("one", "jti", until);
                    })
                    .toList());
            var taken = 0;
            for (var attempt : tries) {
                taken += attempt.get() ? 1 : 0;
            }
            assertThat(taken).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
