package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole platform over HTTP, on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:security;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + SecurityApplicationIT.ROOT_SECRET,
            "syncline.public-url=https://sync.example.com"
        })
class SecurityApplicationIT {

    static final String ROOT_SECRET = "kQ3vT9xW2mZ7pL5rB8nD4sJ6";

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    private static @Nullable String root;

    @Autowired
    private Routes routes;

    @Autowired
    private PlatformKeys keys;

    @Autowired
    private CallbackTokens callbackTokens;

    @Autowired
    private ClientStanding standing;

    @Autowired
    private io.syncline.scheduler.store.DatabaseClock clock;

    // --- sending

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> send(String method, String path, @Nullable String token, @Nullable String json) {
        var request =
                request(path).method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return send(request);
    }

    private HttpResponse<String> askToken(String id, String secret, String form) {
        var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return send(request("/oauth2/token")
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private String token(String id, String secret) {
        var answer = askToken(id, secret, "grant_type=client_credentials");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).get("access_token").stringValue();
    }

    /** One token for all tests: a secret that was chosen costs much to check. */
    private String root() {
        if (root == null) {
            root = token("root", ROOT_SECRET);
        }
        return root;
    }

    private String newClient(String key, String scopes) {
        var answer = send(request("/api/v1/clients/" + key)
                .header("Authorization", "Bearer " + root())
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("{\"system\": \"billing\", \"scopes\": [" + scopes + "]}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).get("clientSecret").stringValue();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        var problem = json(answer);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("type").stringValue()).startsWith("https://syncline.io/problems/");
        assertThat(problem.get("title").stringValue()).isNotEmpty();
        assertThat(problem.get("traceId").stringValue()).matches("[0-9a-f]{32}");
    }

    // --- every route

    @Test
    void everyRouteDeclaresWhoGetsIn() {
        assertThat(routes.all()).hasSizeGreaterThan(8);
        assertThat(routes.all())
                .allSatisfy(route -> assertThat(route.access())
                        .as("%s %s", route.methods(), route.handler())
                        .isNotInstanceOf(Route.Undeclared.class));
    }

    @TestFactory
    List<DynamicTest> noRouteIsOpenWithoutATokenOrWithAScopeItDoesNotTake() {
        var tests = new ArrayList<DynamicTest>();
        var bare = token("bare", newClient("bare", "\"data:read\", \"payload:read\""));
        var payload = token("payload", newClient("payload", "\"payload:read\""));
        for (var route : routes.all()) {
            var methods = route.methods().isEmpty() ? Set.of("GET", "POST") : route.methods();
            for (var method : methods) {
                var path = route.pattern()
                        .getPatternString()
                        .replaceAll("\\{\\*?[^}]*}", "x")
                        .replace("**", "x");
                tests.add(DynamicTest.dynamicTest(method + " " + path, () -> {
                    var anonymous = send(method, path, null, null);
                    if (route.access() instanceof Route.Public) {
                        assertThat(anonymous.statusCode()).isNotEqualTo(403);
                        return;
                    }
                    assertProblem(anonymous, 401);
                    assertProblem(send(method, path, "nonsense", null), 401);
                    assertProblem(send(method, path, forged(), null), 401);
                    if (route.access() instanceof Route.AnyOf any) {
                        var wrong = any.scopes().contains(Scope.DATA_READ) ? payload : bare;
                        assertProblem(send(method, path, wrong, null), 403);
                        assertProblem(send(method, path, callbackToken(Duration.ofMinutes(1)), null), 401);
                    }
                }));
            }
        }
        return tests;
    }

    private String forged() {
        return new TokenForge(TokenForge.stranger(keys.signer().kid()), "https://sync.example.com", clock.now())
                .claim("sub", "root")
                .claim("client_id", "root")
                .claim("scope", "admin")
                .signed();
    }

    private String callbackToken(Duration life) {
        return callbackTokens.issue(
                "019aa000-0000-7000-8000-000000000001", 1, clock.now().plus(life));
    }

    @Test
    void theCallbacksRouteTakesCallbackTokensWhileTheyLive() {
        var callbacks = routes.all().stream()
                .filter(route -> route.access() instanceof Route.Callback)
                .findFirst();
        if (callbacks.isEmpty()) {
            return;
        }
        var path = callbacks.get().pattern().getPatternString().replaceAll("\\{[^}]*}", "x");

        assertProblem(send("POST", path, callbackToken(Duration.ofSeconds(-1)), "{}"), 401);
        assertProblem(send("POST", path, callbackToken(Duration.ofMinutes(1)), "{}"), 404);
    }

    // --- order of refusals

    @Test
    void refusalsComeInTheOrderOfTheContract() {
        var root = root();
        var weak = token("weak", newClient("weak", "\"runs:read\""));

        assertProblem(send("GET", "/api/v1/nowhere", null, null), 401);
        assertProblem(send("PATCH", "/api/v1/clients/x", null, "{"), 401);
        assertProblem(send("GET", "/api/v1/nowhere", weak, null), 404);
        assertProblem(send("GET", "/actuator/env", weak, null), 404);
        assertProblem(send("GET", "/error", weak, null), 404);
        var wrongMethod = send("PATCH", "/api/v1/clients/x", weak, "{");
        assertProblem(wrongMethod, 405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("DELETE, GET, HEAD, PUT");
        assertProblem(send(put("/api/v1/clients/x", weak, "text/plain", "{")), 403);
        assertProblem(send(put("/api/v1/clients/x", root, "text/plain", "{".repeat(2_000_000))), 415);
        assertProblem(send(put("/api/v1/clients/x", root, "application/json", "{".repeat(2_000_000))), 413);
        assertProblem(send(put("/api/v1/clients/x", root, "application/json", "{")), 400);
        assertProblem(send(put("/api/v1/clients/x", root, "application/json", "{\"a\":1,\"a\":2}")), 400);
        assertProblem(send("GET", "/api/v1/clients/x", root, null), 404);
        assertProblem(send("DELETE", "/api/v1/clients/x", root, null), 404);
        assertProblem(send(put("/api/v1/clients/x", root, "application/json", "{\"typo\": 1}")), 428);
        assertProblem(
                send(put("/api/v1/clients/x", root, "application/json", "{\"typo\": 1}")
                        .header("If-Match", "\"9\"")),
                412);
        var invalid = send(put(
                        "/api/v1/clients/x",
                        root,
                        "application/json",
                        "{\"typo\": 1, \"system\": 5, \"scopes\": [\"all\"]}")
                .header("If-None-Match", "*"));
        assertProblem(invalid, 422);
        assertThat(json(invalid).get("errors").values())
                .extracting(error -> error.get("pointer").stringValue())
                .containsExactlyInAnyOrder("/typo", "/system", "/scopes/0");
        assertProblem(send("GET", "/api/v1/clients?limit=0", root, null), 400);
        assertProblem(send("GET", "/api/v1/clients?limit=201", root, null), 400);
        assertProblem(send("GET", "/api/v1/clients?limit=many", root, null), 400);
        assertProblem(send("GET", "/api/v1/clients?cursor=***", root, null), 400);
        assertProblem(send("GET", "/api/v1/clients/%2e%2e%2fx", root, null), 400);
    }

    private HttpRequest.Builder put(String path, String token, String type, String body) {
        return request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofString(body));
    }

    @Test
    void nobodyIsCalledAsTheAuditTrailCallsOthers() {
        for (var name : List.of("syncline", "callback", "unknown")) {
            var client =
                    send(put("/api/v1/clients/" + name, root(), "application/json", "{\"scopes\": [\"runs:read\"]}")
                            .header("If-None-Match", "*"));
            var user = send(put(
                            "/api/v1/users/" + name,
                            root(),
                            "application/json",
                            "{\"name\": \"x\", \"roles\": [\"viewer\"], \"labels\": [\"*\"]}")
                    .header("If-None-Match", "*"));

            for (var answer : List.of(client, user)) {
                assertProblem(answer, 422);
                assertThat(json(answer).get("errors").get(0).get("code").stringValue())
                        .isEqualTo("reserved");
            }
        }
        assertThat(send("GET", "/api/v1/sessions?user=%00", root(), null).statusCode())
                .isIn(200, 400);
    }

    @Test
    void aBodyInChunksIsBoundedToo() {
        var endless = new byte[2_000_000];
        Arrays.fill(endless, (byte) ' ');

        var answer = send(request("/api/v1/clients/x")
                .header("Authorization", "Bearer " + root())
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(endless))));

        assertProblem(answer, 413);
    }

    @Test
    void theCallersTraceIsKept() {
        var trace = "0af7651916cd43dd8448eb211c80319c";

        var answer = send(request("/api/v1/nowhere").header("traceparent", "00-" + trace + "-b7ad6b7169203331-01"));

        assertThat(json(answer).get("traceId").stringValue()).isEqualTo(trace);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
    }

    // --- token endpoint

    @Test
    void aClientGetsATokenWithAllItsScopesOrThoseItAsksFor() {
        var answer = askToken("root", ROOT_SECRET, "grant_type=client_credentials");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
        assertThat(json(answer).get("token_type").stringValue()).isEqualTo("Bearer");
        assertThat(json(answer).get("expires_in").intValue()).isBetween(300, 900);
        assertThat(json(answer).get("scope").stringValue()).isEqualTo("admin");
        var claims = payload(json(answer).get("access_token").stringValue());
        assertThat(claims.get("iss").stringValue()).isEqualTo("https://sync.example.com");
        assertThat(claims.get("aud").stringValue()).isEqualTo("syncline");
        assertThat(claims.get("client_id").stringValue()).isEqualTo("root");

        var narrow = askToken("root", ROOT_SECRET, "grant_type=client_credentials&scope=runs%3Aread+config%3Aread");
        assertThat(json(narrow).get("scope").stringValue()).isEqualTo("runs:read config:read");
        var narrowToken = json(narrow).get("access_token").stringValue();
        assertProblem(send("GET", "/api/v1/clients", narrowToken, null), 403);
    }

    private static JsonNode payload(String token) {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    @Test
    void tokenRefusalsCarryTheErrorsOfTheStandard() {
        assertTokenError(askToken("root", "wrong", "grant_type=client_credentials"), 401, "invalid_client");
        assertTokenError(askToken("nobody", ROOT_SECRET, "grant_type=client_credentials"), 401, "invalid_client");
        assertTokenError(
                send(request("/oauth2/token")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))),
                401,
                "invalid_client");
        var secret = newClient("asker", "\"runs:read\"");
        assertTokenError(askToken("asker", secret, "grant_type=password"), 400, "unsupported_grant_type");
        assertTokenError(askToken("asker", secret, ""), 400, "invalid_request");
        assertTokenError(
                askToken("asker", secret, "grant_type=client_credentials&grant_type=client_credentials"),
                400,
                "invalid_request");
        assertTokenError(
                askToken("asker", secret, "grant_type=client_credentials&client_id=other"), 400, "invalid_request");
        assertTokenError(
                askToken("asker", secret, "grant_type=client_credentials&scope=payload:read"), 400, "invalid_scope");
        assertTokenError(
                askToken("asker", secret, "grant_type=client_credentials&scope=everything"), 400, "invalid_scope");
        assertProblem(send("GET", "/oauth2/token", null, null), 405);
    }

    private static void assertTokenError(HttpResponse<String> answer, int status, String error) {
        assertProblem(answer, status);
        assertThat(json(answer).get("error").stringValue()).isEqualTo(error);
        assertThat(json(answer).get("error_description").stringValue()).isNotEmpty();
        if (status == 401) {
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        }
    }

    @Test
    void thePublicKeysAreTwoAndHoldNothingPrivate() {
        var answer = send("GET", "/.well-known/jwks.json", "not.even.looked-at", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        var published = json(answer).get("keys");
        assertThat(published.size()).isEqualTo(2);
        for (var key : published) {
            assertThat(key.propertyNames()).containsExactlyInAnyOrder("kty", "crv", "x", "y", "kid", "alg", "use");
        }
        assertThat(published.get(0).get("kid").stringValue())
                .isEqualTo(keys.signer().kid());
    }

    // --- clients

    @Test
    void aClientOfNoSystemSaysSo() {
        var made = send(put("/api/v1/clients/nobodys", root(), "application/json", "{\"scopes\": [\"runs:read\"]}")
                .header("If-None-Match", "*"));

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).propertyNames())
                .containsExactlyInAnyOrder("clientId", "clientSecret", "system", "scopes");
        assertThat(json(made).get("system").isNull()).isTrue();
        var list = json(send("GET", "/api/v1/clients?limit=200", root(), null));
        assertThat(list.get("nextCursor").isNull()).isTrue();
    }

    @Test
    void aBadKeyIsToldTogetherWithWhatIsWrongInTheBody() {
        var refused = send(put("/api/v1/clients/Bad_Key", root(), "application/json", "{\"system\": 5}")
                .header("If-None-Match", "*"));

        assertProblem(refused, 422);
        assertThat(json(refused).get("errors")).hasSize(3);
    }

    @Test
    void aClientLivesFromItsPutToItsDelete() {
        var root = root();
        var made = send(
                put("/api/v1/clients/upstream", root, "application/json", """
                {"system": "billing", "scopes": ["triggers:write", "runs:read"]}""").header("If-None-Match", "*"));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).propertyNames())
                .containsExactlyInAnyOrder("clientId", "clientSecret", "system", "scopes");
        assertThat(json(made).get("scopes").toString()).isEqualTo("[\"triggers:write\",\"runs:read\"]");
        var secret = json(made).get("clientSecret").stringValue();
        var token = token("upstream", secret);
        assertThat(payload(token).get("system").stringValue()).isEqualTo("billing");

        assertProblem(
                send(put("/api/v1/clients/upstream", root, "application/json", "{\"scopes\": [\"runs:read\"]}")
                        .header("If-None-Match", "*")),
                412);
        var changed = send(put("/api/v1/clients/upstream", root, "application/json", "{\"scopes\": [\"runs:read\"]}")
                .header("If-Match", "\"1\""));
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(json(changed).has("clientSecret")).isFalse();
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(token("upstream", secret)).isNotEmpty();

        var rotated = send("POST", "/api/v1/clients/upstream/rotate", root, null);
        assertThat(rotated.statusCode()).isEqualTo(200);
        var newSecret = json(rotated).get("clientSecret").stringValue();
        assertThat(newSecret).isNotEqualTo(secret);
        assertThat(token("upstream", secret)).isNotEmpty();
        assertThat(token("upstream", newSecret)).isNotEmpty();

        assertThat(json(send("GET", "/api/v1/clients/upstream", root, null)).has("clientSecret"))
                .isFalse();
        assertProblem(send("DELETE", "/api/v1/clients/upstream", root, null), 428);
        var deleted = send(request("/api/v1/clients/upstream")
                .header("Authorization", "Bearer " + root)
                .header("If-Match", "\"3\"")
                .DELETE());
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertTokenError(askToken("upstream", newSecret, "grant_type=client_credentials"), 401, "invalid_client");
        assertProblem(send("GET", "/api/v1/clients", token, null), 401);
    }

    @Test
    void aTokenCanDoNoMoreThanItsClientCanNow() {
        var secret = newClient("shrinking", "\"admin\"");
        var token = token("shrinking", secret);
        assertThat(send("GET", "/api/v1/clients", token, null).statusCode()).isEqualTo(200);

        send(put("/api/v1/clients/shrinking", root(), "application/json", "{\"scopes\": [\"runs:read\"]}")
                .header("If-Match", "\"1\""));
        standing.forget("shrinking");

        assertProblem(send("GET", "/api/v1/clients", token, null), 403);
    }

    @Test
    void clientsAreListedPageByPage() {
        for (int number = 0; number < 5; number++) {
            newClient("paged-" + number, "\"runs:read\"");
        }
        var root = root();
        var found = new ArrayList<String>();
        var path = "/api/v1/clients?limit=2";
        while (true) {
            var page = json(send("GET", path, root, null));
            page.get("items").forEach(item -> found.add(item.get("clientId").stringValue()));
            if (page.get("nextCursor").isNull()) {
                break;
            }
            assertThat(page.get("items").size()).isEqualTo(2);
            path = "/api/v1/clients?limit=2&cursor=" + page.get("nextCursor").stringValue();
        }

        assertThat(found).isSorted().doesNotHaveDuplicates().contains("root", "paged-0", "paged-4");
    }

    @Test
    void aPlatformWithAClientTakesNoSetupCode() {
        assertProblem(send("POST", "/api/v1/setup", null, "{\"code\": \"AAAAA\", \"clientId\": \"mine\"}"), 403);
        assertProblem(send("POST", "/api/v1/setup", null, "{\"code\": 1}"), 422);
    }

    // --- what is open

    @Test
    void healthAndTheApiDescriptionArePublicAndMetricsAreNot() {
        assertThat(send("GET", "/actuator/health", null, null).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/actuator/health/liveness", null, null).statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/actuator/health/readiness", null, null).statusCode())
                .isEqualTo(200);
        var description = send("GET", "/v3/api-docs", null, null);
        assertThat(description.statusCode()).isEqualTo(200);
        assertThat(json(description).get("openapi").stringValue()).startsWith("3.1");
        assertProblem(send("GET", "/actuator/prometheus", null, null), 401);
        assertThat(send("GET", "/actuator/prometheus", root(), null).statusCode())
                .isEqualTo(200);
    }
}
