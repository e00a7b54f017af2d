package io.syncline.client.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.syncline.client.Reports;
import io.syncline.client.TokenClient;
import io.syncline.client.TriggerEvent;
import io.syncline.client.TriggerSender;
import io.syncline.client.UnknownWorkException;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.outbox.Outbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The starter in a service, from outside and through its beans. */
class StarterTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SYSTEM = "service-under-test";

    private static FakePlatform platform;
    private static SpringDownstream service;
    private static ServiceUnderTest handlers;
    private static TransactionTemplate transactions;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void startService() {
        platform = FakePlatform.start();
        service = SpringDownstream.start(
                ServiceUnderTest.class,
                platform,
                SYSTEM,
                Map.of(
                        "spring.datasource.url",
                        "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1",
                        "syncline.client.client-id",
                        "service",
                        "syncline.client.client-secret",
                        "a secret of more than 24 characters",
                        "syncline.client.sync.workers",
                        "1",
                        "syncline.client.sync.queue",
                        "1",
                        "syncline.client.api-paths[0].pattern",
                        "/things/**",
                        "syncline.client.api-paths[0].method",
                        "GET",
                        "syncline.client.api-paths[0].scope",
                        "data:read",
                        "syncline.client.public-paths",
                        "/open"));
        handlers = service.context().getBean(ServiceUnderTest.class);
        transactions = new TransactionTemplate(service.context().getBean(PlatformTransactionManager.class));
    }

    @AfterAll
    static void stopService() {
        service.close();
        platform.close();
    }

    @BeforeEach
    void begin() {
        platform.takeEverything();
        handlers.starts.set(0);
        handlers.interrupts.set(0);
        handlers.gate = new CountDownLatch(1);
    }

    @Test
    void answersWhileTheHandlerStillRunsAndRefusesWorkThatItHasNoRoomFor() {
        var first = newCall();
        var second = newCall();
        var third = newCall();
        assertThat(call("/sync/gated", first).statusCode()).isEqualTo(202);
        assertThat(call("/sync/gated", second).statusCode()).isEqualTo(202);

        var refused = call("/sync/gated", third);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(call("/sync/gated", first.nextRound()).statusCode()).isEqualTo(202);
        handlers.gate.countDown();
        awaitStatus(first, ReportStatus.COMPLETED);
        awaitStatus(second, ReportStatus.COMPLETED);
        await().untilAsserted(() ->
                assertThat(call("/sync/gated", third).statusCode()).isIn(200, 202));
        awaitStatus(third, ReportStatus.COMPLETED);
        assertThat(handlers.starts).hasValue(3);
    }

    @Test
    void runsTheHandlerOnceHoweverOftenTheCallComes() {
        var call = newCall();
        IntStream.range(0, 10)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> call("/sync/gated", call)))
                .toList()
                .forEach(answer -> assertThat(answer.join().statusCode()).isIn(202, 503));
        handlers.gate.countDown();

        awaitStatus(call, ReportStatus.COMPLETED);

        assertThat(call("/sync/gated", call).statusCode()).isEqualTo(200);
        assertThat(handlers.starts).hasValue(1);
    }

    @Test
    void cancelStopsTheHandlerTellsItAndSendsNoReport() {
        var call = newCall();
        call("/sync/gated", call);
        await().until(() -> handlers.starts.get() == 1);

        var answer = post("/sync/gated/cancel", platform.callToken(SYSTEM), call.key(), "{\"reason\": \"test\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        await().until(() -> handlers.interrupts.get() == 1);
        assertThat(handlers.cancelled).contains(call.key());
        assertThat(platform.callbacks(call.request().taskRunId())).isEmpty();
        assertThat(tree(call("/sync/gated", call)).path("status").asString()).isEqualTo("FAILED");
        assertThat(post("/sync/gated/cancel", platform.callToken(SYSTEM), "unknown.1", "{}")
                        .statusCode())
                .isEqualTo(404);
        // The worker that was interrupted serves the next work.
        handlers.gate.countDown();
        var next = newCall();
        await().untilAsserted(
                        () -> assertThat(call("/sync/gated", next).statusCode()).isIn(200, 202));
        awaitStatus(next, ReportStatus.COMPLETED);
    }

    @Test
    void anExceptionOfTheHandlerIsAFailedReport() {
        var retryable = newCall();
        var forGood = newCall();
        call("/sync/fails/now", retryable);
        awaitStatus(retryable, ReportStatus.FAILED);
        call("/sync/fails/for-good", forGood);
        awaitStatus(forGood, ReportStatus.FAILED);

        assertThat(last(retryable).message()).isEqualTo("the disk is full");
        assertThat(last(retryable).retryable()).isTrue();
        assertThat(last(forGood).retryable()).isFalse();
    }

    @Test
    void workWhoseHandlerEndedWithoutAResultIsBegunAgain() {
        var call = newCall();
        call("/sync/dies-once", call);

        awaitStatus(call, ReportStatus.COMPLETED);

        assertThat(handlers.starts).hasValue(2);
    }

    @Test
    void aResultThatCannotBeWrittenIsAFailure() {
        var call = newCall();
        call("/sync/unwritable", call);

        awaitStatus(call, ReportStatus.FAILED);

        assertThat(last(call).retryable()).isFalse();
    }

    @Test
    void workThatContinuesElsewhereIsReportedInTheTransactionOfItsChange() {
        var reports = service.context().getBean(Reports.class);
        var call = newCall();
        call("/sync/elsewhere", call);

        transactions.executeWithoutResult(status -> {
            reports.report(call.key(), report(ReportStatus.COMPLETED));
            status.setRollbackOnly();
        });
        assertThat(call("/sync/elsewhere", call).statusCode()).isEqualTo(202);
        transactions.executeWithoutResult(status -> reports.report(call.key(), report(ReportStatus.RUNNING)));
        transactions.executeWithoutResult(status -> reports.report(call.key(), report(ReportStatus.COMPLETED)));
        reports.report(call.key(), report(ReportStatus.FAILED));

        awaitStatus(call, ReportStatus.COMPLETED);
        assertThat(call("/sync/elsewhere", call).statusCode()).isEqualTo(200);
        assertThat(platform.callbacks(call.request().taskRunId()))
                .extracting(callback -> callback.report().sequence())
                .containsExactly(1L, 2L);
        assertThatThrownBy(() -> reports.report("unknown.1", report(ReportStatus.RUNNING)))
                .isInstanceOf(UnknownWorkException.class);
    }

    @Test
    void sendsAtMostOneProgressReportASecond() {
        var call = newCall();
        var begin = Instant.now();
        call("/sync/chatty", call);

        awaitStatus(call, ReportStatus.COMPLETED);

        var seconds = Duration.between(begin, Instant.now()).toSeconds();
        assertThat(platform.callbacks(call.request().taskRunId())).hasSizeBetween(2, (int) seconds + 3);
        assertThat(platform.callbacks(call.request().taskRunId()).get(0).token())
                .isEqualTo("callback-token-1");
    }

    @Test
    void routesTakeTheirScopeAndEverythingElseIsClosed() {
        var reader = platform.apiToken("data:read");

        assertThat(get("/things/7", reader).body()).isEqualTo("7");
        assertThat(get("/things/7", platform.apiToken("admin")).statusCode()).isEqualTo(200);
        assertProblem(get("/things/7", null), 401);
        assertProblem(get("/things/7", platform.apiToken("runs:read")), 403);
        assertProblem(get("/things/7", platform.callToken(SYSTEM)), 401);
        assertProblem(get("/forgotten", platform.apiToken("admin")), 403);
        assertProblem(get("/forgotten", null), 401);
        assertProblem(get("/nowhere", reader), 404);
        assertProblem(get("/nowhere", null), 401);
        assertProblem(post("/things/7", reader, "k", "{}"), 405);
        assertProblem(post("/open", reader, "k", "{}"), 405);
        assertThat(get("/open", null).statusCode()).isEqualTo(200);
        assertProblem(get("/things/7", platform.forgedToken("syncline")), 401);
        assertProblem(get("/things/7", platform.expiredToken("syncline")), 401);
    }

    @Test
    void sendsACommittedTriggerAndKeepsTheProblemOfARefusedOne() {
        var sender = service.context().getBean(TriggerSender.class);
        var outbox = service.context().getBean(Outbox.class);
        platform.onTrigger(event -> event.contains("\"refused\"")
                ? new PlatformReply(422, Map.of(), "{\"type\": \"https://syncline.io/problems/no-trigger-rule\"}")
                : new PlatformReply(202, Map.of(), "{}"));

        transactions.executeWithoutResult(status -> {
            sender.send(event("rolled-back"));
            status.setRollbackOnly();
        });
        transactions.executeWithoutResult(status -> {
            sender.send(event("first"));
            sender.send(event("refused"));
            sender.send(event("last"));
        });

        await().untilAsserted(() -> assertThat(platform.triggers())
                .extracting(text -> JSON.readTree(text).path("id").asString())
                .containsExactly("first", "refused", "last"));
        var sent = JSON.readTree(platform.triggers().get(0));
        assertThat(sent.path("specversion").asString()).isEqualTo("1.0");
        assertThat(sent.path("source").asString()).isEqualTo("/service");
        assertThat(sent.path("subject").asString()).isEqualTo("2026-11-20");
        assertThat(sent.path("partitionkey").asString()).isEqualTo("k");
        assertThat(sent.path("data").path("rows").asInt()).isEqualTo(3);
        await().untilAsserted(() -> assertThat(outbox.deadLetters(10))
                .anyMatch(dead -> dead.message().payload().contains("\"refused\"")
                        && String.valueOf(dead.lastCause()).contains("no-trigger-rule")));
        assertThatThrownBy(() -> sender.send(event("no transaction"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void fetchesATokenOnceForAllWhoAsk() {
        var tokens = service.context().getBean(TokenClient.class);
        tokens.accessToken("data:read");
        var before = platform.tokenRequests();

        var values = IntStream.range(0, 10)
                .parallel()
                .mapToObj(i -> tokens.accessToken("runs:read"))
                .distinct()
                .toList();

        assertThat(values).hasSize(1);
        assertThat(platform.tokenRequests()).isEqualTo(before + 1);
        tokens.refused(values.get(0));
        assertThat(tokens.accessToken("runs:read")).isNotEqualTo(values.get(0));
    }

    @Test
    void theKeysAreFetchedBeforeTheFirstTokenComes() {
        try (var early = FakePlatform.start();
                var unused = SpringDownstream.start(
                        ServiceUnderTest.class,
                        early,
                        SYSTEM,
                        Map.of("spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle"))) {
            await().until(() -> early.keyRequests() == 1);
        }
    }

    @Test
    void securityIsNotObservedUnlessTheServiceSaysHow() {
        var settings = service.context().getBean(SecurityObservationSettings.class);

        assertThat(settings.shouldObserveRequests()).isFalse();
        assertThat(settings.shouldObserveAuthentications()).isFalse();
        assertThat(settings.shouldObserveAuthorizations()).isFalse();
    }

    @Test
    void aCallbackBringsTheTraceOfItsCallBackAsItCame() {
        var call = newCall();
        handlers.gate.countDown();
        var state = "rojo=00f067aa0ba902b7," + "congo=" + "t".repeat(250) + ",fw529a3039@dt=" + "F".repeat(200);

        var answer = exchange(request("/sync/gated", platform.callToken(SYSTEM))
                .header("Idempotency-Key", "\"" + call.key() + "\"")
                .header("Content-Type", "application/json")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .header("tracestate", state)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(call.request()))));

        assertThat(answer.statusCode()).isEqualTo(202);
        awaitStatus(call, ReportStatus.COMPLETED);
        assertThat(platform.callbacks(call.request().taskRunId())).allSatisfy(callback -> {
            assertThat(callback.traceparent()).isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            assertThat(callback.tracestate()).isEqualTo(state);
        });
    }

    @Test
    void aCallbackWithoutATraceBeginsNone() {
        var call = newCall();
        handlers.gate.countDown();

        call("/sync/gated", call);

        awaitStatus(call, ReportStatus.COMPLETED);
        assertThat(platform.callbacks(call.request().taskRunId()))
                .allSatisfy(callback -> assertThat(callback.traceparent()).isNull());
    }

    @Test
    void healthIsOpenAndAnUnknownKeyCausesAtMostOneFetchAMinute() {
        get("/things/7", platform.apiToken("data:read"));
        var before = platform.keyRequests();
        try (var other = FakePlatform.start()) {
            for (int i = 0; i < 5; i++) {
                assertProblem(get("/things/7", other.apiToken("data:read")), 401);
            }
        }

        assertThat(platform.keyRequests()).isLessThanOrEqualTo(before + 1);
    }

    private static TriggerEvent event(String id) {
        return new TriggerEvent(
                "/service", id, "ready", "2026-11-20", Instant.parse("2026-11-20T00:00:00Z"), "k", Map.of("rows", 3));
    }

    private static StatusReport report(ReportStatus status) {
        return new StatusReport(null, null, null, status, null, null, null, null, null, null, null);
    }

    private static SyncCall newCall() {
        return SyncCall.of(platform, "task", "bk-" + UUID.randomUUID(), Map.of("n", 1));
    }

    private HttpResponse<String> call(String path, SyncCall call) {
        return post(path, platform.callToken(SYSTEM), call.key(), JSON.writeValueAsString(call.request()));
    }

    private HttpResponse<String> post(String path, String token, String key, String body) {
        return exchange(request(path, token)
                .header("Idempotency-Key", "\"" + key + "\"")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path, @Nullable String token) {
        return exchange(request(path, token).GET());
    }

    private static HttpRequest.Builder request(String path, @Nullable String token) {
        var request = HttpRequest.newBuilder(URI.create(service.url() + path)).timeout(Duration.ofSeconds(20));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    private static JsonNode tree(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private static void awaitStatus(SyncCall call, ReportStatus status) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(platform.callbacks(call.request().taskRunId()))
                                .anyMatch(callback -> callback.report().status() == status));
    }

    private static StatusReport last(SyncCall call) {
        var callbacks = platform.callbacks(call.request().taskRunId());
        return callbacks.get(callbacks.size() - 1).report();
    }
}
