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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators do to single task runs and to failures, over HTTP, against the whole platform on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:actions;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*",
            "syncline.public-url=https://sync.example.com"
        })
class OperatorActionsIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String WHY = "{\"reason\": \"to see\"}";

    /** Nobody listens there; the tests report in its name. */
    private static final String SYSTEM = """
            {"apiVersion": "syncline/v1", "kind": "System", "key": "nowhere", "instances": ["http://127.0.0.1:1"]}
            """;

    private static final String GROUP = """
            {"apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "plans",
             "triggers": [{"source": "/billing", "type": "ready"}],
             "defaults": {"retry": {"backoff": "PT60S"}},
             "tasks": [{"key": "copy", "mode": "ASYNC", "system": "nowhere", "path": "/sync/plans"},
                       {"key": "publish", "mode": "SYNC", "system": "nowhere", "path": "/sync/publish"}]}
            """;

    @LocalServerPort
    private int port;

    private String token = "";
    private String downstream = "";

    @BeforeEach
    void aGroupWithASystem() {
        token = token("root", RootClient.SECRET);
        put("/api/v1/systems/nowhere", SYSTEM);
        put("/api/v1/groups/plans", GROUP);
        var client = "reporter-" + System.nanoTime();
        var secret = json(create(
                        "/api/v1/clients/" + client, "{\"system\": \"nowhere\", \"scopes\": [\"callbacks:write\"]}"))
                .get("clientSecret")
                .stringValue();
        downstream = token(client, secret);
    }

    private String start(String businessKey) {
        var started = post(
                "/api/v1/groups/plans/start",
                "{\"reason\": \"by hand\", \"businessKey\": \"" + businessKey + "\"}",
                null);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        return json(started).get("runs").get(0).get("runId").stringValue();
    }

    private JsonNode run(String runId) {
        return json(get("/api/v1/runs/" + runId));
    }

    private JsonNode task(String runId, int number) {
        return run(runId).get("taskRuns").get(number);
    }

    private String taskRunId(String runId, int number) {
        return task(runId, number).get("taskRunId").stringValue();
    }

    private HttpResponse<String> report(String taskRunId, String body) {
        return send(request("/api/v1/task-runs/" + taskRunId + "/callbacks")
                .header("Authorization", "Bearer " + downstream)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private void fail(String taskRunId) {
        var answer = report(taskRunId, """
                {"callbackId": "failed-%s", "attempt": 1, "status": "FAILED", "retryable": false, "message": "disk full"}
                """.formatted(System.nanoTime()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private HttpResponse<String> onTask(String taskRunId, String action, String body) {
        return post("/api/v1/task-runs/" + taskRunId + "/actions/" + action, body, null);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::stringValue).toList();
    }

    @Test
    void aFailureIsMarkedDoneWithBeforeAndAfterInTheAudit() {
        var runId = start("done");
        var copy = taskRunId(runId, 0);
        fail(copy);
        assertThat(texts(task(runId, 0).get("allowedActions"))).containsExactly("mark-done", "retry", "skip");
        assertThat(texts(run(runId).get("allowedActions"))).containsExactly("rerun", "rerun-failed", "resolution");

        var dry = json(onTask(copy, "mark-done?dryRun=true", WHY));
        assertThat(dry.get("dryRun").booleanValue()).isTrue();
        assertThat(dry.get("runState").stringValue()).isEqualTo("RUNNING");
        assertThat(run(runId).get("state").stringValue()).isEqualTo("FAILED");
        var done = onTask(copy, "mark-done", WHY);

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(json(done).get("state").stringValue()).isEqualTo("COMPLETED");
        assertThat(task(runId, 0).get("manual").booleanValue()).isTrue();
        assertThat(task(runId, 1).get("state").stringValue()).isIn("DUE", "CALLING");
        var entry = json(get("/api/v1/audit?kind=task-run&key=" + copy))
                .get("items")
                .get(0);
        assertThat(entry.get("action").stringValue()).isEqualTo("mark-done");
        var changes = JSON.readTree(entry.get("details").stringValue()).get("changes");
        assertThat(changes)
                .anyMatch(change -> change.path("taskRunId").asString().equals(copy)
                        && change.get("from").asString().equals("FAILED")
                        && change.get("to").asString().equals("COMPLETED"));
        var again = onTask(copy, "mark-done", WHY);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(json(again).get("currentState").stringValue()).isEqualTo("COMPLETED");
        assertThat(json(again).get("allowedActions")).isEmpty();
        post("/api/v1/runs/" + runId + "/actions/cancel", WHY, null);
    }

    @Test
    void aLateReportIsAcceptedWhenItBalancesAndRefusedWithTheNumbersWhenNot() {
        var runId = start("late");
        var copy = taskRunId(runId, 0);
        fail(copy);
        assertThat(onTask(copy, "accept-late", WHY).statusCode()).isEqualTo(409);
        report(copy, """
                {"callbackId": "good", "attempt": 1, "status": "COMPLETED", "result": {"files": 2},
                 "reconciliation": {"expectedRows": 5, "actualRows": 5}}
                """);
        assertThat(task(runId, 0).get("flags").get(0).get("flag").stringValue()).isEqualTo("CONFLICT");
        assertThat(texts(task(runId, 0).get("allowedActions"))).contains("accept-late");
        report(copy, """
                {"callbackId": "short", "attempt": 1, "status": "COMPLETED",
                 "reconciliation": {"expectedRows": 5, "actualRows": 4}}
                """);
        assertThat(texts(task(runId, 0).get("allowedActions"))).doesNotContain("accept-late");

        var unbalanced = onTask(copy, "accept-late", WHY);
        assertThat(unbalanced.statusCode()).isEqualTo(409);
        assertThat(json(unbalanced).get("detail").stringValue())
                .contains("found 4")
                .contains("use mark-done");
        var unknown = onTask(copy, "accept-late", "{\"reason\": \"r\", \"callbackId\": \"none\"}");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(json(unknown).get("errors").get(0).get("pointer").stringValue())
                .isEqualTo("/callbackId");
        var accepted = onTask(copy, "accept-late", "{\"reason\": \"r\", \"callbackId\": \"good\"}");

        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(200);
        assertThat(task(runId, 0).get("result").get("files").intValue()).isEqualTo(2);
        assertThat(task(runId, 0).get("manual").booleanValue()).isFalse();
        post("/api/v1/runs/" + runId + "/actions/cancel", WHY, null);
    }

    @Test
    void aFailureIsAcknowledgedStaysOnTheListAndIsIgnored() {
        var runId = start("listed");
        fail(taskRunId(runId, 0));
        var list = "/api/v1/runs?unresolved=true&businessKey=listed";
        assertThat(json(get(list)).get("items")).hasSize(1);
        var path = "/api/v1/runs/" + runId + "/resolution";

        var wrong = post(
                path, "{\"reason\": \"r\", \"status\": \"SUPERSEDED\", \"until\": \"2001-01-01T00:00:00Z\"}", null);
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(json(wrong).get("errors")).hasSize(2);
        post(path, "{\"reason\": \"I look\", \"status\": \"ACKNOWLEDGED\"}", null);
        assertThat(json(get(list))
                        .get("items")
                        .get(0)
                        .get("resolution")
                        .get("status")
                        .stringValue())
                .isEqualTo("ACKNOWLEDGED");
        var ignored = post(
                path, "{\"reason\": \"known\", \"status\": \"IGNORED\", \"until\": \"2099-01-01T00:00:00Z\"}", null);
        assertThat(ignored.statusCode()).as(ignored.body()).isEqualTo(200);

        assertThat(json(get(list)).get("items")).isEmpty();
        assertThat(json(get("/api/v1/runs?unresolved=false&businessKey=listed")).get("items"))
                .hasSize(1);
        var resolution = run(runId).get("resolution");
        assertThat(resolution.get("by").stringValue()).isEqualTo("root");
        assertThat(resolution.get("reason").stringValue()).isEqualTo("known");
        assertThat(resolution.get("until").stringValue()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(run(runId).get("state").stringValue()).isEqualTo("FAILED");
        assertThat(post(
                                "/api/v1/runs/" + start("open") + "/resolution",
                                "{\"reason\": \"r\", \"status\": \"RESOLVED\"}",
                                null)
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void aRerunIsANewRunOfTheSameMessageAndRepeatedUnderItsKeyOnlyOnce() {
        var runId = start("again");
        post("/api/v1/runs/" + runId + "/actions/cancel", WHY, null);
        var path = "/api/v1/runs/" + runId + "/actions/rerun";

        var dry = json(post(path + "?dryRun=true", "{\"reason\": \"r\", \"version\": \"CURRENT\"}", null));
        assertThat(dry.get("newRun").get("state").stringValue()).isEqualTo("RUNNING");
        assertThat(dry.get("newRun").has("runId")).isFalse();
        var first = post(path, "{\"reason\": \"r\"}", "\"rerun-1\"");
        var second = post(path, "{\"reason\": \"r\"}", "\"rerun-1\"");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);

        assertThat(second.body()).isEqualTo(first.body());
        var newRun = run(json(first).get("newRun").get("runId").stringValue());
        assertThat(newRun.get("rerunOf").stringValue()).isEqualTo(runId);
        assertThat(newRun.get("triggerId")).isEqualTo(run(runId).get("triggerId"));
        assertThat(json(get("/api/v1/runs?businessKey=again")).get("items")).hasSize(2);
        assertThat(post(path, "{\"reason\": \"r\", \"version\": \"7\"}", null).statusCode())
                .isEqualTo(422);
        var ofNew = "/api/v1/runs/" + newRun.get("runId").stringValue() + "/actions/";
        assertThat(post(ofNew + "rerun", WHY, null).statusCode()).isEqualTo(409);
        post(ofNew + "cancel", WHY, null);
    }

    @Test
    void wrongCallsAreRefusedInTheOrderOfTheContract() {
        var path = "/api/v1/task-runs/nobody/actions/retry";
        assertThat(post(path, "not json", null).statusCode()).isEqualTo(400);
        assertThat(post(path, "{}", null).statusCode()).isEqualTo(404);
        var runId = start("wrong");
        var copy = taskRunId(runId, 0);
        var invalid = onTask(copy, "retry", "{\"colour\": 1}");
        assertThat(invalid.statusCode()).isEqualTo(422);
        assertThat(json(invalid).get("errors")).hasSize(2);
        var illegal = onTask(copy, "retry", WHY);
        assertThat(illegal.statusCode()).isEqualTo(409);
        assertThat(json(illegal).get("type").stringValue()).endsWith("/illegal-action");
        assertThat(onTask(copy, "explode", WHY).statusCode()).isEqualTo(404);
        post("/api/v1/runs/" + runId + "/actions/cancel", WHY, null);
    }

    @Test
    void manyRunsAreWorkedOffInOneJobThatTellsWhatItLeftOut() {
        var runs = List.of(start("bulk-1"), start("bulk-2"), start("bulk-3"));
        fail(taskRunId(runs.get(0), 0));
        fail(taskRunId(runs.get(1), 0));
        var order = "{\"action\": \"retry\", \"reason\": \"disks were added\","
                + " \"filter\": {\"group\": \"plans\", \"businessKey\": [\"bulk-1\", \"bulk-2\", \"bulk-3\"]}}";

        var dry = json(post("/api/v1/bulk?dryRun=true", order, null));
        assertThat(dry.get("matched").intValue()).isEqualTo(3);
        assertThat(dry.get("sample"))
                .extracting(one -> one.get("outcome").stringValue())
                .containsExactly("DONE", "DONE", "SKIPPED");
        assertThat(run(runs.get(0)).get("state").stringValue()).isEqualTo("FAILED");
        var fewer = post("/api/v1/bulk", order.replaceFirst("\\{", "{\"matched\": 1000, "), null);
        assertThat(fewer.statusCode()).as(fewer.body()).isEqualTo(409);
        assertThat(json(fewer).get("matched")).isEqualTo(dry.get("matched"));
        assertThat(post("/api/v1/bulk", order.replaceFirst("\\{", "{\"matched\": -1, "), null)
                        .statusCode())
                .isEqualTo(422);
        order = order.replaceFirst("\\{", "{\"matched\": " + dry.get("matched") + ", ");
        var ordered = post("/api/v1/bulk", order, "\"bulk-1\"");
        assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(202);
        assertThat(post("/api/v1/bulk", order, "\"bulk-1\"").body()).isEqualTo(ordered.body());
        var location = ordered.headers().firstValue("Location").orElseThrow();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> json(get(location)).get("state").stringValue().equals("COMPLETED"));

        var job = json(get(location));
        assertThat(job.get("counts").get("done").intValue()).isEqualTo(2);
        assertThat(job.get("counts").get("skipped").intValue()).isEqualTo(1);
        assertThat(job.get("counts").get("pending").intValue()).isZero();
        assertThat(job.get("refusals").get(0).get("runId").stringValue()).isEqualTo(runs.get(2));
        assertThat(job.get("refusals").get(0).get("reason").stringValue()).isEqualTo("illegal-action");
        assertThat(run(runs.get(0)).get("state").stringValue()).isEqualTo("RUNNING");
        var entry = json(get("/api/v1/audit?kind=task-run&key=" + taskRunId(runs.get(0), 0)))
                .get("items")
                .get(0);
        assertThat(entry.get("reason").stringValue()).isEqualTo("disks were added");
        assertThat(entry.get("details").stringValue())
                .contains(job.get("bulkId").stringValue());
        assertThat(post(location + "/cancel", WHY, null).statusCode()).isEqualTo(409);
        assertThat(json(get("/api/v1/bulk?limit=1")).get("items")).hasSize(1);
        runs.forEach(run -> post("/api/v1/runs/" + run + "/actions/cancel", WHY, null));
    }

    @Test
    void aBulkOrderSaysAllThatIsWrongWithIt() {
        var wrong = post(
                "/api/v1/bulk",
                "{\"action\": \"explode\", \"filter\": {\"state\": \"DONE\", \"overdue\": \"x\", \"colour\": 1}}",
                null);
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(json(wrong).get("errors"))
                .extracting(error -> error.get("pointer").stringValue())
                .containsExactlyInAnyOrder("/action", "/reason", "/filter/state", "/filter/overdue", "/filter/colour");
        assertThat(post("/api/v1/bulk", "{\"action\": \"cancel\", \"filter\": {}, \"reason\": \"r\"}", null)
                        .statusCode())
                .isEqualTo(422);
        assertThat(post(
                                "/api/v1/bulk",
                                "{\"action\": \"skip\", \"filter\": {\"group\": \"plans\"}, \"reason\": \"r\"}",
                                null)
                        .statusCode())
                .isEqualTo(422);
        assertThat(get("/api/v1/bulk/nothing").statusCode()).isEqualTo(404);
        assertThat(post("/api/v1/bulk/nothing/cancel", WHY, null).statusCode()).isEqualTo(404);
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
        create(path, document);
    }

    private HttpResponse<String> create(String path, String document) {
        var answer = send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(document)));
        // 412: another test has put it already.
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 412);
        return answer;
    }

    private String token(String client, String secret) {
        var basic = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
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
