package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.faults.Calls;
import io.syncline.faults.FaultyDataSource;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;

/**
 * Keys whose time has come are turned over and one is revoked, once for each call that fails on it. Whatever fails, there
 * are one that signs and one that will, what was signed is accepted by every node, and what was revoked by none.
 */
abstract class KeyRotationSweep {

    private static final Duration EVERY = Duration.ofDays(30);

    private final Calls jdbc = new Calls("JDBC");
    private final SecretBox box = SecretBoxes.withNewKey();
    private final KeyProperties properties = new KeyProperties(
            EVERY, Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofSeconds(30), SigningAlgorithm.ES256);
    private final PlatformProperties platform = new PlatformProperties("https://sync.example.com");

    abstract TestDatabase database();

    abstract @Nullable String abort();

    private final class Node {

        final JdbcKeyRows rows;
        final PlatformKeys keys;
        final SigningKeys rotation;
        final TokenSigner signer;
        final StrictJwtDecoder decoder;

        Node(TestDatabase tables, SettableClock time, AtomicLong nanos) {
            // As the real one, which asks the database and so may fail.
            DatabaseClock clock = () -> {
                tables.jdbc().sql("select 1").query(Integer.class).single();
                return time.now();
            };
            rows = new JdbcKeyRows(tables.jdbc(), box, clock, properties);
            keys = new PlatformKeys(rows, properties, nanos::get);
            rotation = new RotatingKeys(rows, keys, properties, clock, event -> {}, tables.transactions());
            signer = new TokenSigner(keys, time::now, platform);
            decoder = new StrictJwtDecoder(keys, time::now, platform);
            keys.afterPropertiesSet();
        }

        String token() {
            return signer.sign("robot", "syncline", "runs:read", null, Duration.ofMinutes(5));
        }

        boolean accepts(String token) {
            try {
                decoder.decode(token);
                return true;
            } catch (BadJwtException e) {
                return false;
            }
        }
    }

    private abstract class Turned implements Flow {

        final SettableClock time = SettableClock.atNoon();
        final AtomicLong nanos = new AtomicLong(1);
        final FaultyDataSource source = new FaultyDataSource(database().dataSource(), jdbc, abort());
        final Node node;
        final Node other;
        private boolean answered;

        Turned() {
            database().jdbc().sql("delete from signing_key").update();
            node = new Node(new TestDatabase(source.dataSource()), time, nanos);
            other = new Node(database(), time, nanos);
        }

        abstract void turn();

        @Override
        public void go() {
            try {
                turn();
                answered = true;
            } catch (RuntimeException unknown) {
                answered = false;
            }
        }

        @Override
        public void finish() {
            if (!answered) {
                turn();
            }
            // until each node has read the keys again
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        }

        @Override
        public void check() {
            assertThat(source.open()).as("connections not given back").isZero();
            for (var purpose : KeyPurpose.values()) {
                assertThat(node.rotation.list())
                        .filteredOn(key -> key.purpose() == purpose)
                        .as("keys of purpose " + purpose)
                        .extracting(SigningKeys.Key::state)
                        .containsExactlyInAnyOrderElementsOf(states(purpose));
            }
            assertThat(other.accepts(node.token()))
                    .as("a new token of this node, at another")
                    .isTrue();
            assertThat(node.accepts(other.token()))
                    .as("a new token of another node, at this")
                    .isTrue();
        }

        abstract List<SigningKeys.State> states(KeyPurpose purpose);
    }

    private final class Rotated extends Turned {

        private final String before;

        Rotated() {
            time.advance(EVERY);
            nanos.addAndGet(EVERY.toNanos());
            before = other.token();
        }

        @Override
        void turn() {
            node.rotation.rotateWhatIsDue();
        }

        @Override
        List<SigningKeys.State> states(KeyPurpose purpose) {
            return List.of(SigningKeys.State.NEXT, SigningKeys.State.CURRENT, SigningKeys.State.RETIRED);
        }

        @Override
        public void check() {
            super.check();
            assertThat(node.accepts(before))
                    .as("a token from before, at this node")
                    .isTrue();
            assertThat(other.accepts(before))
                    .as("a token from before, at another")
                    .isTrue();
        }
    }

    @Test
    void keysAreTurnedOver() {
        System.out.println("swept " + Sweep.over("keysAreTurnedOver", jdbc, Rotated::new));
    }

    private final class Revoked extends Turned {

        private final String before = node.token();
        private final String kid = node.rotation.list().stream()
                .filter(key -> key.purpose() == KeyPurpose.TOKEN && key.state() == SigningKeys.State.CURRENT)
                .map(SigningKeys.Key::kid)
                .findFirst()
                .orElseThrow();

        @Override
        void turn() {
            node.rotation.revoke(kid, "ada", "in wrong hands");
        }

        @Override
        List<SigningKeys.State> states(KeyPurpose purpose) {
            return purpose == KeyPurpose.TOKEN
                    ? List.of(SigningKeys.State.NEXT, SigningKeys.State.CURRENT, SigningKeys.State.REVOKED)
                    : List.of(SigningKeys.State.NEXT, SigningKeys.State.CURRENT);
        }

        @Override
        public void check() {
            super.check();
            assertThat(node.accepts(before))
                    .as("a token of the revoked key, at this node")
                    .isFalse();
            assertThat(other.accepts(before))
                    .as("a token of the revoked key, at another")
                    .isFalse();
        }
    }

    @Test
    void aKeyIsRevoked() {
        System.out.println("swept " + Sweep.over("aKeyIsRevoked", jdbc, Revoked::new));
    }

    /** Whose answer never came rotates once more; who works with the secret from before must not notice. */
    private final class SecretRotated implements Flow {

        private final SettableClock time = SettableClock.atNoon();
        private final FaultyDataSource source = new FaultyDataSource(database().dataSource(), jdbc, abort());
        private final JdbcClients clients = clients(new TestDatabase(source.dataSource()));
        private final JdbcClients others = clients(database());
        private final Clients.Told before;
        private Clients.@Nullable Told told;

        SecretRotated() {
            database().jdbc().sql("delete from api_client").update();
            time.set(database()
                    .jdbc()
                    .sql("select current_timestamp")
                    .query((row, number) ->
                            row.getObject(1, OffsetDateTime.class).toInstant())
                    .single());
            before = others.create(
                            "robot",
                            new ClientSettings(
                                    null,
                                    Set.of(Scope.RUNS_READ),
                                    null,
                                    AuthMethod.CLIENT_SECRET_BASIC,
                                    null,
                                    null,
                                    null,
                                    true))
                    .orElseThrow();
        }

        private JdbcClients clients(TestDatabase tables) {
            return new JdbcClients(
                    tables.jdbc(),
                    () -> {
                        tables.jdbc().sql("select 1").query(Integer.class).single();
                        return time.now();
                    },
                    tables.transactions(),
                    box);
        }

        private void rotate(JdbcClients through) {
            var version = others.find("robot").orElseThrow().version();
            told = through.rotate("robot", version).orElseThrow();
        }

        @Override
        public void go() {
            try {
                rotate(clients);
            } catch (RuntimeException unknown) {
                told = null;
            }
        }

        @Override
        public void finish() {
            if (told == null) {
                time.advance(Duration.ofMinutes(1));
                rotate(clients);
            }
        }

        @Override
        public void check() {
            assertThat(source.open()).as("connections not given back").isZero();
            for (var secret : List.of(before, Objects.requireNonNull(told))) {
                assertThat(others.authenticate("robot", Objects.requireNonNull(secret.secret())))
                        .as("a secret that was told, within its day")
                        .isPresent();
                assertThat(others.webhookSecrets("robot", time.now().plus(Duration.ofHours(23))))
                        .as("webhook secrets within their day")
                        .contains(secret.webhookSecret());
            }
            assertThat(others.webhookSecrets("robot", time.now().plus(Duration.ofHours(24))))
                    .as("webhook secrets after the day")
                    .containsExactly(told.webhookSecret());
        }
    }

    @Test
    void aClientsSecretsAreRotated() {
        System.out.println("swept " + Sweep.over("aClientsSecretsAreRotated", jdbc, SecretRotated::new));
    }
}
