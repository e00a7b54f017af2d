package io.syncline.client.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the platform expects of every downstream. A team extends it, says how its downstream is started and how its
 * effects are counted; the tests then repeat, reorder, delay and lose calls and callbacks, and kill the downstream.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DownstreamContract {

    private static final int MOST_TOKEN_BYTES = 8 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final JsonMapper json = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion ->
                    inclusion.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
            .build();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private @Nullable FakePlatform runningPlatform;
    private @Nullable Downstream runningDownstream;

    /** Starts the downstream against the platform, on the same stored state each time. */
    protected abstract Downstream start(FakePlatform platform);

    /** The system key that the downstream is known by: the audience of the calls. */
    protected abstract String system();

    /** The path of a sync task, variables filled in. */
    protected abstract String path();

    /** How often the work of the business key has taken effect in the downstream's own data. */
    protected abstract int effects(String businessKey);

    /** Parameters with which the work ends COMPLETED. */
    protected Map<String, @Nullable Object> parameters() {
        return Map.of();
    }

    @BeforeEach
    void startOnce() {
        if (runningPlatform == null) {
            runningPlatform = FakePlatform.start();
        }
        platform().takeEverything();
        if (runningDownstream == null) {
            runningDownstream = start(platform());
        }
    }

    @AfterEach
    void letEverythingThrough() {
        platform().takeEverything();
    }

    @org.junit.jupiter.api.AfterAll
    void stop() {
        if (runningDownstream != null) {
            runningDownstream.close();
        }
        if (runningPlatform != null) {
            runningPlatform.close();
        }
    }

    @Test
    void acceptsTheFirstCallAndReportsItsEndByCallback() {
        var call = newCall();

        var answer = send(call);

        assertThat(answer.statusCode()).isEqualTo(202);
        var last = awaitCompleted(call);
        assertThat(last.report().attempt()).isEqualTo(1);
        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void answersRepeatsWithTheStatusAndDoesNothingTwice() {
        var call = newCall();
        send(call);
        for (int i = 0; i < 5; i++) {
            assertThat(send(call.nextRound()).statusCode()).isIn(200, 202);
        }
        awaitCompleted(call);

        var first = send(call.nextRound());
        var second = send(call.nextRound().nextRound());

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(tree(first).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void acceptsOneOfManyFirstCallsAtTheSameMoment() {
        var call = newCall();

        var answers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> send(i % 2 == 0 ? call : call.nextRound())))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 202));
        awaitCompleted(call);
        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void takesACallWhoseAnswerNobodyWaitsFor() {
        var call = newCall();
        sendAndHangUp(call);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(send(call.nextRound()).statusCode()).isEqualTo(200));

        awaitCompleted(call);
        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void refusesOtherWorkUnderAKnownKeyAndKeepsTheFirst() {
        var call = newCall();
        send(call);

        for (var other : List.of(
                call.withTask("another-task"),
                call.withBusinessKey("another-key"),
                call.withParameters(Map.of("another", true)),
                call.withTriggerData(Map.of("another", true)))) {
            assertProblem(send(other), 422);
        }

        awaitCompleted(call);
        assertThat(effects(businessKey(call))).isEqualTo(1);
        assertThat(effects("another-key")).isZero();
    }

    @Test
    void takesTheSameCallWrittenInAnotherOrderAndWithMembersItDoesNotKnow() {
        var call = newCall();
        send(call);
        var rewritten = json.createObjectNode();
        rewritten.put("aMemberOfTheFuture", 1);
        var members = body(call.nextRound()).properties().stream().toList();
        for (int i = members.size() - 1; i >= 0; i--) {
            rewritten.set(members.get(i).getKey(), members.get(i).getValue());
        }

        var answer = post(path(), token(), quoted(call.key()), "application/json", rewritten.toString());

        assertThat(answer.statusCode()).isIn(200, 202);
        awaitCompleted(call);
        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void takesAnotherAttemptAsNewWork() {
        var call = newCall();
        send(call);
        awaitCompleted(call);
        var again = call.nextAttempt();

        var answer = send(again);

        assertThat(answer.statusCode()).isEqualTo(202);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                platform().callbacks(call.request().taskRunId()))
                        .anyMatch(callback ->
                                Integer.valueOf(2).equals(callback.report().attempt())
                                        && callback.report().status() == ReportStatus.COMPLETED));
    }

    @Test
    void sendsACallbackAgainWithTheSameIdWhenItsAnswerWasLost() {
        var losses = new AtomicInteger(2);
        platform()
                .onCallback(callback -> callback.report().status().isTerminal() && losses.getAndDecrement() > 0
                        ? PlatformReply.lost()
                        : PlatformReply.applied());
        var call = newCall();
        send(call);

        var last = awaitCompleted(call);

        var terminal = platform().callbacks(call.request().taskRunId()).stream()
                .filter(callback -> callback.report().status().isTerminal())
                .toList();
        assertThat(terminal).hasSizeGreaterThanOrEqualTo(3);
        assertThat(terminal)
                .allSatisfy(callback -> assertThat(callback.report().callbackId())
                        .isEqualTo(last.report().callbackId()));
        assertThat(terminal).extracting(ReceivedCallback::body).containsOnly(last.body());
        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void keepsTheOrderOfItsCallbacksThroughTheTroubleOfThePlatform() {
        var refusals = new AtomicInteger(3);
        platform()
                .onCallback(
                        callback -> refusals.getAndDecrement() > 0 ? PlatformReply.busy(1) : PlatformReply.applied());
        var call = newCall();
        send(call);

        awaitCompleted(call);

        var taken = platform().callbacks(call.request().taskRunId()).stream()
                .filter(callback -> callback.answered() == 200)
                .map(ReceivedCallback::report)
                .toList();
        assertThat(taken)
                .extracting(StatusReport::callbackId)
                .doesNotContainNull()
                .doesNotHaveDuplicates();
        assertThat(taken.stream().map(StatusReport::sequence).filter(java.util.Objects::nonNull))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(taken.get(taken.size() - 1).status().isTerminal()).isTrue();
    }

    @Test
    void reportsWithTheCallbackTokenOfTheLatestCall() {
        platform()
                .onCallback(callback -> callback.token().equals("callback-token-1")
                        ? PlatformReply.status(401)
                        : PlatformReply.applied());
        var call = newCall();
        send(call);
        send(call.nextRound());

        var last = awaitCompleted(call);

        assertThat(last.token()).isEqualTo("callback-token-2");
    }

    @Test
    void answersWithoutWaitingForItsCallbacks() {
        var letThrough = new CountDownLatch(1);
        platform().onCallback(callback -> {
            try {
                letThrough.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return PlatformReply.applied();
        });
        var call = newCall();
        var begin = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            assertThat(send(call.nextRound()).statusCode()).isIn(200, 202);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        letThrough.countDown();

        awaitCompleted(call);
        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void givesUpNothingWhileThePlatformRefusesItsCallbacks() {
        platform().onCallback(callback -> PlatformReply.status(404));
        var call = newCall();
        send(call);

        await().atMost(PATIENCE)
                .until(() -> !platform().callbacks(call.request().taskRunId()).isEmpty());

        await().atMost(PATIENCE).untilAsserted(() -> {
            var answer = send(call.nextRound());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(tree(answer).path("status").asString()).isEqualTo("COMPLETED");
        });
    }

    @Test
    void finishesWorkThatAnAbruptStopInterrupted() {
        var calls = IntStream.range(0, 5).mapToObj(i -> newCall()).toList();
        calls.forEach(call -> assertThat(send(call).statusCode()).isEqualTo(202));
        downstream().kill();
        runningDownstream = start(platform());

        for (var call : calls) {
            assertThat(send(call.nextRound()).statusCode()).isIn(200, 202);
            awaitCompleted(call);
            assertThat(effects(businessKey(call))).isEqualTo(1);
        }
    }

    @Test
    void reportsTheEndEvenIfItStopsBeforeTheCallbackIsTaken() {
        platform().onCallback(callback -> PlatformReply.busy(1));
        var call = newCall();
        send(call);
        await().atMost(PATIENCE).until(() -> send(call.nextRound()).statusCode() == 200);
        downstream().kill();
        platform().takeEverything();
        runningDownstream = start(platform());

        awaitCompleted(call);

        assertThat(effects(businessKey(call))).isEqualTo(1);
    }

    @Test
    void refusesEveryTokenThatIsNotThePlatformsForThisSystem() {
        var call = newCall();
        var body = text(call);
        var tokens = List.of(
                platform().forgedToken(system()),
                platform().expiredToken(system()),
                platform().callToken("another-system"),
                platform().wrongIssuerToken(system()),
                platform().wrongTypeToken(system()),
                platform().unsignedToken(system()),
                platform().confusedAlgorithmToken(system()),
                platform().foreignKeysToken(system(), platform().url() + "/evil/jwks.json"),
                platform().apiToken("admin"),
                "not-a-token");

        for (var token : tokens) {
            assertProblem(post(path(), token, quoted(call.key()), "application/json", body), 401);
        }
        assertProblem(post(path(), null, quoted(call.key()), "application/json", body), 401);

        assertThat(effects(businessKey(call))).isZero();
        assertThat(platform().callbacks(call.request().taskRunId())).isEmpty();
    }

    @Test
    void refusesEveryKnownAttackOnTokensAndAsksNobodyForKeys() {
        var call = newCall();
        var body = text(call);
        var attacks = platform().attacks(system());
        var elsewhere = new AtomicInteger();

        try (var listener = Listener.counting(elsewhere)) {
            for (var attack : attacks.all(listener.url() + "/jwks.json")) {
                var answer = post(path(), attack.token(), quoted(call.key()), "application/json", body);
                // A server may be unable to read a header of that size, and says so before anybody looks at the token.
                assertThat(answer.statusCode())
                        .as(attack.name())
                        .isIn(attack.token().length() > MOST_TOKEN_BYTES ? List.of(400, 401, 431) : List.of(401));
            }
        }

        assertThat(elsewhere).hasValue(0);
        assertThat(effects(businessKey(call))).isZero();
        assertThat(post(path(), attacks.endedWithinTheLeeway(), quoted(call.key()), "application/json", body)
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void refusesWhatIsNoSyncCallWithAProblem() {
        var call = newCall();
        var body = text(call);
        var incomplete = body(call);
        incomplete.remove("task");
        incomplete.remove("callback");
        incomplete.put("attempt", 0);

        assertProblem(post(path(), token(), null, "application/json", body), 400);
        assertProblem(post(path(), token(), "\"\"", "application/json", body), 400);
        assertProblem(post(path(), token(), quoted(call.key()), "application/json", "{not json"), 400);
        assertProblem(post(path(), token(), quoted(call.key()), "text/plain", body), 415);
        var huge = "{\"x\": \"" + "x".repeat(1 << 20) + "\"}";
        assertProblem(post(path(), token(), quoted(call.key()), "application/json", huge), 413);
        var invalid = post(path(), token(), quoted(call.key()), "application/json", incomplete.toString());
        assertProblem(invalid, 422);
        assertThat(tree(invalid).path("errors").size()).isGreaterThanOrEqualTo(3);
        assertProblem(post("/no-such-path", token(), quoted(call.key()), "application/json", body), 404);
        assertProblem(exchange(request(path(), token()).GET().build()), 405);

        assertThat(effects(businessKey(call))).isZero();
    }

    private SyncCall newCall() {
        return SyncCall.of(platform(), "contract", "bk-" + UUID.randomUUID(), parameters());
    }

    private static String businessKey(SyncCall call) {
        var businessKey = call.request().businessKey();
        return businessKey == null ? "" : businessKey;
    }

    private HttpResponse<String> send(SyncCall call) {
        return post(path(), token(), quoted(call.key()), "application/json", text(call));
    }

    private HttpResponse<String> post(
            String path, @Nullable String token, @Nullable String key, String type, String body) {
        var request = request(path, token)
                .header("Content-Type", type)
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return exchange(request.build());
    }

    private HttpRequest.Builder request(String path, @Nullable String token) {
        var request =
                HttpRequest.newBuilder(URI.create(downstream().url() + path)).timeout(Duration.ofSeconds(20));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes the whole request and closes without reading the answer. */
    private void sendAndHangUp(SyncCall call) {
        var target = URI.create(downstream().url());
        var body = text(call).getBytes(StandardCharsets.UTF_8);
        var head = "POST " + path() + " HTTP/1.1\r\nHost: " + target.getAuthority() + "\r\nAuthorization: Bearer "
                + token() + "\r\nIdempotency-Key: " + quoted(call.key())
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (var socket = new Socket(target.getHost(), target.getPort())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ReceivedCallback awaitCompleted(SyncCall call) {
        var taskRunId = call.request().taskRunId();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(platform().callbacks(taskRunId))
                        .as("the terminal callback of " + call.key())
                        .anyMatch(callback -> callback.answered() == 200
                                && callback.report().status().isTerminal()));
        var last = platform().callbacks(taskRunId).stream()
                .filter(callback -> callback.report().status().isTerminal())
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(last.report().status()).isEqualTo(ReportStatus.COMPLETED);
        return last;
    }

    private void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(tree(answer).path("type").asString()).isNotBlank();
        assertThat(tree(answer).path("status").asInt()).isEqualTo(status);
        assertThat(tree(answer).path("traceId").asString()).isNotBlank();
    }

    private String token() {
        return platform().callToken(system());
    }

    private String text(SyncCall call) {
        return json.writeValueAsString(call.request());
    }

    private ObjectNode body(SyncCall call) {
        return (ObjectNode) json.valueToTree(call.request());
    }

    private JsonNode tree(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }

    private static String quoted(String key) {
        return "\"" + key + "\"";
    }

    private FakePlatform platform() {
        return java.util.Objects.requireNonNull(runningPlatform);
    }

    private Downstream downstream() {
        return java.util.Objects.requireNonNull(runningDownstream);
    }
}
