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
import io.syncline.scheduler.security.ClientAssertions;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.testing.FakeDownstream;
import io.syncline.scheduler.testing.FakeDownstream.Script;
import io.syncline.scheduler.testing.OneNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way out, led to a place that really listens and was not approved: not one connection reaches it. */
class SsrfIT {

    private static final byte[] PUBLIC = {93, (byte) 184, (byte) 216, 34};

    /** The ways by which the platform calls an address that somebody has written down. */
    enum Way {
        SYNC_CALL,
        TOKEN_URL,
        JWKS_URL,
        TEST_CALL
    }

    /** Listens on loopback and is approved by nobody. */
    private final FakeDownstream inner = FakeDownstream.start();

    private final FakeDownstream approvedOne = FakeDownstream.start();
    private final HttpCalls http = new HttpCalls(OutboundProperties.standard());
    private final ExecutorService lookUps = Executors.newCachedThreadPool();
    private final AtomicInteger lookedUp = new AtomicInteger();
    private volatile DestinationGuard.Resolver resolver = InetAddress::getAllByName;
    private volatile List<Destination> approved = List.of(Destination.parse("http://127.0.0.1:" + approvedOne.port()));
    private final DestinationGuard guard = new DestinationGuard(() -> approved, host -> {
        lookedUp.incrementAndGet();
        return resolver.resolve(host);
    });
    private final GuardedRequests requests = new GuardedRequests(guard, http, lookUps);
    private volatile @Nullable KeptCredential kept;
    private final Proofs proofs = new Proofs(
            (system, name) -> Optional.ofNullable(kept),
            new ClientAssertions(() -> Instant.EPOCH),
            requests,
            http,
            OutboundProperties.standard(),
            lookUps,
            () -> Instant.EPOCH,
            System::nanoTime,
            CredentialUse.UNNOTED);
    private final PlatformTokens tokens = new SameToken();
    private volatile SyncSystem system = system(approvedOne.url());
    private final HttpDownstreams downstreams = new HttpDownstreams(
            new OneSystem(() -> system),
            new OneNode("node"),
            tokens,
            proofs,
            guard,
            http,
            OutboundProperties.standard(),
            new SimpleMeterRegistry(),
            lookUps,
            System::nanoTime);
    private final SystemTests tests = new SystemTests(guard, http, tokens, proofs, Executors.newFixedThreadPool(4));

    @AfterEach
    void close() {
        tests.close();
        proofs.close();
        http.close();
        lookUps.shutdownNow();
        inner.close();
        approvedOne.close();
    }

    static Stream<Arguments> formsOfLoopback() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(
                                "127.0.0.1",
                                "2130706433",
                                "0x7f000001",
                                "0x7f.1",
                                "0177.0.0.1",
                                "017700000001",
                                "127.1",
                                "127.0.0.1.",
                                "[::1]",
                                "[::ffff:127.0.0.1]",
                                "[::ffff:7f00:1]",
                                "[::127.0.0.1]",
                                "[64:ff9b::7f00:1]",
                                "[2002:7f00:1::]",
                                "0.0.0.0",
                                "[::]",
                                "localhost",
                                "LOCALHOST.",
                                "public.example.com@127.0.0.1",
                                "127.0.0.1%00.example.com",
                                "169.254.169.254")
                        .map(host -> Arguments.of(way, host)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("formsOfLoopback")
    void noSpellingOfAnUnapprovedAddressIsConnectedToOrLookedUp(Way way, String host) {
        URI url;
        try {
            url = URI.create("http://" + host + ":" + inner.port() + "/x");
        } catch (IllegalArgumentException e) {
            return; // no URL at all: documents refuse it before anybody could call it
        }

        go(way, url);

        assertThat(inner.connections()).isZero();
        assertThat(lookedUp).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anApprovedNameThatLeadsInsideIsNotFollowed(Way way) {
        approved = List.of(
                Destination.parse("http://public.example.com:" + inner.port()),
                Destination.parse("http://127.0.0.1:" + approvedOne.port()));
        resolver =
                host -> new InetAddress[] {InetAddress.getByAddress(host, PUBLIC), InetAddress.getByName("127.0.0.1")};

        go(way, URI.create("http://public.example.com:" + inner.port() + "/x"));

        assertThat(lookedUp).hasValue(1);
        assertThat(inner.connections()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aNameThatChangesAfterTheCheckIsNotLookedUpAgain(Way way) {
        approved = List.of(
                Destination.parse("http://127.0.0.1:" + approvedOne.port()),
                Destination.parse("http://rebind.example.com:" + approvedOne.port()),
                Destination.parse("http://127.0.0.2:" + approvedOne.port()));
        resolver = host -> lookedUp.get() == 1
                // a named address that nobody listens on
                ? new InetAddress[] {InetAddress.getByName("127.0.0.2")}
                : new InetAddress[] {InetAddress.getByName("127.0.0.1")};

        go(way, URI.create("http://rebind.example.com:" + approvedOne.port() + "/x"));

        assertThat(lookedUp).hasValue(1);
        assertThat(approvedOne.connections()).isZero();
    }

    static Stream<Arguments> redirects() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(301, 302, 303, 307, 308).map(status -> Arguments.of(way, status)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("redirects")
    void noRedirectIsFollowed(Way way, int status) {
        approvedOne.alwaysAnswers(Script.status(status).with("Location", inner.url() + "/secret"));

        go(way, URI.create(approvedOne.url() + "/x"));

        assertThat(approvedOne.connections()).isPositive();
        assertThat(inner.connections()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anAnswerWithoutEndIsCutOffAndNothingOfItIsTold(Way way) {
        approvedOne.alwaysAnswers(Script.json(200, "canary".repeat(200_000)));

        String told = go(way, URI.create(approvedOne.url() + "/x"));

        assertThat(told).doesNotContain("canary").contains("larger than");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anAnswerThatNeverComesEndsInTime(Way way) {
        approvedOne.alwaysAnswers(Script.silence());
        long startedAt = System.nanoTime();

        go(way, URI.create(approvedOne.url() + "/x"));

        assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(16));
    }

    /** Lets the platform out to the URL and returns what an operator is told. */
    private String go(Way way, URI url) {
        return switch (way) {
            case SYNC_CALL -> {
                system = system(base(url));
                yield call(Auth.NONE);
            }
            case TOKEN_URL -> {
                system = system(approvedOne.url());
                kept = new KeptCredential(
                        "c",
                        AuthType.OAUTH2_CLIENT_CREDENTIALS,
                        1,
                        new Credential.OAuth2(url, "c", "s", null, null, null, null, null),
                        null,
                        null,
                        Set.of(Origins.of(approvedOne.url())),
                        null,
                        null,
                        null,
                        null,
                        null);
                yield call(new Auth(AuthType.OAUTH2_CLIENT_CREDENTIALS, "c"));
            }
            case JWKS_URL -> {
                try {
                    yield new String(new GuardedRemoteKeys(requests).fetch(url), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    yield String.valueOf(e.getMessage());
                }
            }
            case TEST_CALL -> tests.run(system(base(url)), null).toString();
        };
    }

    private static URI base(URI url) {
        return URI.create(url.getScheme() + "://" + url.getRawAuthority());
    }

    private String call(Auth auth) {
        assertThat(downstreams.reserve("consumer", 1)).isEqualTo(1);
        Reply reply = downstreams
                .call(new OutboundCall(
                        "consumer",
                        "/sync",
                        auth,
                        Map.of(),
                        "{}".getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(2)))
                .orTimeout(20, SECONDS)
                .join();
        return reply instanceof Reply.NoAnswer none ? none.cause() : "answered " + ((Reply.Answer) reply).status();
    }

    private static SyncSystem system(URI instance) {
        return new SyncSystem(
                "consumer",
                1,
                null,
                null,
                List.of(),
                List.of(instance),
                Routing.ROUND_ROBIN,
                Auth.NONE,
                32,
                Double.POSITIVE_INFINITY,
                List.of(),
                Map.of(),
                Map.of());
    }
}
