package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;

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
            "syncline.bootstrap.client.secret=" + TriggerApplicationIT.ROOT_SECRET,
            "syncline.destinations.allow=https://idle.example.com",
            "syncline.dispatch.enabled=false",
            "syncline.public-url=https://sync.example.com"
        })
class TriggerApplicationIT {
    static final String ROOT_SECRET = "kQ3vT9xW2mZ7pL5rB8nD4sJ6";

    private static final String STRUCTURED = "application/cloudevents+json";
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
        var basic = Base64.getEncoder().encodeToString(("root:" + ROOT_SECRET).getBytes(StandardCharsets.UTF_8));
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

    private HttpResponse<String> post(String contentType, String body, String... headers) throws Exception {
        var request = request("/api/v1/triggers")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", contentType);
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
    void aMessageIsAcceptedOnceByAnyTransport() throws Exception {
        var first = post(STRUCTURED, event("1", ",\"subject\":\"d\",\"data\":{\"a\":1,\"b\":2}"));
        var reordered = post(STRUCTURED, event("1", ",\"data\":{\"b\":2,\"a\":1},\"subject\":\"d\""));
        var binary = post(
                "application/json",
                "{\"b\":2,\"a\":1}",
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
    void aTrialIsRefusedAndStartsNothing() throws Exception {
        var answer = HTTP.send(
                request("/api/v1/triggers?dryRun=true")
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", STRUCTURED)
                        .POST(BodyPublishers.ofString(event("dry", "")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).at("/errors/0/parameter").stringValue()).isEqualTo("dryRun");
        assertThat(json(get("/api/v1/triggers?id=dry&source=" + source)).get("items"))
                .isEmpty();
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
