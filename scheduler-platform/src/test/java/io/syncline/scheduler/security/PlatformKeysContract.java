package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.security.SigningKeys.Key;
import io.syncline.scheduler.security.SigningKeys.State;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import tools.jackson.databind.json.JsonMapper;

/** What rotation and revocation promise on every database, with two nodes over it. */
abstract class PlatformKeysContract {

    private static final String ISSUER = "https://sync.example.com";
    private static final String TASK_RUN = "019aa000-0000-7000-8000-000000000001";
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final SecretBox box = SecretBoxes.withNewKey();
    private final SettableClock clock = SettableClock.atNoon();
    private final List<KeyChanged> events = new ArrayList<>();
    private SigningAlgorithm algorithm = SigningAlgorithm.ES256;
    private TestNode one;
    private TestNode two;

    abstract TestDatabase database();

    @BeforeEach
    void twoNodesOverAnEmptyDatabase() {
        database().jdbc().sql("delete from signing_key").update();
        one = new TestNode();
        two = new TestNode();
    }

    private KeyProperties properties() {
        return new KeyProperties(
                Duration.ofDays(30), Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofSeconds(30), algorithm);
    }

    /** One process: its own nanoseconds, its own idea of the keys. */
    private final class TestNode implements KeyRows {

        final AtomicLong nanos = new AtomicLong(1);
        final JdbcKeyRows rows = new JdbcKeyRows(database().jdbc(), box, clock, properties());
        final PlatformKeys keys = new PlatformKeys(this, properties(), nanos::get);
        final SigningKeys rotation = new RotatingKeys(
                rows,
                keys,
                properties(),
                clock,
                event -> events.add((KeyChanged) event),
                database().transactions());
        final PlatformProperties platform = new PlatformProperties(ISSUER);
        final TokenSigner signer = new TokenSigner(keys, clock::now, platform);
        final StrictJwtDecoder decoder = new StrictJwtDecoder(keys, clock::now, platform);
        final MacCallbackTokens callbacks = new MacCallbackTokens(keys, clock::now);
        boolean databaseIsAway;
        int reads;

        TestNode() {
            keys.afterPropertiesSet();
        }

        String token() {
            return signer.sign("robot", "syncline", "runs:read", null, LIFE);
        }

        boolean accepts(String token) {
            try {
                decoder.decode(token);
                return true;
            } catch (BadJwtException e) {
                return false;
            }
        }

        void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
        }

        @Override
        public List<PlatformKey> usable() {
            reads++;
            if (databaseIsAway) {
                throw new DataAccessResourceFailureException("away");
            }
            return rows.usable();
        }

        @Override
        public void addUnlessPresent(PlatformKey key) {
            rows.addUnlessPresent(key);
        }

        @Override
        public void useUntil(String kid, Instant until) {
            rows.useUntil(kid, until);
        }
    }

    /** For all clocks there are. */
    private void pass(Duration time) {
        clock.advance(time);
        one.pass(time);
        two.pass(time);
    }

    private List<Key> keys(KeyPurpose purpose) {
        return one.rotation.list().stream()
                .filter(key -> key.purpose() == purpose)
                .toList();
    }

    private Key key(KeyPurpose purpose, State state) {
        return keys(purpose).stream()
                .filter(key -> key.state() == state)
                .findFirst()
                .orElseThrow();
    }

    private List<State> states(KeyPurpose purpose) {
        return keys(purpose).stream().map(Key::state).toList();
    }

    // --- rotation

    @ParameterizedTest
    @EnumSource(KeyPurpose.class)
    void thereIsACurrentAndANextKeyOfEachPurpose(KeyPurpose purpose) {
        assertThat(states(purpose)).containsExactly(State.NEXT, State.CURRENT);
        assertThat(key(purpose, State.CURRENT).activatedAt()).isEqualTo(SettableClock.NOON);
    }

    @ParameterizedTest
    @EnumSource(KeyPurpose.class)
    void aRotationMakesTheNextKeyCurrentAndANewNext(KeyPurpose purpose) {
        var current = key(purpose, State.CURRENT).kid();
        var next = key(purpose, State.NEXT).kid();
        pass(Duration.ofMinutes(10));

        var after = one.rotation.rotate(purpose, "anna", "moved house");

        assertThat(after).isEqualTo(keys(purpose));
        assertThat(states(purpose)).containsExactly(State.NEXT, State.CURRENT, State.RETIRED);
        assertThat(key(purpose, State.CURRENT).kid()).isEqualTo(next);
        assertThat(key(purpose, State.CURRENT).activatedAt()).isEqualTo(clock.now());
        assertThat(key(purpose, State.RETIRED).kid()).isEqualTo(current);
        assertThat(key(purpose, State.RETIRED).acceptedUntil())
                .isEqualTo(clock.now().plus(Duration.ofHours(1)));
        assertThat(events).containsExactly(new KeyChanged("anna", "rotate", purpose, current, next, "moved house"));
    }

    @Test
    void aKeyIsNotUsedBeforeEverybodyCanKnowIt() {
        pass(Duration.ofMinutes(10).minusSeconds(1));

        assertThatThrownBy(() -> one.rotation.rotate(KeyPurpose.TOKEN, "anna", "haste"))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(409);
                    assertThat(refused.headers()).containsEntry("Retry-After", "2");
                });
        assertThat(states(KeyPurpose.TOKEN)).containsExactly(State.NEXT, State.CURRENT);
        assertThat(events).isEmpty();
    }

    @Test
    void bothNodesAcceptWhatEitherSignsWhileOneHasNotHeardOfTheRotation() {
        pass(Duration.ofMinutes(10));
        two.keys.signer();
        var before = two.token();

        one.rotation.rotate(KeyPurpose.TOKEN, "anna", "test");

        assertThat(two.signer.kid()).isNotEqualTo(one.signer.kid());
        assertThat(two.accepts(one.token())).isTrue();
        assertThat(one.accepts(two.token())).isTrue();
        assertThat(one.accepts(before)).isTrue();
    }

    @Test
    void aRotatedKeyIsAcceptedAndPublishedWithinItsOverlapOnly() {
        pass(Duration.ofMinutes(10));
        var old = one.signer.kid();
        one.rotation.rotate(KeyPurpose.TOKEN, "anna", "test");
        assertThat(one.keys.published())
                .extracting(VerificationKey::kid)
                .containsExactly(
                        key(KeyPurpose.TOKEN, State.CURRENT).kid(),
                        key(KeyPurpose.TOKEN, State.NEXT).kid(),
                        old);

        pass(Duration.ofHours(1).minusSeconds(1));
        assertThat(one.keys.find(old)).isPresent();
        assertThat(two.keys.find(old)).isPresent();

        // To the second, though nothing is read again.
        var reads = one.reads;
        pass(Duration.ofSeconds(1));
        assertThat(one.keys.find(old)).isEmpty();
        assertThat(two.keys.find(old)).isEmpty();
        assertThat(one.keys.published()).extracting(VerificationKey::kid).doesNotContain(old);
        assertThat(one.reads).isEqualTo(reads);
    }

    @Test
    void keysRotateWhenTheyAreDueAndAreRemovedWhenTheirOverlapIsOver() {
        var old = one.signer.kid();
        pass(Duration.ofDays(30).minusSeconds(1));
        one.rotation.rotateWhatIsDue();
        assertThat(events).isEmpty();

        pass(Duration.ofSeconds(1));
        one.rotation.rotateWhatIsDue();
        two.rotation.rotateWhatIsDue();
        assertThat(events)
                .extracting(KeyChanged::purpose)
                .containsExactlyInAnyOrder(KeyPurpose.TOKEN, KeyPurpose.CALLBACK);
        assertThat(events).extracting(KeyChanged::actor).containsOnly("syncline");
        assertThat(states(KeyPurpose.TOKEN)).containsExactly(State.NEXT, State.CURRENT, State.RETIRED);

        pass(Duration.ofHours(1).plusSeconds(1));
        one.rotation.rotateWhatIsDue();
        assertThat(states(KeyPurpose.TOKEN)).containsExactly(State.NEXT, State.CURRENT);
        assertThat(keys(KeyPurpose.TOKEN)).extracting(Key::kid).doesNotContain(old);
        assertThat(two.accepts(two.token())).isTrue();
    }

    @Test
    void aKeyThatIsNotReplacedInTimeOrCannotBeIsFound() {
        var expiries = new OverdueKeys(one.rows, properties());
        var current = one.signer.kid();
        var due = clock.now().plus(Duration.ofDays(30));
        pass(Duration.ofDays(30).plus(Duration.ofHours(1)).minusSeconds(1));
        assertThat(expiries.notReplaced(clock.now())).isEmpty();

        pass(Duration.ofSeconds(1));
        assertThat(expiries.notReplaced(clock.now()))
                .extracting(KeyExpiries.Expiry::purpose)
                .containsExactlyInAnyOrder(KeyPurpose.TOKEN, KeyPurpose.CALLBACK);
        assertThat(expiries.notReplaced(clock.now()))
                .contains(new KeyExpiries.Expiry(KeyPurpose.TOKEN, current, due, true));

        one.rotation.rotateWhatIsDue();
        assertThat(expiries.notReplaced(clock.now())).isEmpty();
        var next = keys(KeyPurpose.TOKEN).get(0).kid();
        database()
                .jdbc()
                .sql("delete from signing_key where kid = :kid")
                .param("kid", next)
                .update();
        assertThat(expiries.notReplaced(clock.now()))
                .containsExactly(new KeyExpiries.Expiry(
                        KeyPurpose.TOKEN, two.signer.kid(), clock.now().plus(Duration.ofDays(30)), false));
    }

    @Test
    void manyNodesThatFindARotationDueDoOne() throws Exception {
        pass(Duration.ofDays(30));
        var nodes = 4;
        var barrier = new CyclicBarrier(nodes);
        var threads = Executors.newFixedThreadPool(nodes);
        try {
            var ticks = threads.invokeAll(IntStream.range(0, nodes)
                    .<Callable<Void>>mapToObj(number -> () -> {
                        var node = new TestNode();
                        barrier.await();
                        node.rotation.rotateWhatIsDue();
                        return null;
                    })
                    .toList());
            for (var tick : ticks) {
                tick.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(states(KeyPurpose.TOKEN)).containsExactly(State.NEXT, State.CURRENT, State.RETIRED);
        assertThat(states(KeyPurpose.CALLBACK)).containsExactly(State.NEXT, State.CURRENT, State.RETIRED);
    }

    // --- revocation

    @ParameterizedTest
    @EnumSource(KeyPurpose.class)
    void revokingTheCurrentKeyMakesTheNextOneCurrentAtOnce(KeyPurpose purpose) {
        var current = key(purpose, State.CURRENT).kid();
        var next = key(purpose, State.NEXT).kid();

        var revoked = one.rotation.revoke(current, "anna", "laptop stolen").orElseThrow();

        assertThat(revoked.state()).isEqualTo(State.REVOKED);
        assertThat(revoked.revokedAt()).isEqualTo(clock.now());
        assertThat(states(purpose)).containsExactly(State.NEXT, State.CURRENT, State.REVOKED);
        assertThat(key(purpose, State.CURRENT).kid()).isEqualTo(next);
        assertThat(events).containsExactly(new KeyChanged("anna", "revoke", purpose, current, next, "laptop stolen"));
    }

    @Test
    void aRevokedKeyIsRefusedHereAtOnceAndElsewhereWithinAMinute() {
        var token = two.token();
        var kid = two.signer.kid();
        one.accepts(token);

        one.rotation.revoke(kid, "anna", "stolen");

        assertThat(one.accepts(token)).isFalse();
        assertThat(one.signer.kid()).isNotEqualTo(kid);
        assertThat(one.accepts(one.token())).isTrue();
        two.pass(Duration.ofSeconds(59));
        assertThat(two.accepts(token)).isFalse();
        assertThat(two.keys.published()).extracting(VerificationKey::kid).doesNotContain(kid);
        assertThat(two.accepts(two.token())).isTrue();
        assertThat(one.accepts(two.token())).isTrue();
    }

    @Test
    void aNodeThatCannotReadTheKeysKnowsThemForAMinuteAndThenAcceptsNothing() {
        var token = two.token();
        two.databaseIsAway = true;
        one.rotation.revoke(two.signer.kid(), "anna", "stolen");

        two.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(two.accepts(token)).isTrue();
        two.pass(Duration.ofNanos(1));
        assertThatThrownBy(() -> two.accepts(token)).isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> two.token()).isInstanceOf(DataAccessException.class);

        // Callers get their refusal without each of them asking the database.
        var reads = two.reads;
        for (int call = 0; call < 100; call++) {
            assertThatThrownBy(() -> two.accepts(token)).isInstanceOf(DataAccessException.class);
        }
        assertThat(two.reads).isEqualTo(reads);

        two.databaseIsAway = false;
        two.pass(Duration.ofSeconds(1));
        assertThat(two.accepts(token)).isFalse();
        assertThat(two.accepts(two.token())).isTrue();
    }

    @Test
    void aPlatformTokenThatWasRefusedForItsRevokedKeyIsFollowedByOneOfAnotherKey() {
        var tokens = new SignedPlatformTokens(two.signer, two.platform);
        var refused = tokens.forSystem("crm");
        var kid = two.signer.kid();
        one.rotation.revoke(kid, "anna", "stolen");
        assertThat(tokens.forSystem("crm")).isEqualTo(refused);

        tokens.forget("crm");

        assertThat(StrictJws.read(tokens.forSystem("crm")).header())
                .containsEntry("kid", one.signer.kid())
                .doesNotContainEntry("kid", kid);
    }

    @Test
    void noPlatformTokenOfAKeyKnownToBeRevokedGoesOut() {
        var tokens = new SignedPlatformTokens(one.signer, one.platform);
        tokens.forSystem("crm");

        one.rotation.revoke(one.signer.kid(), "anna", "stolen");

        assertThat(StrictJws.read(tokens.forSystem("crm")).header()).containsEntry("kid", one.signer.kid());
    }

    @Test
    void theNextKeyAndRetiredOnesAreRevokedWithoutAChangeOfTheCurrentOne() {
        var current = one.signer.kid();
        var next = key(KeyPurpose.TOKEN, State.NEXT).kid();

        one.rotation.revoke(next, "anna", "seen in a log");

        assertThat(states(KeyPurpose.TOKEN)).containsExactly(State.NEXT, State.REVOKED, State.CURRENT);
        assertThat(one.signer.kid()).isEqualTo(current);
        pass(Duration.ofMinutes(10));
        one.rotation.rotate(KeyPurpose.TOKEN, "anna", "test");
        one.rotation.revoke(current, "anna", "test");
        assertThat(states(KeyPurpose.TOKEN)).containsExactly(State.NEXT, State.CURRENT, State.REVOKED, State.REVOKED);
        assertThat(one.keys.find(current)).isEmpty();
        assertThat(events).extracting(KeyChanged::current).containsExactly(null, one.signer.kid(), null);
    }

    @Test
    void aSecondRevocationChangesNothing() {
        var kid = one.signer.kid();
        var first = one.rotation.revoke(kid, "anna", "stolen");
        pass(Duration.ofMinutes(1));

        assertThat(one.rotation.revoke(kid, "otto", "stolen too")).isEqualTo(first);
        assertThat(two.rotation.revoke("unknown", "otto", "who knows")).isEmpty();
        assertThat(events).hasSize(1);

        pass(Duration.ofDays(91));
        one.rotation.rotateWhatIsDue();
        assertThat(one.rotation.revoke(kid, "otto", "again")).isEmpty();
    }

    // --- callback tokens

    @Test
    void aCallbackTokenIsGoodUntilItsOwnEndHoweverOftenKeysRotate() {
        var end = clock.now().plus(Duration.ofDays(200));
        var token = one.callbacks.issue(TASK_RUN, 1, end);

        for (int month = 0; month < 6; month++) {
            pass(Duration.ofDays(31));
            one.rotation.rotateWhatIsDue();
            assertThat(one.callbacks.verify(token)).isPresent();
            assertThat(two.callbacks.verify(token)).isPresent();
        }
        pass(Duration.ofDays(14));
        assertThat(two.callbacks.verify(token)).isEmpty();
        pass(Duration.ofDays(8));
        one.rotation.rotateWhatIsDue();
        assertThat(keys(KeyPurpose.CALLBACK)).extracting(Key::createdAt).doesNotContain(SettableClock.NOON);
    }

    @Test
    void theUseOfACallbackKeyIsNotedOnceForManyTokens() {
        one.callbacks.issue(TASK_RUN, 1, clock.now().plus(Duration.ofHours(30)));
        var reads = one.reads;

        for (int attempt = 2; attempt < 100; attempt++) {
            one.callbacks.issue(TASK_RUN, attempt, clock.now().plus(Duration.ofHours(30 + attempt)));
        }

        assertThat(one.reads).isEqualTo(reads);
    }

    @Test
    void callbackTokensOfARevokedKeyEndAndNewOnesAreGoodOnAllNodes() {
        var token = two.callbacks.issue(TASK_RUN, 1, clock.now().plus(Duration.ofDays(1)));
        two.keys.signer();

        one.rotation.revoke(key(KeyPurpose.CALLBACK, State.CURRENT).kid(), "anna", "stolen");

        assertThat(one.callbacks.verify(token)).isEmpty();
        var fresh = one.callbacks.issue(TASK_RUN, 1, clock.now().plus(Duration.ofDays(1)));
        assertThat(two.callbacks.verify(fresh)).isPresent();
        two.pass(Duration.ofSeconds(59));
        assertThat(two.callbacks.verify(token)).isEmpty();
    }

    // --- algorithms

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void keysOfEachAlgorithmSignAndAreReadFromTheKeySetByAnybody(SigningAlgorithm chosen) throws Exception {
        algorithm = chosen;
        database().jdbc().sql("delete from signing_key").update();
        one = new TestNode();

        var token = one.token();

        assertThat(one.decoder.decode(token).getHeaders()).containsEntry("alg", chosen.text());
        var answer = new JwksController(one.keys).jwks().getBody();
        var set = JwkSet.published(new JsonMapper().writeValueAsBytes(answer));
        var policy = new StrictJws.Policy(
                java.util.Set.of("at+jwt"),
                false,
                StrictJws.ALGORITHMS,
                ISSUER,
                java.util.Set.of("syncline"),
                LIFE,
                java.util.Set.of("sub"));
        assertThat(new StrictJws(clock::now)
                        .verify(StrictJws.read(token), policy, set::find)
                        .header())
                .containsEntry("kid", one.signer.kid());
    }

    @Test
    void aChangedAlgorithmCountsForKeysMadeAfterIt() {
        algorithm = SigningAlgorithm.EDDSA;
        two = new TestNode();
        assertThat(two.keys.signer().algorithm()).isEqualTo(SigningAlgorithm.ES256);

        for (int turn = 0; turn < 2; turn++) {
            pass(Duration.ofMinutes(10));
            two.rotation.rotate(KeyPurpose.TOKEN, "anna", "to EdDSA");
        }

        assertThat(two.keys.signer().algorithm()).isEqualTo(SigningAlgorithm.EDDSA);
        assertThat(one.accepts(two.token())).isTrue();
        assertThat(two.accepts(one.token())).isTrue();
    }

    // --- keys that somebody has meddled with

    @Test
    void aPublicKeyPutInByHandStopsTheStart() {
        var stranger = PlatformKey.made(KeyPurpose.TOKEN, 9, SigningAlgorithm.ES256);
        database()
                .jdbc()
                .sql("update signing_key set public_key = :key where kid = :kid")
                .params(Map.of("key", String.valueOf(stranger.publicKey()), "kid", one.signer.kid()))
                .update();

        assertThatThrownBy(TestNode::new).hasMessageContaining(one.signer.kid()).hasMessageContaining("no pair");
        two.pass(Duration.ofSeconds(59));
        assertThat(two.accepts(two.token())).isTrue();
        two.pass(Duration.ofSeconds(1));
        assertThatThrownBy(() -> two.token()).isInstanceOf(RuntimeException.class);
    }

    @Test
    void oneKeyForTwoPurposesStopsTheStart() {
        var token = one.rows.usable().stream()
                .filter(key -> key.purpose() == KeyPurpose.TOKEN)
                .findFirst()
                .orElseThrow();
        var callback = key(KeyPurpose.CALLBACK, State.CURRENT).kid();
        database()
                .jdbc()
                .sql("update signing_key set private_key = :key where kid = :kid")
                .params(Map.of("key", box.seal(token.privateKey(), JdbcKeyRows.cell(callback)), "kid", callback))
                .update();

        assertThatThrownBy(TestNode::new).isInstanceOfSatisfying(RefusedStartException.class, refused -> {
            assertThat(refused)
                    .hasMessageContaining(token.kid())
                    .hasMessageContaining(callback)
                    .hasMessageContaining("two purposes")
                    .hasMessageNotContaining(token.privateKey());
            assertThat(refused.action()).contains("Delete both rows");
        });
        database()
                .jdbc()
                .sql("delete from signing_key where kid = :kid")
                .param("kid", callback)
                .update();
        database()
                .jdbc()
                .sql("delete from signing_key where kid = :kid")
                .param("kid", token.kid())
                .update();
        assertThatCode(TestNode::new).doesNotThrowAnyException();
        assertThat(states(KeyPurpose.CALLBACK)).containsExactly(State.NEXT, State.CURRENT);
    }

    @Test
    void aShortCallbackKeyStopsTheStart() {
        var callback = key(KeyPurpose.CALLBACK, State.CURRENT).kid();
        database()
                .jdbc()
                .sql("update signing_key set private_key = :key where kid = :kid")
                .params(Map.of("key", box.seal("c2hvcnQ=", JdbcKeyRows.cell(callback)), "kid", callback))
                .update();

        assertThatThrownBy(TestNode::new).hasMessageContaining(callback).hasMessageContaining("256 bits");
    }
}
