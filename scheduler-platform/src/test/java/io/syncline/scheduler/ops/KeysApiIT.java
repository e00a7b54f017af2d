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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's own keys as an administrator sees and ends them, over HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:keys;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.public-url=https://sync.example.com"
        })
class KeysApiIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String REASON = "{\"reason\": \"laptop stolen\"}";

    @LocalServerPort
    private int port;

    private @Nullable String lastToken;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void keysAreShownWithoutWhatMakesThemKeys() {
        var answer = send("GET", "/api/v1/keys", null, null);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var current = key("TOKEN", "CURRENT");
        assertThat(current.propertyNames())
                .containsExactlyInAnyOrder("kid", "purpose", "algorithm", "state", "createdAt", "activatedAt");
        assertThat(current.get("algorithm").stringValue()).isEqualTo("ES256");
        assertThat(key("TOKEN", "NEXT").propertyNames())
                .containsExactlyInAnyOrder("kid", "purpose", "algorithm", "state", "createdAt");
        assertThat(key("CALLBACK", "CURRENT").get("algorithm").stringValue()).isEqualTo("HS256");
        for (var stored : jdbc.sql("select private_key from signing_key")
                .query(String.class)
                .list()) {
            assertThat(answer.body()).doesNotContain(stored);
        }
    }

    @Test
    void keysAreListedPageByPage() {
        var found = new ArrayList<String>();
        var page = JSON.readTree(send("GET", "/api/v1/keys?limit=1", null, null).body());
        while (true) {
            page.get("items").forEach(item -> found.add(item.get("kid").stringValue()));
            if (page.get("nextCursor").isNull()) {
                break;
            }
            page = JSON.readTree(send(
                            "GET",
                            "/api/v1/keys?limit=1&cursor="
                                    + page.get("nextCursor").stringValue(),
                            null,
                            null)
                    .body());
        }

        assertThat(found).doesNotHaveDuplicates().hasSize(items().size());
        assertThat(send("GET", "/api/v1/keys?limit=0", null, null).statusCode()).isEqualTo(400);
        assertThat(send("GET", "/api/v1/keys?cursor=x", null, null).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aRotationWaitsForItsKeyToBeKnownAndIsAudited() {
        var next = key("CALLBACK", "NEXT").get("kid").stringValue();
        var old = key("CALLBACK", "CURRENT").get("kid").stringValue();
        var body = "{\"reason\": \"yearly\", \"purpose\": \"CALLBACK\"}";

        var early = send("POST", "/api/v1/keys/rotate", body, null);
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.body()).contains("/key-not-ready");
        assertThat(early.headers().firstValueAsLong("Retry-After").getAsLong()).isBetween(1L, 600L);

        jdbc.sql("update signing_key set created_at = created_at - interval '11' minute where kid = :kid")
                .param("kid", next)
                .update();
        var rotated = send("POST", "/api/v1/keys/rotate", body, "\"rotate-once\"");

        assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
        assertThat(key("CALLBACK", "CURRENT").get("kid").stringValue()).isEqualTo(next);
        assertThat(key("CALLBACK", "RETIRED").get("kid").stringValue()).isEqualTo(old);
        assertThat(key("CALLBACK", "RETIRED").get("acceptedUntil").stringValue())
                .endsWith("Z");
        assertThat(send("POST", "/api/v1/keys/rotate", body, "\"rotate-once\"").body())
                .isEqualTo(rotated.body());
        var entry = audited(old);
        assertThat(entry.get("action").stringValue()).isEqualTo("rotate");
        assertThat(entry.get("reason").stringValue()).isEqualTo("yearly");
        assertThat(entry.get("details").stringValue()).contains(next);
    }

    @Test
    void aRevokedKeyEndsAtOnceAndItsTokensWithIt() {
        var token = token();
        var kid = key("TOKEN", "CURRENT").get("kid").stringValue();

        var revoked = send("POST", "/api/v1/keys/" + kid + "/revoke", REASON, null);

        assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(200);
        assertThat(JSON.readTree(revoked.body()).get("state").stringValue()).isEqualTo("REVOKED");
        assertThat(send(request("/api/v1/keys").header("Authorization", "Bearer " + token))
                        .statusCode())
                .isEqualTo(401);
        var again = send("POST", "/api/v1/keys/" + kid + "/revoke", "{\"reason\": \"again\"}", null);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(revoked.body());
        var entry = audited(kid);
        assertThat(entry.get("action").stringValue()).isEqualTo("revoke");
        assertThat(entry.get("actor").stringValue()).isEqualTo("root");
        assertThat(entry.get("reason").stringValue()).isEqualTo("laptop stolen");
    }

    @Test
    void whatIsWrongIsRefusedInTheOrderOfTheContract() {
        assertThat(send("POST", "/api/v1/keys/none/revoke", "{", null).statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "/api/v1/keys/none/revoke", "{}", null).statusCode())
                .isEqualTo(404);
        var kid = key("CALLBACK", "NEXT").get("kid").stringValue();
        assertThat(send("POST", "/api/v1/keys/" + kid + "/revoke", "{}", null).statusCode())
                .isEqualTo(422);
        var wrong = send("POST", "/api/v1/keys/rotate", "{\"purpose\": \"WRAPPING\", \"force\": true}", null);
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(wrong.body()).get("errors").values())
                .extracting(error -> error.get("pointer").stringValue())
                .containsExactlyInAnyOrder("/reason", "/purpose", "/force");
        assertThat(send("GET", "/api/v1/keys/rotate", null, null).statusCode()).isEqualTo(405);
    }

    // --- sending

    private List<JsonNode> items() {
        var items = new ArrayList<JsonNode>();
        JSON.readTree(send("GET", "/api/v1/keys", null, null).body())
                .get("items")
                .forEach(items::add);
        return items;
    }

    private JsonNode key(String purpose, String state) {
        return items().stream()
                .filter(key -> key.get("purpose").stringValue().equals(purpose)
                        && key.get("state").stringValue().equals(state))
                .findFirst()
                .orElseThrow();
    }

    /** The one entry there is. */
    private JsonNode audited(String kid) {
        var entries = JSON.readTree(send("GET", "/api/v1/audit?kind=signing-key&key=" + kid, null, null)
                        .body())
                .get("items");
        assertThat(entries.size()).isEqualTo(1);
        return entries.get(0);
    }

    /** With one token until it is refused, as a key is revoked here: a secret that was chosen costs much to check. */
    private HttpResponse<String> send(
            String method, String path, @Nullable String body, @Nullable String idempotencyKey) {
        if (lastToken == null) {
            lastToken = token();
        }
        var answer = send(method, path, lastToken, body, idempotencyKey);
        if (answer.statusCode() != 401) {
            return answer;
        }
        lastToken = token();
        return send(method, path, lastToken, body, idempotencyKey);
    }

    private HttpResponse<String> send(
            String method, String path, String bearer, @Nullable String body, @Nullable String idempotencyKey) {
        var request = request(path)
                .header("Authorization", "Bearer " + bearer)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return send(request);
    }

    private String token() {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        return JSON.readTree(send(request("/oauth2/token")
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("grant_type=client_credentials")))
                        .body())
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
}
