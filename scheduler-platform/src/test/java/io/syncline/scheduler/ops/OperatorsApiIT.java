package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.scheduler.testing.RootClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators do, over HTTP, against the whole platform on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:operators;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*",
            "syncline.public-url=https://sync.example.com"
        })
class OperatorsApiIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Nobody listens there, so its runs stay open until somebody ends them. */
    private static final String SYSTEM = """
            {"apiVersion": "syncline/v1", "kind": "System", "key": "nowhere", "instances": ["http://127.0.0.1:1"]}
            """;

    private static final String GROUP = """
            {"apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "plans",
             "triggers": [{"source": "/billing", "type": "ready"}],
             "schedule": {"cron": "0 30 2 * * ?", "zone": "Europe/Berlin"},
             "tasks": [{"key": "copy", "mode": "ASYNC", "system": "nowhere", "path": "/sync/plans"},
                       {"key": "publish", "mode": "SYNC", "system": "nowhere", "path": "/sync/publish"}]}
            """;

    @LocalServerPort
    private int port;

    private String token = "";

    @BeforeEach
    void aGroupWithASystem() {
        token = token();
        put("/api/v1/systems/nowhere", SYSTEM);
        put("/api/v1/groups/plans", GROUP);
    }

    @Test
    void aRunIsStartedLookedAtCancelledAndRerunWithOneAuditEntryEach() {
        var started = post("/api/v1/groups/plans/start", "{\"reason\": \"by hand\", \"businessKey\": \"life\"}", null);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        assertThat(started.headers().firstValue("Location")).isPresent();
        var runId = json(started).get("runs").get(0).get("runId").stringValue();

        var run = json(get("/api/v1/runs/" + runId));
        assertThat(run.get("state").stringValue()).isEqualTo("RUNNING");
        assertThat(run.get("taskRuns").get(0).get("waitsFor").stringValue()).isNotBlank();
        assertThat(run.get("taskRuns").get(1).get("waitsFor").stringValue()).contains("copy");
        var taskRunId = run.get("taskRuns").get(0).get("taskRunId").stringValue();
        assertThat(json(get("/api/v1/task-runs/" + taskRunId)).get("task").stringValue())
                .isEqualTo("copy");

        var dry = post("/api/v1/runs/" + runId + "/actions/cancel?dryRun=true", "{\"reason\": \"to see\"}", null);
        assertThat(json(dry).get("dryRun").booleanValue()).isTrue();
        assertThat(json(get("/api/v1/runs/" + runId)).get("state").stringValue())
                .isEqualTo("RUNNING");

        var cancelled = post("/api/v1/runs/" + runId + "/actions/cancel", "{\"reason\": \"not today\"}", null);
        assertThat(json(cancelled).get("state").stringValue()).isEqualTo("CANCELLED");
        var again = post("/api/v1/runs/" + runId + "/actions/cancel", "{\"reason\": \"once more\"}", null);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(json(again).get("currentState").stringValue()).isEqualTo("CANCELLED");
        assertThat(json(again).get("allowedActions"))
                .extracting(JsonNode::stringValue)
                .containsExactly("rerun", "rerun-failed");

        var rerun = post("/api/v1/runs/" + runId + "/actions/rerun-failed", "{\"reason\": \"now\"}", null);
        assertThat(rerun.statusCode()).as(rerun.body()).isEqualTo(200);
        var entries = json(get("/api/v1/audit?kind=run&key=" + runId)).get("items");
        assertThat(entries)
                .extracting(entry -> entry.get("action").stringValue())
                .containsExactly("rerun-failed", "cancel");
        assertThat(entries.get(1).get("reason").stringValue()).isEqualTo("not today");
        assertThat(entries.get(1).get("actor").stringValue()).isEqualTo("root");
        post("/api/v1/runs/" + runId + "/actions/cancel", "{\"reason\": \"the end\"}", null);
    }

    @Test
    void theSecondCallUnderOneKeyGetsTheFirstAnswerAndAnotherBodyIsRefused() {
        var first = post("/api/v1/groups/plans/start", "{\"reason\": \"a\", \"businessKey\": \"twice\"}", "\"key-1\"");
        var second = post("/api/v1/groups/plans/start", "{\"businessKey\": \"twice\",  \"reason\": \"a\"}", "key-1");
        var third = post("/api/v1/groups/plans/start", "{\"reason\": \"b\", \"businessKey\": \"twice\"}", "\"key-1\"");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotency-Key")).contains("\"key-1\"");
        assertThat(second.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(third.statusCode()).isEqualTo(422);
        assertThat(json(get("/api/v1/runs?businessKey=twice")).get("items")).hasSize(1);
    }

    @Test
    void wrongBodiesAreRefusedInTheOrderOfTheContract() {
        var path = "/api/v1/runs/no-such-run/actions/cancel";
        assertThat(post(path, "not json", null).statusCode()).isEqualTo(400);
        assertThat(post(path, "{}", null).statusCode()).isEqualTo(404);
        var invalid = post("/api/v1/groups/plans/start", "{\"reason\": \"\", \"colour\": 1}", null);
        assertThat(invalid.statusCode()).isEqualTo(422);
        assertThat(json(invalid).get("errors")).hasSize(2);
        assertThat(get("/api/v1/runs?state=DONE&overdue=x").statusCode()).isEqualTo(400);
        assertThat(json(get("/api/v1/runs?state=DONE&overdue=x")).get("errors")).hasSize(2);
        assertThat(get("/api/v1/runs?limit=0").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/runs?cursor=abc").statusCode()).isEqualTo(400);
    }

    @Test
    void theClusterShowsNodesFireTimesAndDepth() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/api/v1/cluster").body().contains("\"kind\":\"schedules\",\"name\":\"plans\""));

        var cluster = json(get("/api/v1/cluster"));

        assertThat(cluster.get("nodes").get(0).get("live").booleanValue()).isTrue();
        assertThat(cluster.get("nodes").get(0).get("nodeId")).isEqualTo(cluster.get("self"));
        assertThat(cluster.get("nextFireTimes"))
                .anyMatch(next -> next.get("kind").stringValue().equals("ticks"));
        assertThat(cluster.get("queueDepth").get("due").get("relation").stringValue())
                .isEqualTo("eq");
        assertThat(cluster.get("nodes").get(0).get("clockSkewMs").isNumber()).isTrue();
    }

    @Test
    void theScheduleShowsWhatFiresAndWhatIsPaused() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/api/v1/schedule?hours=168").body().contains("\"group\":\"plans\""));

        var schedule = json(get("/api/v1/schedule?hours=168"));

        assertThat(schedule.at("/groups/0/fires/0").isString()).isTrue();
        assertThat(schedule.at("/groups/0/misfire").stringValue()).isEqualTo("FIRE_ONCE");
        assertThat(schedule.get("paused").isArray()).isTrue();
        assertThat(get("/api/v1/schedule?hours=0").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/schedule?hours=169").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/schedule?hours=x").statusCode()).isEqualTo(400);
    }

    @Test
    void openApiNamesEveryOperatorsRoute() {
        var api = json(send(request("/v3/api-docs").GET()));

        assertThat(api.get("openapi").stringValue()).startsWith("3.1");
        assertThat(api.get("paths").propertyNames())
                .contains(
                        "/api/v1/runs",
                        "/api/v1/runs/{runId}",
                        "/api/v1/runs/{runId}/actions/cancel",
                        "/api/v1/task-runs/{taskRunId}",
                        "/api/v1/groups/{key}/start",
                        "/api/v1/cluster",
                        "/api/v1/audit");
        assertThat(api.get("paths")
                        .get("/api/v1/runs")
                        .get("get")
                        .get("parameters")
                        .findValuesAsString("name"))
                .containsExactlyInAnyOrder(
                        "group",
                        "state",
                        "businessKey",
                        "overdue",
                        "unresolved",
                        "within",
                        "from",
                        "to",
                        "limit",
                        "cursor");
        assertThat(api.get("paths")
                        .get("/api/v1/triggers")
                        .get("post")
                        .get("requestBody")
                        .get("content")
                        .propertyNames())
                .contains("application/cloudevents+json", "application/cloudevents-batch+json");
    }

    private HttpResponse<String> get(String path) {
        return send(request(path).header("Authorization", "Bearer " + token).GET());
    }

    private HttpResponse<String> post(String path, String body, @Nullable String key) {
        var request = request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return send(request);
    }

    private void put(String path, String document) {
        var answer = send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(document)));
        // 412: another test has put it already.
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 412);
    }

    private String token() {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        return json(send(request("/oauth2/token")
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))))
                .get("access_token")
                .stringValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
