package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.syncline.outbox.WebhookSigner;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.testing.RootClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Channels, alerts and silences over HTTP, on the embedded database, with a receiver of webhooks. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:alerts;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*, smtp://127.0.0.1:*, https://events.pagerduty.com:443",
            "syncline.alerts.tick=100ms",
            "syncline.alerts.group-wait=500ms"
        })
class AlertsApiIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CANARY = "canary-Zq8vT3mX";
    private static final String SECRET = WebhookSigner.newSecret();
    private static final String NEW = "If-None-Match: *";

    @LocalServerPort
    private int port;

    @Autowired
    private AlertSignals signals;

    @Autowired
    private JdbcClient jdbc;

    private final List<JsonNode> received = Collections.synchronizedList(new ArrayList<>());
    private volatile int refusal;
    private HttpServer receiver;
    private String token = "";

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            var event = JSON.readTree(exchange.getRequestBody().readAllBytes());
            if (refusal == 0) {
                received.add(event);
            }
            exchange.sendResponseHeaders(refusal == 0 ? 204 : refusal, -1);
            exchange.close();
        });
        receiver.start();
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        token = json(send(HttpRequest.newBuilder(url("/oauth2/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))))
                .get("access_token")
                .stringValue();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void aChannelGoesThroughItsWholeLifeAndItsSecretsNeverComeBack() {
        var created = put("/api/v1/channels/life", """
                {"apiVersion": "syncline/v1", "kind": "Channel", "key": "life", "type": "email", "host": "127.0.0.1",
                 "port": 2525, "security": "NONE", "user": "ops", "password": "%s",
                 "from": "syncline@example.com", "to": ["ops@example.com"]}
                """.formatted(CANARY), NEW);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(json(created).at("/status/secretSetAt").isString()).isTrue();

        var read = get("/api/v1/channels/life");
        var sentBack = put("/api/v1/channels/life", read.body(), "If-Match: \"1\"");
        assertThat(sentBack.statusCode()).isEqualTo(200);
        assertThat(sentBack.headers().firstValue("ETag")).contains("\"1\"");
        var moved = put("/api/v1/channels/life", read.body().replace("2525", "2526"), "If-Match: \"1\"");
        assertThat(json(moved).at("/status/secretClearedAt").isString())
                .as("another origin clears the secret: " + moved.body())
                .isTrue();
        assertThat(sealed("life")).isNull();
        var again = put(
                "/api/v1/channels/life",
                moved.body().replace("\"user\"", "\"password\": \"" + CANARY + "\", \"user\""),
                "If-Match: \"2\"");
        assertThat(json(again).at("/status/secretClearedAt").isMissingNode()).isTrue();
        assertThat(sealed("life")).startsWith("sb1.");

        var audit = get("/api/v1/audit?limit=200");
        for (var answer : List.of(created, read, sentBack, moved, again, get("/api/v1/channels"), audit)) {
            assertThat(answer.body()).doesNotContain(CANARY);
        }
        assertThat(audit.body()).contains("\"objectKind\":\"channel\"");
        assertThat(send("DELETE", "/api/v1/channels/life", null, "If-Match: \"1\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(send("DELETE", "/api/v1/channels/life", null, "If-Match: \"3\"")
                        .statusCode())
                .isEqualTo(204);
        assertThat(get("/api/v1/channels/life").statusCode()).isEqualTo(404);
    }

    @Test
    void everythingWrongWithAChannelIsSaidAtOnce() {
        var answer = put(
                "/api/v1/channels/wrong",
                "{\"apiVersion\": \"syncline/v1\", \"kind\": \"Channel\", \"key\": \"wrong\", \"type\": \"email\","
                        + " \"host\": \"smtp://x\", \"port\": 70000, \"security\": \"SSL\", \"from\": \"nobody\","
                        + " \"to\": [\"a b\"], \"url\": \"http://127.0.0.1\"}",
                NEW);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(pointers(answer)).containsExactlyInAnyOrder("/host", "/port", "/security", "/from", "/to/0", "/url");
        assertThat(pointers(put("/api/v1/channels/p", channel("p", "pagerduty", ""), NEW)))
                .containsExactly("/routingKey");
        assertThat(pointers(put(
                        "/api/v1/channels/w",
                        channel(
                                "w",
                                "webhook",
                                ", \"url\": \"https://evil.example.com\", \"secret\": \"" + SECRET + "\""),
                        NEW)))
                .containsExactly("/url");
        assertThat(pointers(put("/api/v1/channels/n", channel("n", "pigeon", ""), NEW)))
                .containsExactly("/type");
        assertThat(put("/api/v1/channels/n", "{}", "X-None: 1").statusCode()).isEqualTo(428);
    }

    @Test
    void aGroupNamesChannelsThatAreThereAndKeepsThemFromBeingDeleted() {
        putWebhook("named");
        made(put("/api/v1/systems/named-system", """
                {"apiVersion": "syncline/v1", "kind": "System", "key": "named-system", "instances": ["http://127.0.0.1:1"]}
                """, NEW));

        var unknown = put("/api/v1/groups/named-group", group("named-group", "named", "nobody"), NEW);
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(json(unknown).at("/errors/0/pointer").stringValue()).isEqualTo("/alerts/0/escalate/channels/0");
        assertThat(json(unknown).at("/errors/0/code").stringValue()).isEqualTo("unknown-channel");
        made(put("/api/v1/groups/named-group", group("named-group", "named", "named"), NEW));

        var refused = send("DELETE", "/api/v1/channels/named", null, "If-Match: \"1\"");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("named-group");
        assertThat(send("DELETE", "/api/v1/groups/named-group", null, "If-Match: \"1\"")
                        .statusCode())
                .isEqualTo(204);
        assertThat(send("DELETE", "/api/v1/channels/named", null, "If-Match: \"1\"")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void aTestTellsHowItWent() {
        putWebhook("tested");

        var good = send("POST", "/api/v1/channels/tested/test", null, "X-None: 1");
        assertThat(json(good).get("status").stringValue()).as(good.body()).isEqualTo("OK");
        assertThat(received).hasSize(1);
        receiver.stop(0);
        var bad = send("POST", "/api/v1/channels/tested/test", null, "X-None: 1");

        assertThat(json(bad).get("status").stringValue()).isEqualTo("FAILED");
        assertThat(json(bad).get("detail").stringValue()).contains("no connection");
        assertThat(bad.body()).doesNotContain(SECRET);
    }

    @Test
    void failuresBecomeOneAlertIsToldAndCanBeTakenUp() {
        putWebhook("told");
        made(put("/api/v1/systems/told-system", """
                {"apiVersion": "syncline/v1", "kind": "System", "key": "told-system", "instances": ["http://127.0.0.1:1"]}
                """, NEW));
        made(put("/api/v1/groups/told-group", group("told-group", "told", "told"), NEW));

        signals.raise(IntStream.range(0, 5)
                .mapToObj(i -> new AlertSignal(
                        AlertCondition.REFUSED,
                        AlertSignal.taskRun("told-" + i),
                        "told-group",
                        "told-system",
                        "run-" + i,
                        "told-" + i,
                        "REFUSED 403 at told-system",
                        "The task run told-" + i + " was refused.",
                        Instant.now()))
                .toList());

        var alert = await(
                        "/api/v1/alerts?group=told-group&condition=FAILED",
                        list -> !list.at("/items/0").isMissingNode())
                .at("/items/0");
        var id = alert.get("alertId").stringValue();
        var sent = await(
                "/api/v1/alerts/" + id,
                view -> view.at("/deliveries/0/state").asString("").equals("SENT"));
        assertThat(received)
                .singleElement()
                .satisfies(event -> assertThat(event.at("/data/title").stringValue())
                        .isEqualTo("5 task runs failed: REFUSED 403 at told-system"));
        assertThat(sent.get("members")).hasSize(5);
        assertThat(sent.at("/history/0/kind").stringValue()).isEqualTo("OPENED");

        var path = "/api/v1/alerts/" + id + "/acknowledge";
        assertThat(send("POST", path, "{\"reason\": \"\"}", "X-None: 1").statusCode())
                .isEqualTo(422);
        assertThat(json(send("POST", path + "?dryRun=true", "{\"reason\": \"mine\"}", "X-None: 1"))
                        .get("state")
                        .stringValue())
                .isEqualTo("ACKNOWLEDGED");
        var taken = send("POST", path, "{\"reason\": \"mine\"}", "Idempotency-Key: \"k1\"");
        assertThat(json(taken).at("/acknowledged/by").stringValue()).isEqualTo("root");
        assertThat(send("POST", path, "{\"reason\": \"mine\"}", "Idempotency-Key: \"k1\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("POST", path, "{\"reason\": \"mine\"}", "X-None: 1").statusCode())
                .isEqualTo(409);
        signals.cure(
                AlertCondition.REFUSED,
                IntStream.range(0, 5)
                        .mapToObj(i -> AlertSignal.taskRun("told-" + i))
                        .toList());
        await("/api/v1/alerts/" + id, view -> view.get("state").stringValue().equals("CLOSED"));
        assertThat(get("/api/v1/audit?limit=200").body()).contains("\"acknowledge\"");
        var rules = json(get("/api/v1/alert-rules?limit=200")).get("items").values().stream()
                .filter(item -> item.get("group").stringValue().equals("told-group"))
                .findFirst()
                .orElseThrow();
        assertThat(rules.at("/rules/0/threshold/within").stringValue()).isEqualTo("PT1M");
        assertThat(rules.at("/rules/0/replay/incidents").intValue()).isEqualTo(1);
        assertThat(rules.get("unruled").intValue()).isZero();
        var log = json(get("/api/v1/channels/told/deliveries?limit=200"));
        assertThat(log.at("/items/0/alertId").stringValue()).isEqualTo(id);
        assertThat(get("/api/v1/channels/nobody/deliveries").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/alerts?state=open").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/alerts/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void whatWasGivenUpIsSentAgainAndTheListOfActionsSaysWhen() {
        var id = givenUp("resent");
        assertThat(json(get("/api/v1/alerts/" + id)).get("allowedActions").toString())
                .isEqualTo("[\"acknowledge\",\"resend\"]");

        var path = "/api/v1/alerts/" + id + "/resend";
        assertThat(send("POST", path, "{\"reason\": \"\"}", "X-None: 1").statusCode())
                .isEqualTo(422);
        var dry = send("POST", path + "?dryRun=true", "{\"reason\": \"it is back\"}", "X-None: 1");
        assertThat(json(dry).at("/messages/0/channel").stringValue()).isEqualTo("resent");
        assertThat(json(dry).get("dryRun").booleanValue()).isTrue();
        refusal = 0;
        var before = received.size();
        var sent = send("POST", path, "{\"reason\": \"it is back\"}", "Idempotency-Key: \"again\"");
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        assertThat(send("POST", path, "{\"reason\": \"it is back\"}", "Idempotency-Key: \"again\"")
                        .body())
                .isEqualTo(sent.body());

        var delivered = await(
                "/api/v1/alerts/" + id,
                view -> view.at("/deliveries/0/state").asString("").equals("SENT"));
        assertThat(received).hasSize(before + 1);
        assertThat(received.get(before).at("/id").stringValue())
                .isEqualTo(json(sent).at("/messages/0/messageId").stringValue());
        assertThat(delivered.get("allowedActions").toString()).isEqualTo("[\"acknowledge\"]");
        var refused = send("POST", path, "{\"reason\": \"once more\"}", "X-None: 1");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).get("allowedActions").toString()).isEqualTo("[\"acknowledge\"]");
        assertThat(get("/api/v1/audit?limit=200").body()).contains("\"resend\"", "it is back");
    }

    @Test
    void deadLettersOfAllAlertsAreListedByCauseSentAgainAndForgotten() {
        var kept = givenUp("kept");
        givenUp("dropped");

        var dead = json(get("/api/v1/deliveries?state=DEAD&channel=kept"));
        assertThat(dead.get("items").size()).isEqualTo(1);
        assertThat(dead.at("/items/0/alertId").stringValue()).isEqualTo(kept);
        assertThat(dead.at("/items/0/allowedActions").toString()).isEqualTo("[\"resend\",\"discard\"]");
        assertThat(get("/api/v1/deliveries?state=dead").statusCode()).isEqualTo(400);
        var summary = json(get("/api/v1/deliveries/summary"));
        assertThat(summary.get("complete").booleanValue()).isTrue();
        assertThat(summary.get("dead")
                        .valueStream()
                        .map(cause -> cause.get("channel").stringValue() + " "
                                + cause.get("count").intValue()))
                .contains("kept 1", "dropped 1");
        assertThat(json(get("/api/v1/overview/counts")).at("/dead/value").intValue())
                .isGreaterThanOrEqualTo(2);

        var body = "{\"messageIds\": [\"" + dead.at("/items/0/messageId").stringValue()
                + "\", \"nothing\"], \"reason\": \"all is well\"}";
        var dry = send("POST", "/api/v1/deliveries/resend?dryRun=true", body, "X-None: 1");
        assertThat(json(dry).at("/messages/0/alertId").stringValue()).isEqualTo(kept);
        assertThat(json(dry).at("/left/0/reason").stringValue()).isEqualTo("NOT_FOUND");
        refusal = 0;
        var sent = send("POST", "/api/v1/deliveries/resend", body, "Idempotency-Key: \"all\"");
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        assertThat(send("POST", "/api/v1/deliveries/resend", body, "Idempotency-Key: \"all\"")
                        .body())
                .isEqualTo(sent.body());
        await(
                "/api/v1/deliveries?state=SENT&channel=kept",
                list -> list.get("items").size() == 1);

        var dropped = json(get("/api/v1/deliveries?channel=dropped")).at("/items/0/messageId");
        var forgotten = send(
                "POST",
                "/api/v1/deliveries/discard",
                "{\"messageIds\": [" + dropped + "], \"reason\": \"nobody reads it\"}",
                "X-None: 1");
        assertThat(json(forgotten).at("/messages/0/channel").stringValue()).isEqualTo("dropped");
        assertThat(json(get("/api/v1/deliveries?channel=dropped")).get("items").isEmpty())
                .isTrue();
        assertThat(get("/api/v1/audit?limit=200").body()).contains("\"discard\"", "nobody reads it", "all is well");
        var wrong = send("POST", "/api/v1/deliveries/discard", "{\"messageIds\": [], \"x\": 1}", "X-None: 1");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(pointers(wrong)).containsExactlyInAnyOrder("/messageIds", "/reason", "/x");
    }

    /** Two failures of a group, told over a channel that refuses; the alert of it. */
    private String givenUp(String name) {
        putWebhook(name);
        made(put(
                "/api/v1/systems/" + name + "-system",
                "{\"apiVersion\": \"syncline/v1\", \"kind\": \"System\", \"key\": \"" + name
                        + "-system\", \"instances\": [\"http://127.0.0.1:1\"]}",
                NEW));
        made(put("/api/v1/groups/" + name + "-group", group(name + "-group", name, name), NEW));
        refusal = 410;
        signals.raise(IntStream.range(0, 2)
                .mapToObj(i -> new AlertSignal(
                        AlertCondition.REFUSED,
                        AlertSignal.taskRun(name + "-" + i),
                        name + "-group",
                        name + "-system",
                        null,
                        null,
                        "REFUSED 403 at " + name + "-system",
                        "It failed.",
                        Instant.now()))
                .toList());
        var id = await(
                        "/api/v1/alerts?group=" + name + "-group",
                        list -> list.get("items").size() == 1)
                .at("/items/0/alertId")
                .stringValue();
        await(
                "/api/v1/alerts/" + id,
                view -> view.at("/deliveries/0/state").asString("").equals("DEAD"));
        return id;
    }

    @Test
    void aSilenceIsMadeShownAndEnded() {
        var body = "{\"reason\": \"maintenance\", \"until\": \"" + Instant.now().plusSeconds(600)
                + "\", \"matchers\": [{\"of\": \"system\", \"glob\": \"shop-*\"}]}";

        var preview = send("POST", "/api/v1/silences?dryRun=true", body, "X-None: 1");
        assertThat(preview.statusCode()).as(preview.body()).isEqualTo(200);
        assertThat(json(preview).get("quiets").isArray()).isTrue();
        var created = send("POST", "/api/v1/silences", body, "X-None: 1");
        assertThat(created.statusCode()).isEqualTo(201);
        var id = json(created).get("silenceId").stringValue();
        assertThat(json(get("/api/v1/silences")).at("/items/0/state").stringValue())
                .isEqualTo("STANDING");

        assertThat(send("DELETE", "/api/v1/silences/" + id, null, "X-None: 1").statusCode())
                .isEqualTo(200);
        assertThat(send("DELETE", "/api/v1/silences/" + id, null, "X-None: 1").statusCode())
                .isEqualTo(409);
        var later = body.replace("\"until\"", "\"from\": \"" + Instant.now().plusSeconds(300) + "\", \"until\"");
        assertThat(json(send("POST", "/api/v1/silences", later, "X-None: 1"))
                        .get("state")
                        .stringValue())
                .isEqualTo("UPCOMING");
        var wrong = send(
                "POST",
                "/api/v1/silences",
                "{\"until\": \"soon\", \"matchers\": [{\"of\": \"colour\", \"equals\": \"x\"}, {\"of\": \"group\"}], \"x\": 1}",
                "X-None: 1");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(pointers(wrong))
                .containsExactlyInAnyOrder("/reason", "/until", "/matchers/0/of", "/matchers/1", "/x");
    }

    private void putWebhook(String key) {
        made(put(
                "/api/v1/channels/" + key,
                channel(
                        key,
                        "webhook",
                        ", \"url\": \"http://127.0.0.1:" + receiver.getAddress().getPort() + "/\", \"secret\": \""
                                + SECRET + "\""),
                NEW));
    }

    private static String channel(String key, String type, String more) {
        return "{\"apiVersion\": \"syncline/v1\", \"kind\": \"Channel\", \"key\": \"" + key + "\", \"type\": \"" + type
                + "\"" + more + "}";
    }

    private static String group(String key, String channel, String boss) {
        return """
                {"apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "%s",
                 "tasks": [{"key": "only", "system": "%s", "path": "/sync"}],
                 "alerts": [{"when": ["FAILED"], "channels": ["%s"], "threshold": {"count": 2, "within": "PT1M"},
                             "escalate": {"after": "PT15M", "channels": ["%s"]}}]}
                """.formatted(key, key.replace("group", "system"), channel, boss);
    }

    private @Nullable String sealed(String key) {
        return (String) jdbc.sql("select sealed_secrets from alert_channel where channel_key = :key")
                .param("key", key)
                .query((row, number) -> java.util.Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }

    private JsonNode await(String path, Predicate<JsonNode> holds) {
        var view = new AtomicReference<JsonNode>();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var answer = get(path);
            view.set(json(answer));
            assertThat(answer.statusCode() == 200 && holds.test(view.get()))
                    .as(answer.body())
                    .isTrue();
        });
        return view.get();
    }

    private static List<String> pointers(HttpResponse<String> answer) {
        var pointers = new ArrayList<String>();
        json(answer)
                .path("errors")
                .values()
                .forEach(error -> pointers.add(error.get("pointer").stringValue()));
        return pointers;
    }

    private static void made(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> get(String path) {
        return send("GET", path, null, "X-None: 1");
    }

    private HttpResponse<String> put(String path, String body, String header) {
        return send("PUT", path, body, header);
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body, String header) {
        var colon = header.indexOf(": ");
        var request = HttpRequest.newBuilder(url(path))
                .header("Authorization", "Bearer " + token)
                .header(header.substring(0, colon), header.substring(colon + 2))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return send(request);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
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
