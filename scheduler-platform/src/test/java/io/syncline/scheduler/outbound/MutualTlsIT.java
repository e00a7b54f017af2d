package io.syncline.scheduler.outbound;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.AuthType;
import io.syncline.scheduler.catalog.Credential;
import io.syncline.scheduler.catalog.CredentialUse;
import io.syncline.scheduler.catalog.KeptCredential;
import io.syncline.scheduler.catalog.Origins;
import io.syncline.scheduler.catalog.Routing;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.outbound.SystemTest.Status;
import io.syncline.scheduler.outbound.SystemTest.Step;
import io.syncline.scheduler.security.ClientAssertions;
import io.syncline.scheduler.testing.FakeDownstream;
import io.syncline.scheduler.testing.OneNode;
import io.syncline.scheduler.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client certificates over real TLS connections, and what a test call says of TLS. */
class MutualTlsIT {

    private static final String[] LOCALHOST = {"-ext", "san=dns:localhost"};

    @TempDir
    private static Path folder;

    private static TestCertificates certificates;

    private final HttpCalls http = new HttpCalls(OutboundProperties.standard());
    private final ExecutorService lookUps = Executors.newCachedThreadPool();
    private final Map<String, KeptCredential> kept = new ConcurrentHashMap<>();
    private final DestinationGuard guard =
            new DestinationGuard(() -> List.of(Destination.parse("https://localhost:*")), host ->
                    new InetAddress[] {InetAddress.getByName("127.0.0.1")});
    private final Proofs proofs = new Proofs(
            (system, name) -> Optional.ofNullable(kept.get(name)),
            new ClientAssertions(Instant::now),
            new GuardedRequests(guard, http, lookUps),
            http,
            OutboundProperties.standard(),
            lookUps,
            Instant::now,
            System::nanoTime,
            CredentialUse.UNNOTED);
    private final SameToken tokens = new SameToken();
    private final SystemTests tests = new SystemTests(guard, http, tokens, proofs, Executors.newFixedThreadPool(4));
    private volatile SyncSystem system = system(URI.create("https://localhost:1"));
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

    @BeforeAll
    static void certificates() {
        certificates = TestCertificates.in(folder)
                .issue("server", "ca", LOCALHOST)
                .issue("elsewhere", "ca", "-ext", "san=dns:elsewhere.example.com")
                .issue("expired", "ca", "-ext", "san=dns:localhost", "-startdate", "-60d")
                .issue("client-a", "ca")
                .issue("client-b", "ca")
                .issue("stranger", "other-ca");
    }

    @AfterEach
    void close() {
        tests.close();
        proofs.close();
        http.close();
        lookUps.shutdownNow();
    }

    @Test
    void theClientCertificateIsShownAndEachCredentialHasConnectionsOfItsOwn() {
        try (var downstream = FakeDownstream.startOn(certificates.server("server", "ca"))) {
            to(downstream);
            keep("a", mtls("client-a", "ca"), null);
            keep("b", mtls("client-b", "ca"), null);

            assertThat(status(call("a"))).isEqualTo(202);
            assertThat(status(call("a"))).isEqualTo(202);
            assertThat(downstream.connections()).isEqualTo(1);
            assertThat(status(call("b"))).isEqualTo(202);
            assertThat(downstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void aStrangersCertificateIsNotTakenAndTheOutcomeIsUnknown() {
        try (var downstream = FakeDownstream.startOn(certificates.server("server", "ca"))) {
            to(downstream);
            keep("a", mtls("stranger", "ca"), null);

            assertThat(call("a")).isInstanceOf(Reply.NoAnswer.class);
            assertThat(downstream.calls()).isZero();
        }
    }

    @Test
    void aServerThatTheTrustDoesNotKnowOrThatHasAnotherNameIsNotTalkedTo() {
        for (String shown : List.of("server", "elsewhere", "expired")) {
            try (var downstream = FakeDownstream.startOn(certificates.server(shown, "ca"))) {
                to(downstream);
                keep("a", mtls("client-a", shown.equals("server") ? "other-ca" : "ca"), null);

                assertThat(call("a"))
                        .as(shown)
                        .isInstanceOfSatisfying(
                                Reply.NoAnswer.class,
                                none -> assertThat(none.cause()).contains("no trusted TLS connection"));
                assertThat(downstream.calls()).isZero();
            }
        }
    }

    @Test
    void withinTheOverlapTheOldCertificateIsShownWhereTheNewOneIsNotTakenYet() {
        keep("a", mtls("client-a", "ca"), mtls("stranger", "ca"));
        try (var downstream = FakeDownstream.startOn(certificates.server("server", "other-ca"))) {
            to(downstream);

            assertThat(status(call("a"))).isEqualTo(202);
            assertThat(status(call("a"))).isEqualTo(202);
        }
        try (var downstream = FakeDownstream.startOn(certificates.server("server", "ca"))) {
            to(downstream);

            assertThat(status(call("a"))).isEqualTo(202);
        }
    }

    @Test
    void aTestCallTellsVersionIssuerAndEnd() {
        try (var downstream = FakeDownstream.startOn(certificates.server("server", "ca"))) {
            to(downstream);
            keep("a", mtls("client-a", "ca"), null);

            SystemTest test = tests.run(system, "a");

            assertThat(test.targets()).singleElement().satisfies(target -> {
                assertThat(target.steps()).as(target.toString()).noneMatch(step -> step.status() == Status.FAILED);
                assertThat(step(target, "tls").detail()).contains("TLSv1.3", "CN=Test authority", "until");
                assertThat(step(target, "ping").detail()).contains("202");
                assertThat(step(target, "token").status()).isEqualTo(Status.SKIPPED);
            });
            assertThat(test.status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void aTestCallTellsWhatIsWrongWithTheServersCertificate() {
        Map<String, String> expected =
                Map.of("elsewhere", "does not name localhost", "expired", "has expired", "stranger", "is not trusted");
        expected.forEach((shown, sentence) -> {
            try (var downstream = FakeDownstream.startOn(certificates.server(shown))) {
                to(downstream);
                keep("a", mtls("client-a", "ca"), null);

                SystemTest.Target target = tests.run(system, "a").targets().get(0);

                assertThat(step(target, "tls").status()).isEqualTo(Status.FAILED);
                assertThat(step(target, "tls").detail()).contains(sentence);
                assertThat(step(target, "token").status()).isEqualTo(Status.SKIPPED);
                assertThat(step(target, "ping").status()).isEqualTo(Status.SKIPPED);
                assertThat(downstream.calls()).isZero();
            }
        });
    }

    @Test
    void aHandshakeThatDripsByteByByteEndsAndFreesItsThread() throws Exception {
        var workers = (ThreadPoolExecutor) Executors.newFixedThreadPool(1);
        try (var dripping = new SystemTests(guard, http, tokens, proofs, workers);
                var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            lookUps.execute(() -> drip(server));
            to(server.getLocalPort());

            SystemTest test = dripping.run(system, "a");

            assertThat(test.targets())
                    .singleElement()
                    .satisfies(
                            target -> assertThat(step(target, "tls").status()).isEqualTo(Status.FAILED));
            await().atMost(2, SECONDS).until(() -> workers.getActiveCount() == 0);
        }
    }

    /** A record of 16 KiB that never ends, slower than any limit of a single read. */
    private static void drip(ServerSocket server) {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                var out = socket.getOutputStream();
                out.write(new byte[] {0x16, 0x03, 0x03, 0x3f, (byte) 0xff});
                while (!Thread.currentThread().isInterrupted()) {
                    out.write(2);
                    out.flush();
                    LockSupport.parkNanos(300_000_000L);
                }
            } catch (IOException e) {
                // the other side has had enough
            }
        }
    }

    private static Step step(SystemTest.Target target, String name) {
        return target.steps().stream()
                .filter(step -> step.step().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void to(FakeDownstream downstream) {
        to(downstream.port());
    }

    private void to(int port) {
        system = system(URI.create("https://localhost:" + port));
        kept.replaceAll(
                (name, credential) -> with(credential, system.instances().get(0)));
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
                Map.of("a", AuthType.MTLS, "b", AuthType.MTLS),
                Map.of());
    }

    private static Credential.Mtls mtls(String client, String trusted) {
        return new Credential.Mtls(
                certificates.certificate(client), certificates.privateKey(client), certificates.certificate(trusted));
    }

    private void keep(String name, Credential current, @Nullable Credential previous) {
        Instant until = previous == null ? null : Instant.now().plusSeconds(3600);
        var credential = new KeptCredential(
                name, AuthType.MTLS, 1, current, previous, until, Set.of(), null, null, null, null, null);
        kept.put(name, with(credential, system.instances().get(0)));
    }

    private static KeptCredential with(KeptCredential credential, URI instance) {
        return new KeptCredential(
                credential.name(),
                credential.type(),
                credential.revision() + 1,
                credential.current(),
                credential.previous(),
                credential.previousUntil(),
                Set.of(Origins.of(instance)),
                null,
                null,
                null,
                null,
                null);
    }

    private Reply call(String credential) {
        assertThat(downstreams.reserve("consumer", 1)).isEqualTo(1);
        return downstreams
                .call(new OutboundCall(
                        "consumer",
                        "/sync",
                        new Auth(AuthType.MTLS, credential),
                        Map.of(),
                        "{}".getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(10)))
                .orTimeout(20, SECONDS)
                .join();
    }

    private static int status(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Answer.class);
        return ((Reply.Answer) reply).status();
    }
}
