package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Groups, systems and destinations over HTTP, on the embedded database. Each test uses keys of its own. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:configuration;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*, https://consumer.example.com:8443"
        })
@TestMethodOrder(MethodOrderer.Random.class)
class ConfigurationApiIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String NEW = "If-None-Match: *";

    @LocalServerPort
    private int port;

    private String token = "";

    @BeforeEach
    void token() {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        var answer = send(HttpRequest.newBuilder(url("/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
        token = json(answer).get("access_token").stringValue();
    }

    @Test
    void aGroupGoesThroughItsWholeLife() {
        putSystem("life");
        var created = put("/api/v1/groups/life-group", group("life-group", "life"), "application/yaml", NEW);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(created.headers().firstValue("Location")).contains("/api/v1/groups/life-group");

        var read = get("/api/v1/groups/life-group");
        assertThat(json(read).at("/status/version").intValue()).isEqualTo(1);
        assertThat(json(read).at("/status/createdBy").stringValue()).isEqualTo("root");
        assertThat(json(read).at("/tasks/0/path").stringValue()).isEqualTo("/sync/only");

        var sentBack = put("/api/v1/groups/life-group", read.body(), "application/json", "If-Match: \"1\"");
        assertThat(sentBack.statusCode()).as(sentBack.body()).isEqualTo(200);
        assertThat(sentBack.headers().firstValue("ETag")).contains("\"2\"");
        var changed = put(
                "/api/v1/groups/life-group",
                group("life-group", "life") + "description: changed\n",
                "application/yaml",
                "If-Match: \"2\"");
        assertThat(changed.headers().firstValue("ETag")).contains("\"3\"");
        assertThat(items(get("/api/v1/groups/life-group/versions"))).hasSize(3);
        assertThat(json(get("/api/v1/groups/life-group/versions/1")).has("description"))
                .isFalse();

        var yaml = send(request("/api/v1/groups/life-group").header("Accept", "application/yaml"));
        assertThat(yaml.headers().firstValue("Content-Type")).get().asString().startsWith("application/yaml");
        assertThat(yaml.body()).contains("kind: \"TaskGroup\"");

        assertProblem(send("DELETE", "/api/v1/groups/life-group", null, ""), 428);
        assertProblem(send("DELETE", "/api/v1/groups/life-group", null, "If-Match: \"1\""), 412);
        assertThat(send("DELETE", "/api/v1/groups/life-group", null, "If-Match: \"3\"")
                        .statusCode())
                .isEqualTo(204);
        assertProblem(get("/api/v1/groups/life-group"), 404);
        assertThat(get("/api/v1/groups/life-group/versions/2").statusCode()).isEqualTo(200);
    }

    @Test
    void aBadCronIsToldWithoutThePlatformsOwnCode() {
        putSystem("cron-x");
        var refused = put(
                "/api/v1/groups/cron-x-group",
                group("cron-x-group", "cron-x") + "schedule: {cron: x}\n",
                "application/yaml",
                NEW);

        assertProblem(refused, 422);
        assertThat(json(refused).at("/errors/0/pointer").stringValue()).isEqualTo("/schedule/cron");
    }

    @Test
    void aDocumentOfAnotherShapeIsReadableButWrong() {
        var refused = put("/api/v1/groups/shape", "[]", "application/json", NEW);

        assertProblem(refused, 422);
        assertThat(json(refused).at("/errors/0/pointer").stringValue()).isEmpty();
        assertProblem(put("/api/v1/groups/shape", "", "application/json", NEW), 400);
    }

    @Test
    void everythingWrongInADocumentIsToldAtOnce() {
        var refused = put(
                "/api/v1/groups/wrong",
                "apiVersion: syncline/v1\nkind: TaskGroup\nkey: wrong\nowenr: me\nstartBy: P1M\n"
                        + "tasks: [{key: a, system: nobody, path: x}]\n",
                "application/yaml",
                NEW);

        assertProblem(refused, 422);
        assertThat(json(refused).get("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/owenr", "/startBy", "/tasks/0/system", "/tasks/0/path");
        assertThat(json(refused).get("errors").findValuesAsString("code")).doesNotContain("");
    }

    @Test
    void aBadCronExpressionIsToldByTheClockItself() {
        putSystem("cron");

        var refused = put(
                "/api/v1/groups/cron-group",
                group("cron-group", "cron") + "schedule: {cron: \"61 0 0 * * ?\"}\n",
                "application/yaml",
                NEW);
        var accepted = put(
                "/api/v1/groups/cron-group",
                group("cron-group", "cron") + "schedule: {cron: \"0 30 2 * * ?\", zone: Europe/Berlin}\n",
                "application/yaml",
                NEW);

        assertProblem(refused, 422);
        assertThat(json(refused).at("/errors/0/pointer").stringValue()).isEqualTo("/schedule/cron");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(201);
    }

    @Test
    void whatCannotBeReadIs400AndOtherMediaTypesAre415() {
        assertProblem(put("/api/v1/groups/unread", "{\"a\": 1", "application/json", NEW), 400);
        assertProblem(put("/api/v1/groups/unread", "a: 1\n---\nb: 2\n", "application/yaml", NEW), 400);
        assertProblem(put("/api/v1/groups/unread", "", "application/json", NEW), 400);
        assertProblem(put("/api/v1/groups/unread", "<a/>", "application/xml", NEW), 415);
        assertProblem(put("/api/v1/destinations", "nonsense", "application/json", "If-Match: \"0\""), 400);
    }

    @Test
    void aPauseNeedsAReasonAndIsShownUntilItEnds() {
        putSystem("paused");
        put("/api/v1/groups/paused-group", group("paused-group", "paused"), "application/yaml", NEW);

        assertProblem(send("POST", "/api/v1/groups/paused-group/pause", "{}", ""), 422);
        assertProblem(send("POST", "/api/v1/groups/nothing/pause", "{\"reason\": \"x\"}", ""), 404);
        assertProblem(send("POST", "/api/v1/groups/paused-group/resume?held=some", "{\"reason\": \"x\"}", ""), 400);
        var dry = send("POST", "/api/v1/groups/paused-group/pause?dryRun=true", "{\"reason\": \"try\"}", "");
        assertThat(json(dry).get("dryRun").booleanValue()).isTrue();
        assertThat(json(get("/api/v1/groups/paused-group")).at("/status/paused").isMissingNode())
                .isTrue();
        var paused = send("POST", "/api/v1/groups/paused-group/pause", "{\"reason\": \"maintenance\"}", "");
        assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
        assertThat(json(get("/api/v1/groups/paused-group"))
                        .at("/status/paused/reason")
                        .stringValue())
                .isEqualTo("maintenance");
        assertThat(get("/api/v1/groups/paused-group").headers().firstValue("ETag"))
                .contains("\"1\"");

        var resumed = send("POST", "/api/v1/groups/paused-group/resume?held=latest", "{\"reason\": \"done\"}", "");

        assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(200);
        assertThat(json(resumed).at("/ended/reason").stringValue()).isEqualTo("maintenance");
        assertThat(json(get("/api/v1/groups/paused-group")).at("/status/paused").isMissingNode())
                .isTrue();
    }

    @Test
    void aSystemOutsideTheApprovedDestinationsIsRefusedUntilItIsApproved() {
        String document = system("foreign", "https://foreign.example.com:8443");

        var refused = put("/api/v1/systems/foreign", document, "application/yaml", NEW);
        assertProblem(refused, 422);
        assertThat(json(refused).at("/errors/0/code").stringValue()).isEqualTo("destination-not-approved");

        var list = get("/api/v1/destinations");
        assertThat(json(list).get("configured")).hasSize(2);
        String etag = list.headers().firstValue("ETag").orElseThrow();
        String body = "{\"items\": [{\"scheme\": \"https\", \"host\": \"foreign.example.com\", \"port\": 8443},"
                + " \"http://10.0.0.1:*\"]}";
        assertProblem(send("PUT", "/api/v1/destinations", body, ""), 428);
        assertProblem(send("PUT", "/api/v1/destinations", body, "If-Match: \"999\""), 412);
        var put = send("PUT", "/api/v1/destinations", body, "If-Match: " + etag);
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        assertThat(json(put).get("items")).hasSize(2);
        assertThat(put.headers().firstValue("ETag")).isNotEqualTo(list.headers().firstValue("ETag"));
        assertThat(json(get("/api/v1/destinations")).get("items")).hasSize(2);
        var wrong = send(
                "PUT",
                "/api/v1/destinations",
                "{\"items\": [{\"scheme\": \"ftp\", \"host\": \"a\", \"port\": 1}, {\"scheme\": \"http\"}, 7,"
                        + " \"http://169.254.169.254\"], \"other\": 1}",
                "If-Match: " + put.headers().firstValue("ETag").orElseThrow());
        assertProblem(wrong, 422);
        assertThat(json(wrong).get("errors").findValuesAsString("pointer"))
                .contains("/other", "/items/0", "/items/1/host", "/items/1/port", "/items/2", "/items/3");

        assertThat(put("/api/v1/systems/foreign", document, "application/yaml", NEW)
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void listsArePagedAndTheirParametersChecked() {
        putSystem("page-a");
        putSystem("page-b");

        var first = get("/api/v1/systems?limit=1");
        assertThat(items(first)).hasSize(1);
        var second = get("/api/v1/systems?limit=1&cursor="
                + json(first).get("nextCursor").stringValue());
        assertThat(items(second)).hasSize(1);
        assertThat(items(second).get(0).get("key"))
                .isNotEqualTo(items(first).get(0).get("key"));
        assertProblem(get("/api/v1/systems?limit=0"), 400);
        assertProblem(get("/api/v1/groups?limit=201"), 400);
        assertProblem(get("/api/v1/groups?cursor=rubbish"), 400);
    }

    @Test
    void aSystemNamedByAGroupCannotBeDeleted() {
        putSystem("named");
        put("/api/v1/groups/naming", group("naming", "named"), "application/yaml", NEW);

        var refused = send("DELETE", "/api/v1/systems/named", null, "If-Match: \"1\"");

        assertProblem(refused, 409);
        assertThat(json(refused).get("detail").stringValue()).contains("naming");
    }

    @Test
    void aSystemTellsWhoCallsItAndItsEndTakesAReason() {
        putSystem("told");
        put("/api/v1/groups/told-group", group("told-group", "told"), "application/yaml", NEW);

        var document = json(get("/api/v1/systems/told"));
        var item = items(get("/api/v1/systems?limit=200")).stream()
                .filter(one -> one.get("key").stringValue().equals("told"))
                .findFirst()
                .orElseThrow();

        assertThat(document.at("/status/groups/0").stringValue()).isEqualTo("told-group");
        assertThat(document.at("/status/moreGroups").booleanValue()).isFalse();
        assertThat(document.at("/status/instances").isArray()).isTrue();
        assertThat(item.at("/groups/0").stringValue()).isEqualTo("told-group");
        assertThat(item.get("auth").stringValue()).isEqualTo("platform-jwt");
        assertThat(item.get("instanceStates").isArray()).isTrue();

        send("DELETE", "/api/v1/groups/told-group", null, "If-Match: \"1\"");
        assertThat(send("DELETE", "/api/v1/systems/told?reason=no+longer+used", null, "If-Match: \"1\"")
                        .statusCode())
                .isEqualTo(204);
        assertThat(get("/api/v1/audit?limit=200").body()).contains("no longer used");
    }

    @Test
    void everyChangeIsAudited() {
        putSystem("audited");

        var entries = items(get("/api/v1/audit?limit=200"));

        assertThat(entries).anySatisfy(entry -> {
            assertThat(entry.get("objectKey").asString()).isEqualTo("audited");
            assertThat(entry.get("action").asString()).isEqualTo("put");
        });
    }

    @Test
    void filesArePlannedAppliedExportedAndManageWhatTheySay() {
        var files = group("files-group", "files") + "labels: [files]\n---\n" + system("files", "http://127.0.0.1:9")
                + "labels: [files]\n";

        var plan = post("/api/v1/config/plan", files, "");
        assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
        assertThat(json(plan).at("/summary/create").intValue()).isEqualTo(2);
        assertThat(json(plan).get("applied").booleanValue()).isFalse();
        assertProblem(get("/api/v1/groups/files-group"), 404);
        var hash = json(plan).get("planHash").stringValue();

        assertProblem(post("/api/v1/config/apply?reason=r", files, ""), 400);
        assertProblem(post("/api/v1/config/apply?planHash=" + hash, files, ""), 400);
        assertProblem(post("/api/v1/config/apply?reason=r&planHash=0", files, ""), 412);
        assertThat(json(post("/api/v1/config/apply?reason=r&dryRun=true", files, ""))
                        .get("applied")
                        .booleanValue())
                .isFalse();
        var apply = "/api/v1/config/apply?reason=release%207&source=https://git.example.com/a@b&planHash=" + hash;
        var applied = post(apply, files, "Idempotency-Key: \"files-1\"");
        assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
        assertThat(json(applied).at("/items/1/newVersion").intValue()).isEqualTo(1);
        assertThat(post(apply, files, "Idempotency-Key: \"files-1\"").body()).isEqualTo(applied.body());
        assertProblem(post(apply, files, "Idempotency-Key: \"files-2\""), 412);

        var managed = json(get("/api/v1/groups/files-group"));
        assertThat(managed.at("/status/managedBy").stringValue()).isEqualTo("files");
        assertThat(managed.at("/status/source").stringValue()).isEqualTo("https://git.example.com/a@b");
        assertThat(items(get("/api/v1/config/managed?limit=200"))).anySatisfy(item -> {
            assertThat(item.get("kind").stringValue()).isEqualTo("TaskGroup");
            assertThat(item.get("key").stringValue()).isEqualTo("files-group");
            assertThat(item.get("source").stringValue()).isEqualTo("https://git.example.com/a@b");
        });
        var entries = items(get("/api/v1/audit?kind=taskgroup&key=files-group"));
        assertThat(entries)
                .singleElement()
                .satisfies(
                        entry -> assertThat(entry.get("reason").stringValue()).isEqualTo("release 7"));
        assertThat(items(get("/api/v1/audit?kind=config&key=" + hash))).singleElement();

        var export = get("/api/v1/config/export?label=files");
        assertThat(export.headers().firstValue("Content-Type")).get().asString().startsWith("application/yaml");
        assertThat(get("/api/v1/config/export?label=files").body()).isEqualTo(export.body());
        assertThat(json(post("/api/v1/config/plan", export.body(), ""))
                        .at("/summary/unchanged")
                        .intValue())
                .isEqualTo(2);
        var asJson =
                send(request("/api/v1/config/export?label=files&kind=System").header("Accept", "application/json"));
        assertThat(json(asJson)).hasSize(1);
        assertProblem(get("/api/v1/config/export?kind=Nothing"), 400);
        assertThat(json(get("/api/v1/config/schema")).at("/$defs/TaskGroup").isObject())
                .isTrue();

        var byHand =
                put("/api/v1/groups/files-group", group("files-group", "files"), "application/yaml", "If-Match: \"1\"");
        assertProblem(byHand, 409);
        assertThat(json(byHand).get("type").stringValue()).endsWith("/managed-by-files");
        assertProblem(send("DELETE", "/api/v1/systems/files", null, "If-Match: \"1\""), 409);
        var detached = put(
                "/api/v1/groups/files-group?detach=true",
                group("files-group", "files") + "labels: [files]\ndescription: by hand\n",
                "application/yaml",
                "If-Match: \"1\"");
        assertThat(detached.statusCode()).as(detached.body()).isEqualTo(200);
        assertThat(json(detached).at("/status").has("managedBy")).isFalse();
        assertThat(items(get("/api/v1/audit?kind=taskgroup&key=files-group")))
                .extracting(entry -> entry.get("action").stringValue())
                .containsExactly("put", "detach", "put");
        var diff = json(get("/api/v1/groups/files-group/versions/2?diff=1"));
        assertThat(diff.get("changes"))
                .singleElement()
                .satisfies(change ->
                        assertThat(change.get("pointer").stringValue()).isEqualTo("/description"));
        assertProblem(get("/api/v1/groups/files-group/versions/2?diff=9"), 404);
    }

    @Test
    void whatIsPrunedMustBearALabelAndEverythingWrongIsTold() {
        assertProblem(post("/api/v1/config/plan?prune=true", "", ""), 400);
        assertProblem(post("/api/v1/config/plan?label=a", "", ""), 400);
        assertProblem(post("/api/v1/config/plan", "a: [", ""), 400);
        assertThat(post("/api/v1/config/plan?prune=true&label=nobody-has-it", "", "")
                        .statusCode())
                .isEqualTo(200);
        var refused = post("/api/v1/config/plan", group("p-group", "nobody") + "---\nkind: x\n", "");
        assertProblem(refused, 422);
        assertThat(json(refused).get("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/0/tasks/0/system", "/1/kind", "/1/key");
    }

    private HttpResponse<String> post(String path, String yaml, String header) {
        return send(withHeader(request(path), header)
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(yaml)));
    }

    private void putSystem(String key) {
        var answer = put("/api/v1/systems/" + key, system(key, "http://127.0.0.1:9"), "application/yaml", NEW);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static String system(String key, String instance) {
        return "apiVersion: syncline/v1\nkind: System\nkey: " + key + "\ninstances: ['" + instance + "']\n";
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

    private HttpResponse<String> put(String path, String body, String contentType, String precondition) {
        return send(withHeader(request(path), precondition)
                .header("Content-Type", contentType)
                .PUT(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body, String header) {
        var request = withHeader(request(path), header)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return send(request);
    }

    private static HttpRequest.Builder withHeader(HttpRequest.Builder request, String header) {
        if (!header.isEmpty()) {
            request.header(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        }
        return request;
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

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(Map.of("type", json(answer).get("type").stringValue())).isNotEmpty();
        assertThat(answer.body()).doesNotContain("java.").doesNotContain("Exception");
    }
}
