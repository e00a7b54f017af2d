package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.scheduler.testing.FakeDownstream;
import io.syncline.scheduler.testing.FakeDownstream.Script;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What calls sent and got, and what became of a run step by step, against the whole platform on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:transcripts;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*",
            "syncline.public-url=https://sync.example.com"
        })
class CallTranscriptsIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final FakeDownstream DOWNSTREAM = FakeDownstream.start();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    private String root = "";

    @AfterAll
    static void close() {
        DOWNSTREAM.close();
    }

    @BeforeEach
    void aGroupWithASystem() {
        root = token("root", RootClient.SECRET);
        put("/api/v1/systems/target", """
                {"apiVersion": "syncline/v1", "kind": "System", "key": "target", "instances": ["%s"]}
                """.formatted(DOWNSTREAM.url()));
        put("/api/v1/groups/plans", """
                {"apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "plans",
                 "triggers": [{"source": "/billing", "type": "ready"}],
                 "tasks": [{"key": "copy", "mode": "ASYNC", "system": "target", "path": "/sync/plans",
                            "parameters": {"table": "plans", "dbPassword": "planted-parameter"}},
                           {"key": "publish", "mode": "SYNC", "system": "target", "path": "/sync/publish"}]}
                """);
    }

    @Test
    void noneOfThePlantedSecretsIsInTheRowOrInTheAnswer() {
        DOWNSTREAM.alwaysAnswers(request -> Script.json(
                        400, """
                        {"title": "not today", "echo": %s, "header": "%s", "sessionToken": "planted-session"}
                        """.formatted(request.text(), request.headers().get("authorization")))
                .with("Set-Cookie", "sid=planted-cookie")
                .with("X-Debug", "planted-header")
                .with("Retry-After", "7"));
        var runId = start("secrets");
        var call = firstCall(runId, 0);
        var received = DOWNSTREAM.received().stream()
                .filter(request -> request.text().contains(runId))
                .findFirst()
                .orElseThrow();
        var bearer = received.headers().get("authorization").substring("Bearer ".length());
        var callbackToken = JSON.readTree(received.text()).at("/callback/token").asString();
        var reader = client("reader-secrets", "\"runs:read\", \"payload:read\"");

        var shown = get(path(call), reader);
        var row = row(call.path("callId").asString());

        assertThat(shown.statusCode()).as(shown.body()).isEqualTo(200);
        for (var place : List.of(shown.body(), row)) {
            assertThat(place)
                    .doesNotContain(bearer, callbackToken, "planted")
                    .contains("not today")
                    .contains("••••");
        }
        var detail = json(shown);
        assertThat(detail.path("bodies").asString()).isEqualTo("SHOWN");
        assertThat(detail.at("/request/method").asString()).isEqualTo("POST");
        assertThat(detail.at("/request/url").asString()).isEqualTo(DOWNSTREAM.url() + "/sync/plans");
        assertThat(detail.at("/request/headers/Authorization").asString()).matches("Bearer ••••[0-9a-f]{6}");
        assertThat(detail.at("/answer/headers/retry-after").asString()).isEqualTo("7");
        assertThat(detail.at("/answer/headers").has("x-debug")).isFalse();
        assertThat(JSON.readTree(detail.at("/request/body/text").asString())
                        .at("/parameters/table")
                        .asString())
                .isEqualTo("plans");
    }

    @Test
    void bodiesAreForThoseWhoMayReadThemAndWhoDoesIsKept() {
        DOWNSTREAM.alwaysAnswers(request -> Script.json(400, "{\"title\": \"the body\"}"));
        var runId = start("bodies");
        var call = firstCall(runId, 0);
        var reader = client("reader-bodies", "\"runs:read\", \"payload:read\"");

        var withheld = json(get(path(call), root));
        assertThat(withheld.path("bodies").asString()).isEqualTo("WITHHELD");
        assertThat(withheld.at("/answer/body/text").isNull()).isTrue();
        assertThat(withheld.at("/answer/body/bytes").asInt()).isPositive();
        assertThat(withheld.path("status").asInt()).isEqualTo(400);
        assertThat(audited(call)).isEmpty();

        var shown = json(get(path(call), reader));
        assertThat(shown.at("/answer/body/text").asString()).contains("the body");
        var entries = audited(call);
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).path("actor").asString()).isEqualTo("reader-bodies");
        assertThat(entries.get(0).path("action").asString()).isEqualTo("read");
        assertThat(get(path(call) + "x", reader).statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/task-runs/none/calls/" + call.path("callId").asString(), reader)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void theHistoryTellsEveryChangeOfStateInPages() {
        DOWNSTREAM.alwaysAnswers(request -> Script.json(400, "{}"));
        var runId = start("history");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> json(get("/api/v1/runs/" + runId, root))
                        .path("state")
                        .asString()
                        .equals("FAILED"));

        var all =
                json(get("/api/v1/runs/" + runId + "/history?limit=200", root)).path("items");
        var moves = new ArrayList<String>();
        all.forEach(move -> moves.add(move.path("task").asString("run") + " "
                + move.path("from").asString("-") + " " + move.path("to").asString()));
        assertThat(moves)
                .contains("copy DUE CALLING", "copy CALLING FAILED", "run RUNNING FAILED")
                .doesNotHaveDuplicates();
        assertThat(all).allSatisfy(move -> {
            assertThat(move.path("node").asString()).isNotBlank();
            assertThat(move.path("at").asString()).endsWith("Z");
        });
        var first = json(get("/api/v1/runs/" + runId + "/history?limit=1", root));
        assertThat(first.path("items")).hasSize(1);
        var second = json(get(
                "/api/v1/runs/" + runId + "/history?limit=1&cursor="
                        + first.path("nextCursor").asString(),
                root));
        assertThat(second.path("items").get(0)).isEqualTo(all.get(1));
        assertThat(get("/api/v1/runs/none/history", root).statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/runs/" + runId + "/history?cursor=x", root).statusCode())
                .isEqualTo(400);
    }

    @Test
    void theListTellsHowFarEachRunIsAndLeavesOutWhatIsNotWanted() {
        DOWNSTREAM.alwaysAnswers(request -> Script.json(400, "{}"));
        var runId = start("counted");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> json(get("/api/v1/runs/" + runId, root))
                        .path("state")
                        .asString()
                        .equals("FAILED"));

        var list = "/api/v1/runs?businessKey=counted";
        var tasks = json(get(list, root)).path("items").get(0).path("tasks");
        assertThat(tasks.path("total").asInt()).isEqualTo(2);
        assertThat(tasks.path("failed").asInt()).isEqualTo(1);
        assertThat(tasks.path("completed").asInt()).isZero();
        assertThat(json(get(list + "&state=-SKIPPED&state=-QUEUED", root)).path("items"))
                .hasSize(1);
        assertThat(json(get(list + "&state=-FAILED", root)).path("items")).isEmpty();
        assertThat(json(get(list + "&group=-plans", root)).path("items")).isEmpty();
        assertThat(json(get(list + "&group=-other", root)).path("items")).hasSize(1);
        assertThat(get(list + "&state=-DONE", root).statusCode()).isEqualTo(400);
    }

    private String start(String businessKey) {
        var started = send(request("/api/v1/groups/plans/start", root)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"reason\": \"by hand\", \"businessKey\": \"" + businessKey + "\"}")));
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        return json(started).at("/runs/0/runId").asString();
    }

    private JsonNode firstCall(String runId, int task) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !task(runId, task).path("calls").isEmpty());
        var found = task(runId, task);
        var call = JSON.createObjectNode();
        call.set("callId", found.at("/calls/0/callId"));
        call.set("taskRunId", found.path("taskRunId"));
        return call;
    }

    private JsonNode task(String runId, int number) {
        return json(get("/api/v1/runs/" + runId, root)).path("taskRuns").get(number);
    }

    private static String path(JsonNode call) {
        return "/api/v1/task-runs/" + call.path("taskRunId").asString() + "/calls/"
                + call.path("callId").asString();
    }

    private String row(String callId) {
        return jdbc.sql("select * from call where call_id = :id")
                .param("id", callId)
                .query((row, number) -> {
                    var all = new StringBuilder();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        all.append(row.getString(i)).append('\n');
                    }
                    return all.toString();
                })
                .single();
    }

    private List<JsonNode> audited(JsonNode call) {
        var entries = new ArrayList<JsonNode>();
        json(get("/api/v1/audit?kind=call&key=" + call.path("callId").asString(), root))
                .path("items")
                .forEach(entries::add);
        return entries;
    }

    private String client(String key, String scopes) {
        var made = send(request("/api/v1/clients/" + key, root)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("{\"system\": \"target\", \"scopes\": [" + scopes + "]}")));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return token(key, json(made).path("clientSecret").asString());
    }

    private void put(String path, String document) {
        var answer = send(request(path, root)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(document)));
        // 412: another test has put it already.
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 412);
    }

    private HttpResponse<String> get(String path, String bearer) {
        return send(request(path, bearer).GET());
    }

    private HttpRequest.Builder request(String path, String bearer) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + bearer);
    }

    private String token(String client, String secret) {
        var basic = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return json(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/oauth2/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))))
                .path("access_token")
                .asString();
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
