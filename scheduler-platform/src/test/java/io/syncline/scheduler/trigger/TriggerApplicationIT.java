package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.scheduler.testing.RootClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trigger messages over HTTP, with the whole platform behind. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:triggers;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=https://idle.example.com",
            "syncline.dispatch.enabled=false",
            "syncline.triggers.max-waiters=1",
            "syncline.public-url=https://sync.example.com"
        })
class TriggerApplicationIT {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String TRIGGERS = "/api/v1/triggers";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    private String token;
    private final String source = "/s" + UUID.randomUUID();
    private final String group = "g" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void putGroup() throws Exception {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        token = json(HTTP.send(
                        request("/oauth2/token")
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .get("access_token")
                .stringValue();
        put(
                "/api/v1/systems/idle",
                "{\"apiVersion\":\"syncline/v1\",\"kind\":\"System\",\"key\":\"idle\",\"instances\":[\"https://idle.example.com\"]}");
        put(
                "/api/v1/groups/" + group,
                "{\"apiVersion\":\"syncline/v1\",\"kind\":\"TaskGroup\",\"key\":\"" + group
                        + "\",\"triggers\":[{\"source\":\"" + source + "\",\"type\":\"ready\"}],"
                        + "\"tasks\":[{\"key\":\"a\",\"mode\":\"SYNC\",\"system\":\"idle\",\"path\":\"/sync/a\"}]}");
    }

    private void put(String path, String document) throws Exception {
        var answer = HTTP.send(
                request(path)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .header("If-None-Match", "*")
                        .PUT(BodyPublishers.ofString(document))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 412);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> post(String contentType, String body) throws Exception {
        return post(contentType, body, TRIGGERS);
    }

    private HttpResponse<String> post(String contentType, String body, String path, String... headers)
            throws Exception {
        var request = request(path).header("Authorization", "Bearer " + token).header("Content-Type", contentType);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.POST(BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(
                request(path).header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private String event(String id, String more) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"" + source + "\",\"type\":\"ready\"" + more
                + "}";
    }

    @Test
    void aTooDeepOrTooLargeEventOfABatchIsRefusedAlone() throws Exception {
        var deep = "[".repeat(450) + "]".repeat(450);
        var hidden = Base64.getEncoder().encodeToString(deep.getBytes(StandardCharsets.UTF_8));

        var batch = post(
                BATCH,
                "["
                        + String.join(
                                ",",
                                event("first", ""),
                                event("deep", ",\"data\":" + deep),
                                event("hidden", ",\"data_base64\":\"" + hidden + '"'),
                                event("large", ",\"data\":\"" + "x".repeat(1_100_000) + '"'),
                                event("last", ""))
                        + "]");

        assertThat(batch.statusCode()).as(batch.body()).isEqualTo(200);
        assertThat(json(batch).valueStream().map(one -> one.get("status").stringValue()))
                .containsExactly("ACCEPTED", "MALFORMED", "MALFORMED", "MALFORMED", "ACCEPTED");
        assertThat(json(batch).get(3).get("problem").get("status").intValue()).isEqualTo(413);
        assertThat(post(STRUCTURED, event("alone", ",\"data\":" + deep)).statusCode())
                .isEqualTo(400);
        assertThat(post(STRUCTURED, event("fair", ",\"data\":" + "[".repeat(200) + "]".repeat(200)))
                        .statusCode())
                .isEqualTo(202);
        assertThat(get(TRIGGERS + "?source=" + source).statusCode()).isEqualTo(200);
    }

    @Test
    void aMessageIsAcceptedOnceByAnyTransport() throws Exception {
        var first = post(STRUCTURED, event("1", ",\"subject\":\"d\",\"data\":{\"a\":1,\"b\":2}"));
        var reordered = post(STRUCTURED, event("1", ",\"data\":{\"b\":2,\"a\":1},\"subject\":\"d\""));
        var binary = post(
                "application/json",
                "{\"b\":2,\"a\":1}",
                TRIGGERS,
                "ce-specversion",
                "1.0",
                "ce-id",
                "1",
                "ce-source",
                source,
                "ce-type",
                "ready",
                "ce-subject",
                "d");

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(json(first).get("status").stringValue()).isEqualTo("ACCEPTED");
        assertThat(json(first).at("/runs/0/group").stringValue()).isEqualTo(group);
        var triggerId = json(first).get("triggerId").stringValue();
        assertThat(first.headers().firstValue("Location").orElseThrow()).endsWith("/api/v1/triggers/" + triggerId);
        for (var copy : List.of(reordered, binary)) {
            assertThat(copy.statusCode()).as(copy.body()).isEqualTo(200);
            assertThat(json(copy).get("status").stringValue()).isEqualTo("DUPLICATE");
            assertThat(json(copy).get("triggerId").stringValue()).isEqualTo(triggerId);
            assertThat(json(copy).at("/runs/0/runId")).isEqualTo(json(first).at("/runs/0/runId"));
        }
    }

    @Test
    void otherContentAndUnknownTypesAreUnprocessableButKept() throws Exception {
        post(STRUCTURED, event("1", ",\"data\":1"));

        var conflict = post(STRUCTURED, event("1", ",\"data\":2"));
        var unknown = post(STRUCTURED, event("2", "").replace("ready", "other"));

        assertThat(conflict.statusCode()).isEqualTo(422);
        assertThat(json(conflict).get("type").stringValue()).endsWith("/trigger-id-reused");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(json(unknown).get("type").stringValue()).endsWith("/no-trigger-rule");
        var list = HTTP.send(
                request("/api/v1/triggers?source=" + source)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(json(list).get("items").values().stream()
                        .map(item -> item.get("status").stringValue()))
                .containsExactly("REJECTED", "CONFLICT", "ACCEPTED");
    }

    @Test
    void aBatchIsJudgedElementByElementInOrder() throws Exception {
        var answer = post(
                BATCH,
                "["
                        + String.join(
                                ",",
                                event("1", ",\"data\":1"),
                                event("1", ",\"data\":1"),
                                event("1", ",\"data\":2"),
                                "{\"specversion\":\"1.0\"}",
                                "7",
                                event("2", "").replace("ready", "other"),
                                event("3", ",\"data\":9007199254740993"),
                                event("4", ""))
                        + "]");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).values().stream()
                        .map(element -> element.get("status").stringValue()))
                .containsExactly(
                        "ACCEPTED",
                        "DUPLICATE",
                        "CONFLICT",
                        "MALFORMED",
                        "MALFORMED",
                        "REJECTED",
                        "MALFORMED",
                        "ACCEPTED");
        assertThat(json(answer).get(3).get("triggerId").isNull()).isTrue();
        assertThat(json(answer).get(3).at("/problem/errors").size()).isEqualTo(3);
        assertThat(json(answer).get(2).at("/problem/type").stringValue()).endsWith("/trigger-id-reused");
    }

    @Test
    void aTrialTellsWhatWouldRunAndStoresNothing() throws Exception {
        var answer = HTTP.send(
                request("/api/v1/triggers?dryRun=true")
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", STRUCTURED)
                        .POST(BodyPublishers.ofString(event("dry", "")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"dryRun\":true,\"status\":\"ACCEPTED\",\"runs\":[{\"group\":\"" + group
                        + "\",\"state\":\"RUNNING\"}]}");
        assertThat(json(get("/api/v1/triggers?id=dry&source=" + source)).get("items"))
                .isEmpty();
    }

    @Test
    void operatorsSeeHowAMessageCameAndThatItCameAgain() throws Exception {
        post(STRUCTURED, event("1", ""));
        post(STRUCTURED, event("2", ""));
        post(STRUCTURED, event("2", ""));

        var copied = json(get(
                TRIGGERS + "?copied=true&transport=REST&status=ACCEPTED&from=2020-01-01T00:00:00Z&source=" + source));
        var all = json(get(TRIGGERS + "?source=" + source));

        assertThat(copied.get("items").size()).isEqualTo(1);
        var message = copied.at("/items/0");
        assertThat(message.get("id").stringValue()).isEqualTo("2");
        assertThat(message.get("copies").intValue()).isEqualTo(1);
        assertThat(message.get("lastCopyAt").stringValue()).isNotBlank();
        assertThat(message.get("client").stringValue()).isEqualTo("root");
        assertThat(message.get("traceId").stringValue()).matches("[0-9a-f]{32}");
        assertThat(message.at("/runs/0/group").stringValue()).isEqualTo(group);
        assertThat(all.get("items").size()).isEqualTo(2);
        assertThat(all.at("/items/1/runs/0/group").stringValue()).isEqualTo(group);
        assertThat(get(TRIGGERS + "?transport=PIGEON").statusCode()).isEqualTo(400);
        assertThat(get(TRIGGERS + "?copied=perhaps").statusCode()).isEqualTo(400);
    }

    @Test
    void whereMessagesGoIsTold() throws Exception {
        var intake = json(get("/api/v1/intake"));

        assertThat(intake.get("address").stringValue()).isEqualTo("https://sync.example.com/api/v1/triggers");
        assertThat(intake.get("topics").size()).isZero();
        assertThat(intake.get("keptDays").intValue()).isEqualTo(35);
    }

    @Test
    void aLookUpShowsTheAgreedMembersAlsoWhereTheyAreNull() throws Exception {
        var triggerId =
                json(post(STRUCTURED, event("nulls", ""))).get("triggerId").stringValue();

        var one = json(get("/api/v1/triggers/" + triggerId));
        assertThat(one.get("subject").isNull()).isTrue();
        assertThat(one.get("time").isNull()).isTrue();
        assertThat(one.at("/runs/0/error").isNull()).isTrue();
        var list = json(get("/api/v1/triggers?id=nulls&source=" + source));
        assertThat(list.get("items")).hasSize(1);
        assertThat(list.get("nextCursor").isNull()).isTrue();
    }

    @Test
    void aSenderThatWaitsIsAnsweredWhenItsRunsHaveEnded() throws Exception {
        var waiting = postLater(event("wait-1", ""), "wait=20");
        var runId = runOf("wait-1");
        post("application/json", "{\"reason\":\"test\"}", "/api/v1/runs/" + runId + "/actions/cancel");

        var answer = waiting.get(10, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Preference-Applied")).hasValue("wait=20");
        assertThat(answer.headers().firstValue("Location")).isPresent();
        assertThat(json(answer).get("status").stringValue()).isEqualTo("ACCEPTED");
        assertThat(json(answer).at("/runs/0/runId").stringValue()).isEqualTo(runId);
        assertThat(json(answer).at("/runs/0/group").stringValue()).isEqualTo(group);
        assertThat(json(answer).at("/runs/0/state").stringValue()).isEqualTo("CANCELLED");
        assertThat(json(answer).at("/runs/0/results").isObject()).isTrue();
        assertThat(json(answer).at("/runs/0/error").isNull()).isTrue();
        var copy = postLater(event("wait-1", ""), "wait=20").get(10, TimeUnit.SECONDS);
        assertThat(copy.statusCode()).isEqualTo(200);
        assertThat(json(copy).get("status").stringValue()).isEqualTo("DUPLICATE");
        assertThat(json(copy).at("/runs/0/state").stringValue()).isEqualTo("CANCELLED");
    }

    @Test
    void aWaitThatIsOverIsAnsweredLikeNone() throws Exception {
        var answer = postLater(event("late", ""), "respond-async, wait=1").get(10, TimeUnit.SECONDS);
        var copy = postLater(event("late", ""), "wait=1").get(10, TimeUnit.SECONDS);
        var batch = post(BATCH, "[" + event("in-batch", "") + "]", TRIGGERS, "Prefer", "wait=20");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Preference-Applied")).hasValue("wait=1");
        assertThat(answer.headers().firstValue("Location").orElseThrow())
                .endsWith(json(answer).get("triggerId").stringValue());
        assertThat(json(answer).at("/runs/0/state").stringValue()).isEqualTo("RUNNING");
        assertThat(copy.statusCode()).isEqualTo(202);
        assertThat(json(copy).get("status").stringValue()).isEqualTo("DUPLICATE");
        assertThat(batch.statusCode()).isEqualTo(200);
        assertThat(batch.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void whoFindsNoPlaceToWaitHasStartedNothing() throws Exception {
        var waiting = postLater(event("first", ""), "wait=20");
        var runId = runOf("first");

        var second = post(STRUCTURED, event("second", ""), TRIGGERS, "Prefer", "wait=20");
        var without = post(STRUCTURED, event("third", ""));

        assertThat(second.statusCode()).as(second.body()).isEqualTo(503);
        assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(json(get("/api/v1/triggers?id=second&source=" + source)).get("items"))
                .isEmpty();
        assertThat(without.statusCode()).isEqualTo(202);
        post("application/json", "{\"reason\":\"test\"}", "/api/v1/runs/" + runId + "/actions/cancel");
        assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        // What is refused gives its place back.
        assertThat(post(STRUCTURED, event("4", "").replace("ready", "other"), TRIGGERS, "Prefer", "wait=20")
                        .statusCode())
                .isEqualTo(422);
        assertThat(post(STRUCTURED, "<html>", TRIGGERS, "Prefer", "wait=20").statusCode())
                .isEqualTo(400);
        assertThat(postLater(event("5", ""), "wait=1").get(10, TimeUnit.SECONDS).statusCode())
                .isEqualTo(202);
    }

    private CompletableFuture<HttpResponse<String>> postLater(String body, String prefer) {
        return HTTP.sendAsync(
                request(TRIGGERS)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", STRUCTURED)
                        .header("Prefer", prefer)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String runOf(String messageId) {
        return await().until(
                        () -> json(get("/api/v1/triggers?id=" + messageId + "&source=" + source))
                                .at("/items/0/runs/0/runId")
                                .asString(""),
                        id -> !id.isEmpty());
    }

    @Test
    void aBatchHasItsLimits() throws Exception {
        assertThat(post(BATCH, "[]").body()).isEqualTo("[]");
        assertThat(post(BATCH, "{}").statusCode()).isEqualTo(400);
        assertThat(post(BATCH, "[").statusCode()).isEqualTo(400);
        var tooMany = new ArrayList<>(Collections.nCopies(501, "{}"));
        assertThat(post(BATCH, "[" + String.join(",", tooMany) + "]").statusCode())
                .isEqualTo(413);
        tooMany.remove(0);
        assertThat(post(BATCH, "[" + String.join(",", tooMany) + "]").statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatIsNoCloudEventIsToldSo() throws Exception {
        assertThat(post("application/json", "{}").statusCode()).isEqualTo(415);
        assertThat(post("text/plain", "x").statusCode()).isEqualTo(415);
        assertThat(post(STRUCTURED, "").statusCode()).isEqualTo(400);
        assertThat(post(STRUCTURED, "<html>").statusCode()).isEqualTo(400);
        var malformed = post(STRUCTURED, "{\"specversion\":\"1.0\",\"time\":\"noon\"}");
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(json(malformed).get("errors").size()).isEqualTo(4);
        var overflow = post(STRUCTURED, event("1", ",\"data\":1e999"));
        assertThat(overflow.statusCode()).isEqualTo(422);
        assertThat(json(overflow).at("/errors/0/pointer").stringValue()).isEqualTo("/data");
    }
}
