package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.FakeDownstream;
import io.syncline.scheduler.testing.FakeDownstream.Script;
import io.syncline.scheduler.testing.RootClient;
import io.syncline.scheduler.testing.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Credentials of systems and test calls over HTTP; the five recipes of the operations guide are run here. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:credentials;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*, https://localhost:*"
        })
class SystemCredentialsApiIT {

    private static final String CANARY = "canary-Zq8vT3mX-7";
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final FakeDownstream downstream = FakeDownstream.start();
    private final FakeDownstream idp = FakeDownstream.start();

    @TempDir
    private Path folder;

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

    @AfterEach
    void close() {
        downstream.close();
        idp.close();
    }

    @Test
    void basicInFiveMinutes() {
        String expected = "Basic " + Base64.getEncoder().encodeToString(("syncline:" + CANARY).getBytes());
        downstream.alwaysAnswers(
                request -> Script.status(expected.equals(request.headers().get("authorization")) ? 204 : 401));

        created(
                "recipe-basic",
                "{type: basic, username: syncline, password: " + CANARY + "}",
                "basic",
                downstream.url());

        tested("recipe-basic", "OK");
    }

    @Test
    void anApiKeyInFiveMinutes() {
        downstream.alwaysAnswers(
                request -> Script.status(CANARY.equals(request.headers().get("x-api-key")) ? 404 : 403));

        created(
                "recipe-key",
                "{type: api-key, header: X-Api-Key, apiKey: " + CANARY + "}",
                "api-key",
                downstream.url());

        tested("recipe-key", "OK");
    }

    @Test
    void clientCredentialsInFiveMinutes() {
        idp.alwaysAnswers(Script.json(
                200, "{\"access_token\":\"t-" + CANARY + "\",\"token_type\":\"Bearer\",\"expires_in\":300}"));
        downstream.alwaysAnswers(request ->
                Script.status(("Bearer t-" + CANARY).equals(request.headers().get("authorization")) ? 200 : 401));

        created(
                "recipe-oauth",
                "{type: oauth2-client-credentials, tokenUrl: '" + idp.url()
                        + "/token', clientId: syncline, clientSecret: " + CANARY + ", scope: 'sync:run'}",
                "oauth2-client-credentials",
                downstream.url());

        tested("recipe-oauth", "OK");
    }

    @Test
    void aClientCertificateInFiveMinutes() {
        var certificates = TestCertificates.in(folder)
                .issue("server", "ca", "-ext", "san=dns:localhost")
                .issue("client", "ca");
        try (var tls = FakeDownstream.startOn(certificates.server("server", "ca"))) {
            created(
                    "recipe-mtls",
                    "{type: mtls, certificate: " + quoted(certificates.certificate("client")) + ", privateKey: "
                            + quoted(certificates.privateKey("client")) + ", trust: "
                            + quoted(certificates.certificate("ca")) + "}",
                    "mtls",
                    URI.create("https://localhost:" + tls.port()));

            tested("recipe-mtls", "OK");
        }
        assertThat(json(get("/api/v1/systems/recipe-mtls"))
                        .at("/credentials/own/expiresAt")
                        .isString())
                .isTrue();
    }

    @Test
    void thePlatformsOwnTokenInFiveMinutes() {
        downstream.alwaysAnswers(request -> Script.status(
                claims(request.headers().get("authorization")).contains("\"tenant\":\"t1\"") ? 202 : 401));
        var put = put(
                "/api/v1/systems/recipe-jwt",
                "apiVersion: syncline/v1\nkind: System\nkey: recipe-jwt\ninstances: ['" + downstream.url()
                        + "']\nauth: {type: platform-jwt, claims: {tenant: t1}, lifetime: PT2M}\n",
                "If-None-Match: *");
        assertThat(put.statusCode()).as(put.body()).isEqualTo(201);

        tested("recipe-jwt", "OK");

        String claims = claims(downstream.received().get(0).headers().get("authorization"));
        JsonNode told = JSON.readTree(claims);
        assertThat(told.get("aud").stringValue()).isEqualTo("recipe-jwt");
        assertThat(told.get("exp").longValue() - told.get("iat").longValue()).isEqualTo(120);
    }

    @Test
    void aRefusedSecretAndAWrongClockAreToldWithHowToCorrectThem() {
        downstream.alwaysAnswers(Script.json(401, "{\"echo\":\"" + CANARY + "\"}"));
        created("refused", "{type: basic, username: u, password: " + CANARY + "}", "basic", downstream.url());
        JsonNode refused = tested("refused", "FAILED");
        assertThat(step(refused, "ping").get("detail").stringValue()).contains("401", "rotate");
        assertThat(step(refused, "clockSkew").get("status").stringValue()).isEqualTo("SKIPPED");

        downstream.alwaysAnswers(Script.status(200).with("Date", "Sat, 21 Nov 2020 04:00:00 GMT"));
        JsonNode late = tested("refused", "FAILED");
        assertThat(step(late, "clockSkew").get("detail").stringValue()).contains("behind", "synchronise");
    }

    @Test
    void aTestIsRefusedForWhatDoesNotExistAndWhileAnotherIsUnderWay() throws Exception {
        created("busy", "{type: basic, username: u, password: " + CANARY + "}", "basic", downstream.url());
        assertThat(post("/api/v1/systems/nowhere/test", "").statusCode()).isEqualTo(404);
        assertThat(post("/api/v1/systems/nowhere/test", "{").statusCode()).isEqualTo(400);
        assertThat(post("/api/v1/systems/nowhere/test", "{\"credentials\": 1}").statusCode())
                .isEqualTo(404);
        assertThat(post("/api/v1/systems/busy/test", "{\"credential\": \"nobody\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(post("/api/v1/systems/busy/test", "{\"credentials\": 1}").statusCode())
                .isEqualTo(422);
        assertThat(post("/api/v1/systems/busy/test", "{").statusCode()).isEqualTo(400);
        var arrived = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        downstream.alwaysAnswers(request -> {
            arrived.countDown();
            return Script.status(200).once(gate);
        });
        var first = CompletableFuture.supplyAsync(() -> post("/api/v1/systems/busy/test", ""));
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

        var second = post("/api/v1/systems/busy/test", "");
        gate.countDown();

        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.headers().firstValue("Retry-After")).isPresent();
        assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/audit?limit=200").body()).contains("\"test\"");
    }

    @Test
    void aSecretIsRotatedAndNoAnswerAndNoAuditEntryEverHoldsOne() {
        created("rotated", "{type: basic, username: u, password: " + CANARY + "}", "basic", downstream.url());

        var rotated = post(
                "/api/v1/systems/rotated/credentials/own/rotate",
                "{\"password\": \"" + CANARY + "-2\", \"overlap\": \"PT1H\"}");
        var wrong = post("/api/v1/systems/rotated/credentials/own/rotate", "{\"secret\": \"" + CANARY + "\"}");

        assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
        assertThat(rotated.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(json(rotated).at("/credentials/own/rotatedAt").isString()).isTrue();
        assertThat(wrong.statusCode()).isEqualTo(422);
        var moved = put(
                "/api/v1/systems/rotated",
                json(rotated)
                        .toString()
                        .replace(downstream.url().toString(), idp.url().toString()),
                "If-Match: \"2\"");
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
        assertThat(json(moved).at("/status/clearedCredentials/0").stringValue()).isEqualTo("own");
        assertThat(rotated.body()
                        + wrong.body()
                        + moved.body()
                        + get("/api/v1/systems/rotated").body()
                        + get("/api/v1/systems").body()
                        + get("/api/v1/audit?limit=200").body())
                .doesNotContain(CANARY);
    }

    private void created(String key, String credential, String type, URI instance) {
        var answer = put(
                "/api/v1/systems/" + key,
                "apiVersion: syncline/v1\nkind: System\nkey: " + key + "\ninstances: ['" + instance
                        + "']\nauth: {type: " + type + ", credential: own}\ncredentials: {own: " + credential + "}\n",
                "If-None-Match: *");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body()).doesNotContain(CANARY, "PRIVATE KEY");
    }

    private JsonNode tested(String key, String status) {
        var answer = post("/api/v1/systems/" + key + "/test", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).get("status").stringValue()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain(CANARY);
        return json(answer);
    }

    private static JsonNode step(JsonNode test, String name) {
        for (JsonNode step : test.at("/targets/0/steps").values()) {
            if (step.get("step").stringValue().equals(name)) {
                return step;
            }
        }
        throw new AssertionError("no step " + name + " in " + test);
    }

    private static String claims(String authorization) {
        return new String(Base64.getUrlDecoder().decode(authorization.split("\\.")[1]), StandardCharsets.UTF_8);
    }

    private static String quoted(String pem) {
        return JSON.writeValueAsString(pem);
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(url(path)).header("Authorization", "Bearer " + token));
    }

    private HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(url(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> put(String path, String body, String precondition) {
        Map.Entry<String, String> header = Map.entry(
                precondition.substring(0, precondition.indexOf(':')),
                precondition.substring(precondition.indexOf(':') + 2));
        return send(HttpRequest.newBuilder(url(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/yaml")
                .header(header.getKey(), header.getValue())
                .PUT(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
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
