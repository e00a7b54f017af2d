package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people need while they look for groups, change them and try their tasks, on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:editing;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*"
        })
class GroupEditingIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String NEW = "If-None-Match: *";
    private static final String WHY =
            "{\"reason\": \"to see it work\", \"businessKey\": \"2026-11-20\", \"data\": {\"password\": \"kettle\"}}";

    @LocalServerPort
    private int port;

    private String token = "";
    private FakeDownstream downstream = FakeDownstream.start();

    @BeforeEach
    void token() {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        var answer = send(HttpRequest.newBuilder(url("/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
        token = json(answer).get("access_token").stringValue();
    }

    @AfterEach
    void stop() {
        downstream.close();
    }

    @Test
    void aListTellsTasksRulesAndTheNextFireAndTakesFilters() {
        putSystem("listed");
        putGroup("listed-clock", "listed", """
                owner: night-team
                labels: [nightly]
                description: Copies the ledger
                triggers: [{source: /billing, type: ready}]
                schedule: {cron: "0 30 2 * * ?", zone: Europe/Berlin}
                """);
        putGroup("listed-plain", "listed", "owner: day-team\n");

        var clock = only("/api/v1/groups?text=LEDGER");
        assertThat(clock.get("key").stringValue()).isEqualTo("listed-clock");
        assertThat(clock.at("/definitions/0").toString())
                .isEqualTo("{\"key\":\"only\",\"mode\":\"SYNC\",\"system\":\"listed\",\"path\":\"/sync/only\"}");
        assertThat(clock.at("/triggers/0/source").stringValue()).isEqualTo("/billing");
        assertThat(clock.at("/schedule/zone").stringValue()).isEqualTo("Europe/Berlin");
        assertThat(clock.get("nextFireAt").stringValue()).endsWith("Z");
        var plain = only("/api/v1/groups?owner=day-team&system=listed");
        assertThat(plain.get("key").stringValue()).isEqualTo("listed-plain");
        assertThat(plain.has("nextFireAt")).isFalse();
        assertThat(only("/api/v1/groups?label=nightly").get("key").stringValue())
                .isEqualTo("listed-clock");

        post("/api/v1/groups/listed-plain/pause", "{\"reason\": \"a while\"}");
        assertThat(only("/api/v1/groups?system=listed&paused=true").get("key").stringValue())
                .isEqualTo("listed-plain");
        assertThat(only("/api/v1/groups?system=listed&paused=false").get("key").stringValue())
                .isEqualTo("listed-clock");
        assertThat(get("/api/v1/groups?paused=perhaps").statusCode()).isEqualTo(400);
    }

    @Test
    void filteredListsArePagedToTheEnd() {
        putSystem("paged");
        for (var key : List.of("paged-a", "paged-b", "paged-c")) {
            putGroup(key, "paged", "");
            putGroup(key + "-not", "paged", "owner: other\n");
        }

        var first = json(get("/api/v1/groups?system=paged&owner=other&limit=2"));
        var cursor = first.get("nextCursor").stringValue();
        var second = json(get("/api/v1/groups?system=paged&owner=other&limit=2&cursor=" + cursor));

        assertThat(first.get("items").findValuesAsString("key")).containsSubsequence("paged-a-not", "paged-b-not");
        assertThat(first.get("items").size()).isEqualTo(2);
        assertThat(second.at("/items/0/key").stringValue()).isEqualTo("paged-c-not");
        assertThat(second.get("nextCursor").isNull()).isTrue();
        assertThat(get("/api/v1/groups?limit=2&cursor=" + cursor).statusCode())
                .as("a cursor is good for the list that gave it")
                .isEqualTo(400);
    }

    @Test
    void theReasonOfAChangeStandsInItsVersionAndInTheAudit() {
        putSystem("reasoned");
        putGroup("reasoned-group", "reasoned", "");

        var changed = put(
                "/api/v1/groups/reasoned-group?reason=raise%20the%20timeout",
                group("reasoned-group", "reasoned") + "description: changed\n", "If-Match: \"1\"");

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        var versions = json(get("/api/v1/groups/reasoned-group/versions")).get("items");
        assertThat(versions.at("/0/reason").stringValue()).isEqualTo("raise the timeout");
        assertThat(versions.at("/1/reason").isMissingNode()
                        || versions.at("/1/reason").isNull())
                .isTrue();
        assertThat(get("/api/v1/audit?key=reasoned-group").body()).contains("raise the timeout");
        var blank =
                put("/api/v1/groups/reasoned-group?reason=%20", group("reasoned-group", "reasoned"), "If-Match: \"2\"");
        assertThat(blank.statusCode()).isEqualTo(400);
        var gone =
                send(withHeader(request("/api/v1/groups/reasoned-group?reason=no%20longer%20used"), "If-Match: \"2\"")
                        .DELETE());
        assertThat(gone.statusCode()).isEqualTo(204);
        assertThat(get("/api/v1/audit?key=reasoned-group").body()).contains("no longer used");
    }

    @Test
    void aScheduleThatIsNotStoredIsPreviewed() {
        var preview = json(post(
                "/api/v1/fire-times?count=2",
                "{\"schedule\": {\"cron\": \"0 30 2 * * ?\", \"zone\": \"Europe/Berlin\"}}"));

        assertThat(preview.get("group").isNull()).isTrue();
        assertThat(preview.get("zone").stringValue()).isEqualTo("Europe/Berlin");
        assertThat(preview.get("items").size()).isEqualTo(2);
        assertThat(preview.at("/items/0/local").stringValue()).contains("T02:30:00+0");
        var wrong = post("/api/v1/fire-times", "{\"schedule\": {\"cron\": \"x\", \"zone\": \"Nowhere\"}, \"more\": 1}");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(json(wrong).get("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/schedule/cron", "/schedule/zone", "/more");
        assertThat(post("/api/v1/fire-times", "{}").statusCode()).isEqualTo(422);
        assertThat(post("/api/v1/fire-times", "{").statusCode()).isEqualTo(400);
    }

    @Test
    void aTestCallGoesOutOnceAndLeavesNoRun() {
        putSystem("tried");
        putGroup("tried-group", "tried", "");
        downstream.answers(Script.status(202));

        var answer = post("/api/v1/groups/tried-group/tasks/only/test-call", WHY);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var told = json(answer);
        assertThat(told.get("outcome").stringValue()).isEqualTo("ACCEPTED");
        assertThat(told.get("steps").findValuesAsString("status")).containsExactly("OK", "OK", "OK", "OK");
        assertThat(told.at("/response/status").intValue()).isEqualTo(202);
        assertThat(downstream.received()).hasSize(1);
        var sent = downstream.received().get(0);
        var body = JSON.readTree(sent.text());
        assertThat(sent.path()).isEqualTo("/sync/only");
        assertThat(body.get("taskRunId").stringValue())
                .isEqualTo(told.get("taskRunId").stringValue());
        assertThat(body.at("/trigger/source").stringValue()).isEqualTo("/syncline/test-calls");
        assertThat(body.at("/trigger/data/password").stringValue()).isEqualTo("kettle");
        assertThat(body.get("businessKey").stringValue()).isEqualTo("2026-11-20");
        assertThat(items(get("/api/v1/runs?group=tried-group"))).isEmpty();
        assertThat(get("/api/v1/task-runs/" + told.get("taskRunId").stringValue())
                        .statusCode())
                .isEqualTo(404);
        var reported = send(HttpRequest.newBuilder(
                        url(URI.create(body.at("/callback/url").stringValue()).getPath()))
                .header("Authorization", "Bearer " + body.at("/callback/token").stringValue())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"callbackId\": \"c\", \"attempt\": 1, \"status\": \"COMPLETED\"}")));
        assertThat(reported.statusCode()).as(reported.body()).isEqualTo(404);
        var audited = get("/api/v1/audit?key=tried-group").body();
        assertThat(audited).contains("test-call", "to see it work");
    }

    @Test
    void noSecretOfATestCallIsShown() {
        putSystem("hidden");
        putGroup("hidden-group", "hidden", "");
        downstream.alwaysAnswers(received -> Script.json(
                400,
                "{\"title\": \"You said " + received.headers().get("authorization") + "\", \"api-key\": \"planted\"}"));

        var answer = post("/api/v1/groups/hidden-group/tasks/only/test-call", WHY);

        var sent = downstream.received().get(0);
        var bearer = String.valueOf(sent.headers().get("authorization")).substring("Bearer ".length());
        var callback = JSON.readTree(sent.text()).at("/callback/token").stringValue();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).get("outcome").stringValue()).isEqualTo("REFUSED");
        assertThat(answer.body()).contains("You said").doesNotContain(bearer, callback, "planted", "kettle");
    }

    @Test
    void aTestCallThatCannotBeMadeSaysAtWhichStep() {
        putSystem("silent");
        putGroup("silent-group", "silent", "");
        downstream.alwaysAnswers(Script.reset());

        var told = json(post("/api/v1/groups/silent-group/tasks/only/test-call", WHY));

        assertThat(told.get("outcome").stringValue()).isEqualTo("UNKNOWN");
        assertThat(told.at("/steps/2/status").stringValue()).isEqualTo("FAILED");
        assertThat(told.has("response") && !told.get("response").isNull()).isFalse();
    }

    @Test
    void aDryTestCallShowsTheRequestAndSendsNothing() {
        putSystem("dry");
        putGroup("dry-group", "dry", "");

        var told = json(post("/api/v1/groups/dry-group/tasks/only/test-call?dryRun=true", WHY));

        assertThat(told.get("dryRun").booleanValue()).isTrue();
        assertThat(told.at("/request/body").stringValue())
                .contains("/syncline/test-calls")
                .doesNotContain("kettle");
        assertThat(downstream.received()).isEmpty();
        assertThat(get("/api/v1/audit?key=dry-group").body()).doesNotContain("test-call");
    }

    @Test
    void aRepeatedTestCallIsNotSentAgain() {
        putSystem("twice");
        putGroup("twice-group", "twice", "");
        downstream.alwaysAnswers(Script.status(202));
        var path = "/api/v1/groups/twice-group/tasks/only/test-call";

        var first = keyed(path, "\"one\"");
        var second = keyed(path, "\"one\"");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(downstream.received()).hasSize(1);
    }

    @Test
    void aTestCallNeedsAReasonAndATaskThatExists() {
        putSystem("asked");
        putGroup("asked-group", "asked", "");

        assertThat(post("/api/v1/groups/asked-group/tasks/only/test-call", "{}").statusCode())
                .isEqualTo(422);
        assertThat(post("/api/v1/groups/asked-group/tasks/none/test-call", WHY).statusCode())
                .isEqualTo(404);
        assertThat(post("/api/v1/groups/none/tasks/only/test-call", WHY).statusCode())
                .isEqualTo(404);
        assertThat(downstream.received()).isEmpty();
    }

    private HttpResponse<String> keyed(String path, String key) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(WHY)));
    }

    private JsonNode only(String path) {
        var items = items(get(path));
        assertThat(items).as(path).hasSize(1);
        return items.get(0);
    }

    private void putSystem(String key) {
        var answer = put(
                "/api/v1/systems/" + key,
                "apiVersion: syncline/v1\nkind: System\nkey: " + key + "\ninstances: ['" + downstream.url() + "']\n",
                NEW);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private void putGroup(String key, String system, String more) {
        var answer = put("/api/v1/groups/" + key, group(key, system) + more, NEW);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static String group(String key, String system) {
        return "apiVersion: syncline/v1\nkind: TaskGroup\nkey: " + key + "\ntasks: [{key: only, system: " + system
                + ", path: /sync/only}]\n";
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private HttpResponse<String> post(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> put(String path, String yaml, String precondition) {
        return send(withHeader(request(path), precondition)
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(yaml)));
    }

    private static HttpRequest.Builder withHeader(HttpRequest.Builder request, String header) {
        return request.header(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
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

    private static List<JsonNode> items(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return List.copyOf(json(answer).get("items").values());
    }
}
