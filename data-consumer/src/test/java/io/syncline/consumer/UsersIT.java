package io.syncline.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.client.test.FakePlatform;
import io.syncline.client.test.SpringDownstream;
import io.syncline.consumer.changes.FakeFeed;
import io.syncline.consumer.users.Source;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The whole service in front of a provider whose changes it follows. */
class UsersIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Source SOURCE = new Source();

    @TempDir
    static Path home;

    private static FakePlatform platform;
    private static FakeFeed provider;
    private static SpringDownstream service;

    @BeforeAll
    static void start() throws Exception {
        SOURCE.user("1", "Ann");
        SOURCE.user("2", "Bob");
        SOURCE.follow("1", "2");
        SOURCE.tweet("10", "1");
        provider = new FakeFeed();
        provider.add(SOURCE.log());
        provider.serve(SOURCE);
        platform = FakePlatform.start();
        service = SpringDownstream.start(
                DataConsumer.class,
                platform,
                "data-consumer",
                Map.of(
                        "syncline.home",
                        home.toString(),
                        "spring.datasource.url",
                        "jdbc:h2:mem:users-it;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000",
                        "syncline.client.client-id",
                        "consumer",
                        "syncline.client.client-secret",
                        "a-secret-of-more-than-24-characters",
                        "syncline.kafka.bootstrap-servers",
                        "",
                        "syncline.consumer.changes.poll-wait",
                        "PT0.1S",
                        "syncline.consumer.provider-url",
                        provider.url().toString()));
        await().atMost(SOON).untilAsserted(() -> {
            var answer = get("/users/1");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Syncline-As-Of")).isPresent();
            assertThat(answer.body()).contains("\"tweetCount\":1").contains("\"followingCount\":1");
        });
    }

    @AfterAll
    static void stop() {
        service.close();
        platform.close();
        provider.close();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(path, platform.apiToken("data:read"), headers);
    }

    private static HttpResponse<String> send(String path, String token, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(service.url() + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aUserIsToldWithAllFieldsInTheirOrder() throws Exception {
        var answer = get("/users/1");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(answer.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isEqualTo(answer.body().length());
        assertThat(JsonMapper.builder().build().readTree(answer.body()).propertyNames())
                .containsExactly(
                        "userId",
                        "username",
                        "name",
                        "description",
                        "location",
                        "webPageUrl",
                        "joinedDate",
                        "profileImageUrl",
                        "backgroundImageUrl",
                        "tweetCount",
                        "followingCount",
                        "followerCount",
                        "likeCount");
        assertThat(answer.body()).contains("\"name\":\"Ann\"").contains("\"joinedDate\":\"2020-01-01\"");
    }

    @Test
    void howFreshTheAnswerIsIsToldAndRises() throws Exception {
        var first = Instant.parse(
                get("/users/1").headers().firstValue("Syncline-As-Of").orElseThrow());

        await().atMost(SOON)
                .until(() -> Instant.parse(get("/users/1")
                                .headers()
                                .firstValue("Syncline-As-Of")
                                .orElseThrow())
                        .isAfter(first));
    }

    @Test
    void anUnchangedUserIsNotSentAgain() throws Exception {
        var etag = get("/users/2").headers().firstValue("ETag").orElseThrow();

        var again = get("/users/2", "If-None-Match", "\"other\", W/" + etag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("ETag")).contains(etag);
        assertThat(again.headers().firstValue("Syncline-As-Of")).isPresent();
        assertThat(get("/users/2", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void anUnchangedUserIsKnownToBeUnchangedLater() throws Exception {
        var first = get("/users/2");
        var etag = first.headers().firstValue("ETag").orElseThrow();
        var asOf = Instant.parse(first.headers().firstValue("Syncline-As-Of").orElseThrow());

        var later = await().atMost(SOON)
                .until(
                        () -> get("/users/2", "If-None-Match", etag),
                        again -> Instant.parse(again.headers()
                                        .firstValue("Syncline-As-Of")
                                        .orElseThrow())
                                .isAfter(asOf));

        assertThat(later.statusCode()).isEqualTo(304);
    }

    @Test
    void whoIsNotKnownIsAProblem() throws Exception {
        for (var path : new String[] {"/users/3", "/users/" + "x".repeat(65), "/users/%00", "/users/1%20or%201"}) {
            var answer = get(path);
            assertThat(answer.statusCode()).as(path).isIn(404, 400);
            assertThat(answer.statusCode() == 400 || answer.body().contains("no-such-user"))
                    .as(path + answer.body())
                    .isTrue();
        }
    }

    @Test
    void usersTakeATokenWithTheirScopeAlone() throws Exception {
        assertThat(send("/users/1", null).statusCode()).isEqualTo(401);
        assertThat(send("/users/1", platform.apiToken("runs:read")).statusCode())
                .isEqualTo(403);
        assertThat(send("/users/1", platform.callToken("data-consumer")).statusCode())
                .isEqualTo(401);
    }

    private static HttpResponse<String> post(String path, String token, String key, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void anOperatorRebuildsTheView() throws Exception {
        var admin = platform.apiToken("admin");
        assertThat(post("/users/rebuilds", platform.apiToken("data:read"), null, "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/users/rebuilds", admin, "\"not a key\"", "").statusCode())
                .isEqualTo(400);

        var begun = await().atMost(SOON)
                .until(() -> post("/users/rebuilds", admin, "\"one\"", ""), answer -> answer.statusCode() != 409);

        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        var location = begun.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/users/rebuilds/rebuild-one");
        await().atMost(SOON).until(() -> send(location, admin).body(), body -> body.contains("\"state\":\"LIVE\""));
        assertThat(post("/users/rebuilds", admin, "\"one\"", "").statusCode()).isEqualTo(200);
        assertThat(send("/users/rebuilds/none", admin).statusCode()).isEqualTo(404);
        assertThat(send(location, platform.apiToken("data:read")).statusCode()).isEqualTo(403);
        assertThat(get("/users/1").body()).contains("\"tweetCount\":1").contains("\"followingCount\":1");
    }

    private static String synced(String task) throws Exception {
        var id = UUID.randomUUID().toString();
        var body = """
                {"runId": "r", "taskRunId": "%1$s", "attempt": 1, "round": 1, "group": "users", "task": "%2$s",
                 "businessKey": "b", "parameters": {}, "deadline": "2099-01-01T00:00:00Z",
                 "trigger": {"source": "/users", "id": "%1$s", "type": "t", "time": "2026-11-20T00:00:00Z", "data": null},
                 "callback": {"url": "%3$s/api/v1/task-runs/%1$s/callbacks", "token": "t", "expiresAt": "2099-01-01T00:00:00Z"}}
                """.formatted(id, task, platform.url());
        return await().atMost(SOON)
                .until(
                        () -> post("/sync/" + task, platform.callToken("data-consumer"), "\"" + id + ".1\"", body),
                        answer -> answer.statusCode() != 202)
                .body();
    }

    @Test
    void thePlatformHasTheViewReconciled() throws Exception {
        // One that meets the rebuild of another test ends FAILED, to be tried again.
        var report = await().atMost(SOON)
                .until(() -> synced("user-view-reconcile"), body -> body.contains("\"status\":\"COMPLETED\""));

        assertThat(report)
                .contains("\"expectedRows\":2")
                .contains("\"actualRows\":2")
                .contains("\"different\":0")
                .contains("\"replaced\":false");
    }

    @Test
    void thePlatformIsToldWhenTheViewIsNotFresh() throws Exception {
        // The changes of this test are of long ago: far older than any change may be.
        var report = await().atMost(SOON)
                .until(() -> synced("user-view-check"), body -> body.contains("\"status\":\"FAILED\""));

        assertThat(report).contains("\"retryable\":false").contains("longer than PT1S");
    }

    @Test
    void howFreshTheViewIsIsMeasured() throws Exception {
        assertThat(send("/actuator/prometheus", platform.apiToken("runs:read")).body())
                .contains("syncline_view_freshness_seconds_bucket{")
                .contains("syncline_view_freshness_seconds_count")
                .contains("syncline_view_lag_seconds ")
                .contains("syncline_view_changes_total{outcome=\"applied\"}")
                .contains("syncline_view_parked_changes ");
    }

    @Test
    void theStatusTellsOfTheCopiesAndTheViewAndShowsNobody() throws Exception {
        assertThat(send("/status", null).statusCode()).isEqualTo(401);
        assertThat(get("/status").statusCode()).isEqualTo(403);

        var answer = send("/status", platform.apiToken("runs:read"));

        assertThat(answer.statusCode()).isEqualTo(200);
        var status = JsonMapper.builder().build().readTree(answer.body());
        assertThat(status.get("copies").findValuesAsString("source")).contains("runways", "countries");
        var view = status.get("userView");
        assertThat(view.get("asOf").isNull()).isFalse();
        assertThat(view.get("feeds").findValuesAsString("dataset")).hasSize(4);
        assertThat(view.at("/lastWork/rebuildId").stringValue()).isNotEmpty();
        assertThat(answer.body()).doesNotContain("Ann", "Bob");
    }

    @Test
    void theApiSaysWhatAUserIs() throws Exception {
        assertThat(send("/v3/api-docs", null).body())
                .contains("/users/{userId}")
                .contains("followerCount")
                .contains("Syncline-As-Of");
    }
}
