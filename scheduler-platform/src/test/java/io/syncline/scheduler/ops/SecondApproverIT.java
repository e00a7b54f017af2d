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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Changes that take two, over HTTP, against the whole platform on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:approvals;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:1",
            "syncline.approval.required-for=destinations,systems,clients",
            "syncline.public-url=https://sync.example.com"
        })
class SecondApproverIT {

    private static final String BECAUSE = "{\"reason\": \"looked at it\"}";

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private PendingChanges changes;

    private String root = "";
    private String second = "";

    /** The second administrator is made by the first and approved by nobody: it is put there as an upgrade would find it. */
    @BeforeEach
    void twoAdministrators() {
        root = token("root", RootClient.SECRET);
        jdbc.sql("delete from pending_change").update();
        if (jdbc.sql("select count(*) from api_client where client_key = 'second'")
                        .query(Long.class)
                        .single()
                == 0) {
            var columns = jdbc.sql("select * from api_client where client_key = 'root'")
                    .query()
                    .singleRow();
            columns.put("client_key", "second");
            columns.put("CLIENT_KEY", "second");
            var names = columns.keySet().stream()
                    .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                    .distinct()
                    .toList();
            var insert = jdbc.sql("insert into api_client (" + String.join(", ", names) + ") values (:"
                    + String.join(", :", names) + ")");
            for (var name : names) {
                var column = columns.containsKey(name) && !name.equals("client_key")
                        ? columns.get(name)
                        : columns.get(name.toUpperCase(java.util.Locale.ROOT));
                insert = insert.param(name, name.equals("client_key") ? "second" : column);
            }
            insert.update();
        }
        second = token("second", RootClient.SECRET);
    }

    @Test
    void aDestinationIsApprovedByASecondOneAndNobodyElse() {
        var before = get("/api/v1/destinations", root);
        var tag = before.headers().firstValue("ETag").orElseThrow();

        var proposed = put("/api/v1/destinations", root, tag, "{\"items\": [\"https://new.example.com:8443\"]}");

        assertThat(proposed.statusCode()).as(proposed.body()).isEqualTo(202);
        var id = json(proposed).get("changeId").stringValue();
        assertThat(proposed.headers().firstValue("Location")).contains("/api/v1/changes/" + id);
        assertThat(json(proposed).get("state").stringValue()).isEqualTo("PENDING");
        assertThat(json(proposed).get("kind").stringValue()).isEqualTo("destinations");
        assertThat(json(proposed).get("proposedBy").stringValue()).isEqualTo("root");
        assertThat(json(proposed).get("expiresAt").stringValue()).isNotBlank();
        assertThat(get("/api/v1/destinations", root).body()).isEqualTo(before.body());

        var own = post("/api/v1/changes/" + id + "/approve", root, BECAUSE);
        assertThat(own.statusCode()).isEqualTo(409);
        assertThat(json(own).get("type").stringValue()).endsWith("/same-person");
        assertThat(post("/api/v1/changes/" + id + "/reject", root, BECAUSE).statusCode())
                .isEqualTo(409);
        assertThat(post("/api/v1/changes/" + id + "/approve", second, "{}").statusCode())
                .isEqualTo(422);
        var shown = json(get("/api/v1/changes/" + id, second));
        assertThat(shown.get("after").toString()).contains("new.example.com");
        assertThat(shown.get("before").toString()).doesNotContain("new.example.com");
        assertThat(shown.get("allowedActions")).hasSize(2);
        assertThat(json(get("/api/v1/changes/" + id, root)).get("allowedActions"))
                .isEmpty();

        var approved = post("/api/v1/changes/" + id + "/approve", second, BECAUSE);

        assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
        assertThat(json(approved).get("state").stringValue()).isEqualTo("APPLIED");
        assertThat(get("/api/v1/destinations", root).body()).contains("new.example.com");
        assertThat(post("/api/v1/changes/" + id + "/approve", second, BECAUSE).statusCode())
                .isEqualTo(409);
        var entries = json(get("/api/v1/audit?kind=change&key=" + id, root)).get("items");
        assertThat(entries)
                .extracting(entry -> entry.get("action").stringValue() + " "
                        + entry.get("actor").stringValue())
                .containsExactly("approve second", "propose root");
        assertThat(json(get("/api/v1/audit?kind=destinations", root))
                        .get("items")
                        .get(0)
                        .get("actor")
                        .stringValue())
                .as("what was changed is the proposer's")
                .isEqualTo("root");
    }

    @Test
    void whatTheRouteWouldRefuseIsRefusedAtOnceAndLeavesNothingInForce() {
        var tag = get("/api/v1/destinations", root).headers().firstValue("ETag").orElseThrow();

        assertThat(put("/api/v1/destinations", root, tag, "{\"items\": [\"ftp://x\"]}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(put("/api/v1/destinations", root, "\"99\"", "{\"items\": []}")
                        .statusCode())
                .isEqualTo(412);
        assertThat(put("/api/v1/destinations", root, null, "{\"items\": []}").statusCode())
                .isEqualTo(428);
        assertThat(put("/api/v1/destinations", root, tag, "{").statusCode()).isEqualTo(400);
        put("/api/v1/destinations", root, tag, "{\"items\": [\"http://127.0.0.1:2\"]}");

        var system = putNew("/api/v1/systems/early", root, """
                {"apiVersion": "syncline/v1", "kind": "System", "key": "early", "instances": ["http://127.0.0.1:2"]}
                """);
        assertThat(system.statusCode()).as("tried, but approved by nobody").isEqualTo(422);
        assertThat(json(get("/api/v1/changes", root)).get("items")).hasSize(1);
    }

    @Test
    void aLostRaceMakesTheChangeStale() {
        var tag = get("/api/v1/destinations", root).headers().firstValue("ETag").orElseThrow();
        var first = id(put("/api/v1/destinations", root, tag, "{\"items\": [\"https://first.example.com:1\"]}"));
        // Any version means the one that the approver is shown.
        var other = id(put("/api/v1/destinations", root, "*", "{\"items\": [\"https://other.example.com:1\"]}"));
        assertThat(post("/api/v1/changes/" + first + "/approve", second, BECAUSE)
                        .statusCode())
                .isEqualTo(200);

        var late = post("/api/v1/changes/" + other + "/approve", second, BECAUSE);

        assertThat(late.statusCode()).as(late.body()).isEqualTo(412);
        assertThat(json(get("/api/v1/changes/" + other, root)).get("state").stringValue())
                .isEqualTo("STALE");
        assertThat(get("/api/v1/destinations", root).body()).contains("first.example.com");
    }

    @Test
    void aRejectedOrExpiredChangeIsNeverCarriedOut() {
        var tag = get("/api/v1/destinations", root).headers().firstValue("ETag").orElseThrow();
        var rejected = id(put("/api/v1/destinations", root, tag, "{\"items\": [\"https://no.example.com:1\"]}"));
        var expired = id(put("/api/v1/destinations", root, tag, "{\"items\": [\"https://old.example.com:1\"]}"));

        var answer = post("/api/v1/changes/" + rejected + "/reject", second, BECAUSE);
        jdbc.sql("update pending_change set expires_at = proposed_at where change_id = :id")
                .param("id", expired)
                .update();

        assertThat(json(answer).get("state").stringValue()).isEqualTo("REJECTED");
        assertThat(json(answer).get("reason").stringValue()).isEqualTo("looked at it");
        for (var id : new String[] {rejected, expired}) {
            var late = post("/api/v1/changes/" + id + "/approve", second, BECAUSE);
            assertThat(late.statusCode()).isEqualTo(409);
            assertThat(json(late).get("type").stringValue()).endsWith("/change-not-pending");
        }
        changes.purge();
        assertThat(jdbc.sql("select count(*) from pending_change where sealed_body is not null")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(json(get("/api/v1/changes?state=EXPIRED", root)).get("items"))
                .hasSize(1);
    }

    @Test
    void aNewClientsSecretIsToldOnceAndToTheProposerAlone() {
        var id = id(putNew("/api/v1/clients/reader", root, "{\"system\": \"billing\", \"scopes\": [\"runs:read\"]}"));

        var approved = post("/api/v1/changes/" + id + "/approve", second, BECAUSE);

        assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
        assertThat(approved.body()).doesNotContain("clientSecret");
        assertThat(get("/api/v1/changes/" + id + "/answer", second).statusCode())
                .isEqualTo(404);
        var answer = get("/api/v1/changes/" + id + "/answer", root);
        var secret = json(answer).get("clientSecret").stringValue();
        assertThat(token("reader", secret)).isNotBlank();
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(get("/api/v1/changes/" + id + "/answer", root).statusCode()).isEqualTo(404);
    }

    @Test
    void whoMayNotMakeTheChangeMayNotSeeItAndAProposerWhoIsGoneChangesNothing() {
        var made = id(putNew("/api/v1/clients/editor", root, "{\"scopes\": [\"config:write\", \"config:read\"]}"));
        post("/api/v1/changes/" + made + "/approve", second, BECAUSE);
        var editor = token(
                "editor",
                json(get("/api/v1/changes/" + made + "/answer", root))
                        .get("clientSecret")
                        .stringValue());
        var ofAdmins = id(putNew("/api/v1/clients/other", root, "{\"scopes\": [\"admin\"]}"));
        var ofEditor = id(putNew("/api/v1/systems/mine", editor, """
                {"apiVersion": "syncline/v1", "kind": "System", "key": "mine"}
                """));

        assertThat(get("/api/v1/changes/" + ofAdmins, editor).statusCode()).isEqualTo(404);
        assertThat(post("/api/v1/changes/" + ofAdmins + "/approve", editor, BECAUSE)
                        .statusCode())
                .isEqualTo(404);
        assertThat(json(get("/api/v1/changes?state=PENDING", editor)).get("items"))
                .hasSize(1);
        var gone = id(send(request("/api/v1/clients/editor")
                .header("Authorization", "Bearer " + root)
                .header("If-Match", "*")
                .DELETE()));
        assertThat(post("/api/v1/changes/" + gone + "/approve", second, BECAUSE).statusCode())
                .isEqualTo(200);

        var late = post("/api/v1/changes/" + ofEditor + "/approve", second, BECAUSE);

        assertThat(late.statusCode()).as(late.body()).isEqualTo(409);
        assertThat(json(late).get("type").stringValue()).endsWith("/proposer-gone");
        assertThat(get("/api/v1/systems/mine", root).statusCode()).isEqualTo(404);
    }

    @Test
    void aSystemsSecretIsNotTurnedByOneAloneAndShownToNobody() {
        var created = id(putNew("/api/v1/systems/turned", root, """
                {"apiVersion": "syncline/v1", "kind": "System", "key": "turned", "instances": ["http://127.0.0.1:1"],
                 "credentials": {"own": {"type": "basic", "username": "u", "password": "canary-first"}}}
                """));
        assertThat(get("/api/v1/changes/" + created, second).body()).doesNotContain("canary");
        assertThat(post("/api/v1/changes/" + created + "/approve", second, BECAUSE)
                        .statusCode())
                .isEqualTo(200);

        var change =
                id(post("/api/v1/systems/turned/credentials/own/rotate", root, "{\"password\": \"canary-second\"}"));

        assertThat(get("/api/v1/systems/turned", root).headers().firstValue("ETag"))
                .contains("\"1\"");
        assertThat(get("/api/v1/changes/" + change, second).body()).doesNotContain("canary");
        assertThat(post("/api/v1/changes/" + change + "/approve", second, BECAUSE)
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/v1/systems/turned", root).headers().firstValue("ETag"))
                .contains("\"2\"");
        assertThat(get("/api/v1/systems/turned", root).body())
                .contains("rotatedAt")
                .doesNotContain("canary");
    }

    @Test
    void whatIsKeptIsSealed() {
        putNew("/api/v1/clients/sealed-one", root, "{\"scopes\": [\"data:read\"], \"system\": \"canary-in-body\"}");

        var bodies = jdbc.sql("select sealed_body from pending_change")
                .query(String.class)
                .list();

        assertThat(bodies)
                .hasSize(1)
                .allSatisfy(body -> assertThat(body)
                        .doesNotContain("canary")
                        .doesNotContain(Base64.getEncoder().encodeToString("canary".getBytes(StandardCharsets.UTF_8))));
    }

    // --- sending

    @Test
    void aPlanIsNoWayAroundTheSecondApproverOfWhatItChanges() {
        var system =
                "{\"apiVersion\": \"syncline/v1\", \"kind\": \"System\", \"key\": \"planned\", \"labels\": [\"a\"],"
                        + " \"instances\": [\"http://127.0.0.1:1\"]}";
        var group = "{\"apiVersion\": \"syncline/v1\", \"kind\": \"TaskGroup\", \"key\": \"planned\","
                + " \"tasks\": [{\"key\": \"a\", \"system\": \"planned\", \"path\": \"/a\"}]}";
        var both = "[" + group + ", " + system + "]";
        var hash = planHash(both);
        var apply = "/api/v1/config/apply?reason=because&planHash=";

        assertThat(post(apply + "0", root, both).statusCode()).isEqualTo(412);
        var proposed = post(apply + hash, root, both);
        var id = id(proposed);
        assertThat(json(proposed).get("kind").stringValue()).isEqualTo("plans");
        assertThat(get("/api/v1/systems/planned", root).statusCode()).isEqualTo(404);
        assertThat(json(get("/api/v1/changes/" + id, second))
                        .at("/after/summary/create")
                        .intValue())
                .isEqualTo(2);
        assertThat(post("/api/v1/changes/" + id + "/approve", root, BECAUSE).statusCode())
                .isEqualTo(409);

        var approved = post("/api/v1/changes/" + id + "/approve", second, BECAUSE);

        assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
        assertThat(get("/api/v1/systems/planned", root).statusCode()).isEqualTo(200);
        assertThat(json(get("/api/v1/groups/planned", root))
                        .at("/status/appliedBy")
                        .stringValue())
                .isEqualTo("root");

        // groups alone take nobody else here
        var changed = group.replace("/a\"", "/b\"");
        assertThat(post(apply + planHash("[" + changed + "]"), root, "[" + changed + "]")
                        .statusCode())
                .isEqualTo(200);

        // what was planned is not what would happen any more
        var described = "[" + changed.replace("/b\"", "/c\"") + ", " + system.replace(":1\"", ":1/v2\"") + "]";
        var waiting = id(post(apply + planHash(described), root, described));
        var meanwhile = "[" + changed.replace("/b\"", "/d\"") + "]";
        assertThat(post(apply + planHash(meanwhile), root, meanwhile).statusCode())
                .isEqualTo(200);
        assertThat(post("/api/v1/changes/" + waiting + "/approve", second, BECAUSE)
                        .statusCode())
                .isEqualTo(412);
        assertThat(json(get("/api/v1/changes/" + waiting, root)).get("state").stringValue())
                .isEqualTo("STALE");
    }

    private String planHash(String documents) {
        var plan = post("/api/v1/config/plan", root, documents);
        assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
        return json(plan).get("planHash").stringValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
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

    private HttpResponse<String> get(String path, String token) {
        return send(request(path).header("Authorization", "Bearer " + token).GET());
    }

    private HttpResponse<String> put(String path, String token, @Nullable String ifMatch, String json) {
        var request = request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json));
        return send(ifMatch == null ? request : request.header("If-Match", ifMatch));
    }

    private HttpResponse<String> putNew(String path, String token, String json) {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> post(String path, String token, String json) {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private static String id(HttpResponse<String> proposed) {
        assertThat(proposed.statusCode()).as(proposed.body()).isEqualTo(202);
        return json(proposed).get("changeId").stringValue();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private String token(String id, String secret) {
        var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        var answer = send(request("/oauth2/token")
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).get("access_token").stringValue();
    }
}
