package io.syncline.scheduler.outbound;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.AuthType;
import io.syncline.scheduler.catalog.Credential;
import io.syncline.scheduler.catalog.CredentialUse;
import io.syncline.scheduler.catalog.KeptCredential;
import io.syncline.scheduler.catalog.Origins;
import io.syncline.scheduler.catalog.Routing;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.security.ClientAssertions;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.security.TokenShape;
import io.syncline.scheduler.testing.FakeDownstream;
import io.syncline.scheduler.testing.FakeDownstream.Script;
import io.syncline.scheduler.testing.OneNode;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that prove themselves by a credential of the system, over real connections. */
class CredentialedCallsIT {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String NAME = "plans-client";

    private final FakeDownstream downstream = FakeDownstream.start();
    private final FakeDownstream idp = FakeDownstream.start();
    private final HttpCalls http = new HttpCalls(OutboundProperties.standard());
    private final ExecutorService lookUps = Executors.newCachedThreadPool();
    private final AtomicLong passedNanos = new AtomicLong();
    private volatile List<Destination> approved = List.of(Destination.parse("http://127.0.0.1:*"));
    private volatile @Nullable KeptCredential kept;
    private volatile Instant now = NOON;
    private final DestinationGuard guard = new DestinationGuard(() -> approved, InetAddress::getAllByName);
    private final Proofs proofs = new Proofs(
            (system, name) ->
                    Optional.ofNullable(kept).filter(found -> found.name().equals(name)),
            new ClientAssertions(() -> now),
            new GuardedRequests(guard, http, lookUps),
            http,
            OutboundProperties.standard(),
            lookUps,
            () -> now,
            () -> System.nanoTime() + passedNanos.get(),
            CredentialUse.UNNOTED);
    private final HttpDownstreams downstreams = new HttpDownstreams(
            new OneSystem(),
            new OneNode("node"),
            new ShapedTokens(),
            proofs,
            guard,
            http,
            OutboundProperties.standard(),
            new SimpleMeterRegistry(),
            lookUps,
            System::nanoTime);

    @AfterEach
    void close() {
        proofs.close();
        http.close();
        lookUps.shutdownNow();
        downstream.close();
        idp.close();
    }

    @Test
    void basicIsUserAndPasswordInUtf8() {
        keep(new Credential.Basic("müller", "pass wörd:€"), null);

        assertThat(status(call())).isEqualTo(202);

        String header = downstream.received().get(0).headers().get("authorization");
        assertThat(header).startsWith("Basic ");
        assertThat(new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8))
                .isEqualTo("müller:pass wörd:€");
    }

    @Test
    void anApiKeyStandsInItsHeaderAlone() {
        keep(new Credential.ApiKey("X-Api-Key", null, "k-1"), null);

        assertThat(status(call())).isEqualTo(202);

        assertThat(downstream.received().get(0).headers())
                .containsEntry("x-api-key", "k-1")
                .doesNotContainKey("authorization");
    }

    @ParameterizedTest
    @CsvSource({"/sync, /sync?key=a%20b%2Bc%26d", "/sync?x=1, /sync?x=1&key=a%20b%2Bc%26d"})
    void anApiKeyInTheQueryIsEncodedAndToldToNobody(String path, String expected) {
        keep(new Credential.ApiKey(null, "key", "a b+c&d"), null);
        downstream.answers(Script.status(202), Script.reset());

        Reply answered = call(path);
        Reply lost = call(path);

        assertThat(downstream.received().get(0).path()).isEqualTo(expected);
        assertThat(answered.instance()).isEqualTo(downstream.url().toString());
        assertThat(lost)
                .isInstanceOfSatisfying(
                        Reply.NoAnswer.class,
                        none -> assertThat(none.toString()).doesNotContain("a%20b"));
    }

    @Test
    void platformTokensCarryTheShapeOfTheTask() {
        var shape = new TokenShape(Map.of("tenant", "t1"), Duration.ofMinutes(2), "their-audience");

        call("/sync", new Auth(AuthType.PLATFORM_JWT, null, shape), Duration.ofSeconds(5));

        assertThat(downstream.received().get(0).headers())
                .containsEntry("authorization", "Bearer consumer {tenant=t1} PT2M their-audience");
    }

    @Test
    void aTokenIsFetchedOnceWithTheFormEncodedPairAndUsedForFourFifthsOfItsLife() {
        keep(oauth2("plans client", "s:e/c+r", null), null);
        idp.answers(token("t-1", 100), token("t-2", 100));

        for (int i = 0; i < 3; i++) {
            assertThat(status(call())).isEqualTo(202);
        }

        assertThat(idp.received()).singleElement().satisfies(request -> {
            String pair = request.headers().get("authorization").substring(6);
            assertThat(new String(Base64.getDecoder().decode(pair), StandardCharsets.UTF_8))
                    .isEqualTo("plans+client:s%3Ae%2Fc%2Br");
            assertThat(form(request.text()))
                    .containsEntry("grant_type", "client_credentials")
                    .containsEntry("scope", "sync:run a")
                    .containsEntry("audience", "https://plans.example.com");
            assertThat(request.headers())
                    .containsEntry("content-type", "application/x-www-form-urlencoded")
                    .containsEntry("accept", "application/json");
        });
        passedNanos.set(Duration.ofSeconds(79).toNanos());
        call();
        assertThat(idp.calls()).isEqualTo(1);
        passedNanos.set(Duration.ofSeconds(81).toNanos());
        call();
        assertThat(idp.calls()).isEqualTo(2);
        assertThat(bearers()).containsExactly("t-1", "t-1", "t-1", "t-1", "t-2");
    }

    @Test
    void aTokenOfUntoldLifeIsTakenToLiveAMinute() {
        keep(oauth2("c", "s", null), null);
        idp.alwaysAnswers(Script.json(200, "{\"access_token\":\"t\",\"token_type\":\"bearer\"}"));

        call();
        passedNanos.set(Duration.ofSeconds(47).toNanos());
        call();
        assertThat(idp.calls()).isEqualTo(1);
        passedNanos.set(Duration.ofSeconds(49).toNanos());
        call();

        assertThat(idp.calls()).isEqualTo(2);
    }

    @Test
    void whoeverNeedsATokenWaitsForTheOneRequestUnderWay() {
        keep(oauth2("c", "s", null), null);
        var gate = new CountDownLatch(1);
        idp.alwaysAnswers(token("t-1", 300).once(gate));

        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            calls.add(start("/sync", task(), Duration.ofSeconds(20)));
        }
        gate.countDown();

        calls.forEach(
                call -> assertThat(status(call.orTimeout(20, SECONDS).join())).isEqualTo(202));
        assertThat(idp.calls()).isEqualTo(1);
    }

    @Test
    void aRefusedTokenIsForgottenAndOnlyThatOne() {
        keep(oauth2("c", "s", null), null);
        idp.answers(token("t-1", 300), token("t-2", 300));
        downstream.answers(Script.status(401), Script.status(202));

        assertThat(status(call())).isEqualTo(401);
        assertThat(status(call())).isEqualTo(202);
        assertThat(status(call())).isEqualTo(202);

        assertThat(bearers()).containsExactly("t-1", "t-2", "t-2");
        assertThat(idp.calls()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "500|{}|answered 500",
                "302|{}|redirects are not followed",
                "400|{\"error\":\"invalid_scope\"}|invalid_scope",
                "401|{\"error\":\"invalid_client\"}|refused the client",
                "400|{\"error\":\"<secret echo>\"}|answered 400",
                "200|<html>|without a bearer token",
                "200|{\"access_token\":\"a\\nb\",\"token_type\":\"bearer\"}|without a bearer token",
                "200|{\"access_token\":\"a\",\"token_type\":\"mac\"}|without a bearer token",
                "200|{\"access_token\":\"a\",\"access_token\":\"b\",\"token_type\":\"bearer\"}|without a bearer token",
                "200|{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":\"soon\"}|expires_in",
                "200|{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":-1}|expires_in"
            })
    void withoutATokenTheOutcomeIsUnknownAndTheDownstreamIsNotCalled(String line) {
        String[] parts = line.split("\\|");
        keep(oauth2("c", "s", null), null);
        idp.answers(Script.json(Integer.parseInt(parts[0]), parts[1]).with("Location", downstream.url() + "/inner"));

        Reply reply = call();

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.NoAnswer.class,
                        none -> assertThat(none.cause()).contains(parts[2]).doesNotContain("secret echo"));
        assertThat(downstream.connections()).isZero();
    }

    @Test
    void aFailedTokenEndpointIsLeftAloneForFiveSeconds() {
        keep(oauth2("c", "s", null), null);
        idp.answers(Script.status(503));

        for (int i = 0; i < 20; i++) {
            assertThat(call()).isInstanceOf(Reply.NoAnswer.class);
        }
        assertThat(idp.calls()).isEqualTo(1);
        passedNanos.set(Duration.ofSeconds(6).toNanos());
        idp.answers(token("t-1", 300));

        assertThat(status(call())).isEqualTo(202);
    }

    @Test
    void aTokenEndpointThatNeverAnswersEndsTheCallInItsOwnTime() {
        keep(oauth2("c", "s", null), null);
        idp.answers(Script.silence());

        Reply reply = call("/sync", task(), Duration.ofMillis(300));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.NoAnswer.class,
                        none -> assertThat(none.took()).isBetween(Duration.ofMillis(290), Duration.ofSeconds(3)));
        assertThat(downstreams.reserve("consumer", 32)).isEqualTo(32);
    }

    @Test
    void aTokenAnswerOverItsLimitIsCutOff() {
        keep(oauth2("c", "s", null), null);
        idp.answers(Script.json(200, " ".repeat(70_000) + "{}"));

        assertThat(call())
                .isInstanceOfSatisfying(
                        Reply.NoAnswer.class, none -> assertThat(none.cause()).contains("larger than 65536"));
    }

    @Test
    void anUnapprovedTokenEndpointIsNotCalled() {
        keep(oauth2("c", "s", null), null);
        approved = List.of(Destination.parse("http://127.0.0.1:" + downstream.port()));

        assertThat(call())
                .isInstanceOfSatisfying(
                        Reply.NoAnswer.class, none -> assertThat(none.cause()).contains("not approved"));
        assertThat(idp.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"EC, SHA256withECDSAinP1363Format, ES256", "RSA, SHA256withRSA, RS256", "Ed25519, Ed25519, EdDSA"})
    void aPrivateKeySignsAnAssertionOfRfc7523(String type, String signature, String algorithm) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(type).generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        keep(oauth2("c", null, pem), null);
        idp.answers(token("t-1", 300));

        assertThat(status(call())).isEqualTo(202);

        Map<String, String> form = form(idp.received().get(0).text());
        assertThat(idp.received().get(0).headers()).doesNotContainKey("authorization");
        assertThat(form)
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .containsEntry("client_id", "c");
        String[] parts = form.get("client_assertion").split("\\.");
        assertThat(decoded(parts[0])).contains("\"alg\":\"" + algorithm + "\"").contains("\"kid\":\"key-1\"");
        assertThat(decoded(parts[1]))
                .contains("\"iss\":\"c\"", "\"sub\":\"c\"", "\"aud\":\"" + idp.url() + "/token\"", "\"jti\":")
                .contains("\"exp\":" + NOON.plusSeconds(60).getEpochSecond());
        Signature verifier = Signature.getInstance(signature);
        verifier.initVerify(pair.getPublic());
        verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(verifier.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    @Test
    void aSecretIsShownToNoInstanceThatItWasNotSentFor() {
        keep(new Credential.Basic("u", "p"), null, Set.of("http://127.0.0.1:1"));

        assertThat(call())
                .isInstanceOfSatisfying(
                        Reply.NoAnswer.class,
                        none -> assertThat(none.cause()).contains("was not sent for", "send its secret again"));
        assertThat(downstream.connections()).isZero();
        assertThat(downstreams.reserve("consumer", 32)).isEqualTo(32);
    }

    @Test
    void aMissingOrClearedCredentialIsToldInASentence() {
        kept = null;
        assertThat(cause(call())).isEqualTo("the system 'consumer' has no credential 'plans-client'");

        kept = new KeptCredential(
                NAME, AuthType.BASIC, 1, null, null, null, Set.of(), null, null, NOON, null, "send it again");
        assertThat(cause(call("/sync", new Auth(AuthType.BASIC, NAME), Duration.ofSeconds(5))))
                .contains("cannot be used: send it again");
        assertThat(cause(call("/sync", new Auth(AuthType.API_KEY, NAME), Duration.ofSeconds(5))))
                .contains("is of type basic, not api-key");
        assertThat(downstream.connections()).isZero();
    }

    @Test
    void withinTheOverlapTheOldSecretIsTriedAtOnceAndRememberedUntilItIsRefused() {
        keep(new Credential.ApiKey("X-Key", null, "new"), new Credential.ApiKey("X-Key", null, "old"));
        var takes = new ArrayList<>(List.of("old"));
        downstream.alwaysAnswers(
                request -> Script.status(takes.contains(request.headers().get("x-key")) ? 202 : 401));

        assertThat(status(call())).isEqualTo(202);
        assertThat(status(call())).isEqualTo(202);
        takes.set(0, "new");
        assertThat(status(call())).isEqualTo(202);
        assertThat(status(call())).isEqualTo(202);

        assertThat(keys()).containsExactly("new", "old", "old", "old", "new", "new");
    }

    @Test
    void whenBothAreRefusedThe401IsTold() {
        keep(new Credential.ApiKey("X-Key", null, "new"), new Credential.ApiKey("X-Key", null, "old"));
        downstream.alwaysAnswers(Script.status(401));

        assertThat(status(call())).isEqualTo(401);

        assertThat(keys()).containsExactly("new", "old", "new");
    }

    @Test
    void afterTheOverlapTheOldSecretIsNotPresented() {
        keep(new Credential.ApiKey("X-Key", null, "new"), new Credential.ApiKey("X-Key", null, "old"));
        now = NOON.plus(Duration.ofHours(1));
        downstream.alwaysAnswers(Script.status(401));

        assertThat(status(call())).isEqualTo(401);

        assertThat(keys()).containsExactly("new");
    }

    @Test
    void aRotationUnderLoadLosesNoCallWhereverTheDownstreamChangesOver() {
        AtomicInteger refused = new AtomicInteger();
        for (int changeAt : new int[] {0, 1, 2, 17, 100, 333, 499}) {
            keep(new Credential.Basic("u", "new" + changeAt), new Credential.Basic("u", "old" + changeAt));
            var seen = new AtomicInteger();
            downstream.alwaysAnswers(request -> {
                String pair = new String(
                        Base64.getDecoder()
                                .decode(request.headers().get("authorization").substring(6)),
                        StandardCharsets.UTF_8);
                String taken = seen.getAndIncrement() < changeAt ? "u:old" + changeAt : "u:new" + changeAt;
                return Script.status(pair.equals(taken) ? 202 : 401);
            });
            List<CompletableFuture<Reply>> calls = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                calls.add(start("/sync", task(), Duration.ofSeconds(20)));
                if (calls.size() % 25 == 0) {
                    calls.get(calls.size() - 25).orTimeout(20, SECONDS).join();
                }
            }
            calls.forEach(call -> {
                if (status(call.orTimeout(20, SECONDS).join()) != 202) {
                    refused.incrementAndGet();
                }
            });
        }

        assertThat(refused).hasValue(0);
    }

    @Test
    void aClientSecretIsRotatedAtTheTokenEndpointTheSameWay() {
        keep(oauth2("c", "new", null), oauth2("c", "old", null));
        var taken = new ArrayList<>(List.of("c:old"));
        idp.alwaysAnswers(request -> {
            String pair = new String(
                    Base64.getDecoder()
                            .decode(request.headers().get("authorization").substring(6)),
                    StandardCharsets.UTF_8);
            return taken.contains(pair)
                    ? token("t-" + pair.substring(2), 10)
                    : Script.json(401, "{\"error\":\"invalid_client\"}");
        });

        assertThat(status(call())).isEqualTo(202);
        taken.set(0, "c:new");
        passedNanos.set(Duration.ofSeconds(20).toNanos());
        assertThat(status(call())).isEqualTo(202);

        assertThat(bearers()).containsExactly("t-old", "t-new");
    }

    private void keep(Credential current, @Nullable Credential previous) {
        keep(current, previous, Set.of(Origins.of(downstream.url())));
    }

    private void keep(Credential current, @Nullable Credential previous, Set<String> origins) {
        kept = new KeptCredential(
                NAME,
                current.type(),
                1,
                current,
                previous,
                previous == null ? null : NOON.plus(Duration.ofHours(1)),
                origins,
                NOON,
                null,
                null,
                null,
                null);
    }

    private Credential.OAuth2 oauth2(String clientId, @Nullable String secret, @Nullable String key) {
        return new Credential.OAuth2(
                URI.create(idp.url() + "/token"),
                clientId,
                secret,
                key,
                null,
                key == null ? null : "key-1",
                "sync:run a",
                "https://plans.example.com");
    }

    private static Script token(String text, int seconds) {
        return Script.json(
                200,
                "{\"access_token\":\"" + text + "\",\"token_type\":\"Bearer\",\"expires_in\":" + seconds
                        + ",\"scope\":\"x\"}");
    }

    private Auth task() {
        KeptCredential standing = kept;
        return new Auth(standing == null ? AuthType.BASIC : standing.type(), NAME);
    }

    private Reply call() {
        return call("/sync");
    }

    private Reply call(String path) {
        return call(path, task(), Duration.ofSeconds(10));
    }

    private Reply call(String path, Auth auth, Duration timeout) {
        return start(path, auth, timeout).orTimeout(20, SECONDS).join();
    }

    private CompletableFuture<Reply> start(String path, Auth auth, Duration timeout) {
        assertThat(downstreams.reserve("consumer", 1)).isEqualTo(1);
        return downstreams.call(
                new OutboundCall("consumer", path, auth, Map.of(), "{}".getBytes(StandardCharsets.UTF_8), timeout));
    }

    private static int status(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Answer.class);
        return ((Reply.Answer) reply).status();
    }

    private static String cause(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.NoAnswer.class);
        return ((Reply.NoAnswer) reply).cause();
    }

    private List<String> bearers() {
        return downstream.received().stream()
                .map(request -> request.headers().get("authorization").substring("Bearer ".length()))
                .toList();
    }

    private List<String> keys() {
        return downstream.received().stream()
                .map(request -> request.headers().get("x-key"))
                .toList();
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private final class OneSystem implements Systems {

        private final SyncSystem system = new SyncSystem(
                "consumer",
                1,
                null,
                null,
                List.of(),
                List.of(downstream.url()),
                Routing.ROUND_ROBIN,
                Auth.NONE,
                500,
                Double.POSITIVE_INFINITY,
                List.of(),
                Map.of(),
                Map.of());

        @Override
        public Optional<SyncSystem> find(String key) {
            return key.equals("consumer") ? Optional.of(system) : Optional.empty();
        }

        @Override
        public List<SyncSystem> all() {
            return List.of(system);
        }

        @Override
        public Set<String> ownersOf(String source) {
            return Set.of();
        }
    }

    private static final class ShapedTokens implements PlatformTokens {
        @Override
        public String forSystem(String systemKey) {
            return systemKey;
        }

        @Override
        public String forSystem(String systemKey, TokenShape shape) {
            return systemKey + " " + shape.claims() + " " + shape.lifetime() + " " + shape.audience();
        }

        @Override
        public void forget(String systemKey) {}

        @Override
        public String publicUrl() {
            return "http://localhost";
        }
    }
}
