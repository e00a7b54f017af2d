package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.RootClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People over HTTP, as the portal and administrators' scripts use the API, on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:sessions;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.public-url=https://sync.example.com"
        })
class SessionsIT {

    private static final String PASSWORD = "seven blue herons over Skye";

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static @Nullable String portalSecret;

    @LocalServerPort
    private int port;

    private @Nullable String root;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private PlatformKeys keys;

    @Autowired
    private DatabaseClock clock;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mappings;

    // --- sending

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(
            String method, String path, @Nullable String token, @Nullable String json, String... headers) {
        var request =
                request(path).method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    private String machine(String id, String secret) {
        var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        var answer = send(request("/oauth2/token")
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).get("access_token").stringValue();
    }

    /** One token for a test: a secret that was chosen costs much to check. */
    private String root() {
        if (root == null) {
            root = machine("root", RootClient.SECRET);
        }
        return root;
    }

    private String portal() {
        if (portalSecret == null) {
            var made = send(
                    "PUT", "/api/v1/clients/portal", root(), "{\"scopes\": [\"runs:read\"]}", "If-None-Match", "*");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            portalSecret = json(made).get("clientSecret").stringValue();
        }
        return machine("portal", portalSecret);
    }

    private static String userJson(String roles, String labels) {
        return "{\"name\": \"A Person\", \"roles\": [" + roles + "], \"labels\": [" + labels + "]}";
    }

    /** Makes a person and answers the set-up code. */
    private String person(String key, String roles, String labels) {
        var made = send("PUT", "/api/v1/users/" + key, root(), userJson(roles, labels), "If-None-Match", "*");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.headers().firstValue("Cache-Control")).contains("no-store");
        return json(made).get("setUpCode").stringValue();
    }

    private void personWithPassword(String key, String roles, String labels) {
        var code = person(key, roles, labels);
        var set = send(
                "POST",
                "/api/v1/users/" + key + "/password",
                null,
                "{\"code\": \"" + code + "\", \"password\": \"" + PASSWORD + "\"}");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(204);
    }

    private HttpResponse<String> signIn(String user, String password, String address) {
        return send(
                "POST",
                "/api/v1/sessions",
                portal(),
                "{\"user\": \"" + user + "\", \"password\": \"" + password + "\", \"remoteAddress\": \"" + address
                        + "\", \"userAgent\": \"Browser\"}");
    }

    private JsonNode signedIn(String user) {
        var answer = signIn(user, PASSWORD, "192.0.2.1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer);
    }

    private static String access(JsonNode session) {
        return session.get("accessToken").stringValue();
    }

    private HttpResponse<String> refresh(String refreshToken) {
        return send("POST", "/api/v1/sessions/refresh", portal(), "{\"refreshToken\": \"" + refreshToken + "\"}");
    }

    private int statusOf(String method, String path, String token) {
        return send(method, path, token, null).statusCode();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String type) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).get("type").stringValue()).endsWith("/" + type);
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
    }

    // --- what a person keeps

    @Test
    void aPersonKeepsSettingsOfTheirOwnUnderAVersion() {
        personWithPassword("sara", "\"viewer\"", "\"billing\"");
        personWithPassword("sven", "\"viewer\"", "\"billing\"");
        var sara = access(signedIn("sara"));
        var path = "/api/v1/me/settings";

        var nothing = send("GET", path, sara, null);
        assertThat(nothing.statusCode()).isEqualTo(200);
        assertThat(json(nothing).isEmpty()).isTrue();
        assertThat(nothing.headers().firstValue("ETag")).isEmpty();
        assertProblem(send("PUT", path, sara, "{}"), 428, "precondition-required");
        assertProblem(send("PUT", path, sara, "{}", "If-Match", "\"1\""), 412, "version-conflict");

        var kept = send("PUT", path, sara, "{\"zone\": \"Europe/Berlin\"}", "If-None-Match", "*");
        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(200);
        assertThat(kept.headers().firstValue("ETag")).contains("\"1\"");
        assertProblem(send("PUT", path, sara, "{}", "If-None-Match", "*"), 412, "version-conflict");
        var changed = send("PUT", path, sara, "{\"favourites\": [\"plans\"]}", "If-Match", "\"1\"");
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        assertProblem(send("PUT", path, sara, "{}", "If-Match", "\"1\""), 412, "version-conflict");

        assertThat(send("GET", path, sara, null).body()).isEqualTo("{\"favourites\":[\"plans\"]}");
        assertThat(json(send("GET", path, access(signedIn("sven")), null)).isEmpty())
                .isTrue();
        assertThat(statusOf("GET", path, root())).isEqualTo(403);
    }

    @Test
    void settingsAreAnObjectOfABoundedSizeAndGoWithTheirPerson() {
        personWithPassword("tom", "\"viewer\"", "\"billing\"");
        var tom = access(signedIn("tom"));
        var path = "/api/v1/me/settings";

        assertProblem(send("PUT", path, tom, "[1]", "If-None-Match", "*"), 422, "invalid-body");
        assertProblem(send("PUT", path, tom, "{\"a\":", "If-None-Match", "*"), 400, "malformed-body");
        var large = "{\"draft\": \"" + "x".repeat(64 * 1024) + "\"}";
        assertProblem(send("PUT", path, tom, large, "If-None-Match", "*"), 413, "body-too-large");
        send("PUT", path, tom, "{\"draft\": \"secret\"}", "If-None-Match", "*");

        var removed = send("DELETE", "/api/v1/users/tom", root(), null, "If-Match", "*");
        assertThat(removed.statusCode()).as(removed.body()).isEqualTo(204);
        personWithPassword("tom", "\"viewer\"", "\"billing\"");

        assertThat(send("GET", path, access(signedIn("tom")), null).body()).isEqualTo("{}");
    }

    // --- a person's way

    @Test
    void aPersonSetsAPasswordByTheCodeOnceAndSignsInWithIt() {
        var code = person("ann", "\"operator\"", "\"billing\"");
        var path = "/api/v1/users/ann/password";
        var body = "{\"code\": \"" + code + "\", \"password\": \"" + PASSWORD + "\"}";

        assertProblem(signIn("ann", PASSWORD, "192.0.2.1"), 403, "sign-in-refused");
        assertProblem(
                send("POST", path, null, "{\"code\": \"AAAAA-BBBBB\", \"password\": \"" + PASSWORD + "\"}"),
                403,
                "code-refused");
        assertProblem(
                send("POST", path, null, "{\"code\": \"" + code + "\", \"password\": \"ann1234567890\"}"),
                422,
                "password-invalid");
        assertThat(send("POST", path, null, body).statusCode()).isEqualTo(204);
        assertProblem(send("POST", path, null, body), 403, "code-refused");

        var session = signedIn("ann");

        assertThat(session.get("user").stringValue()).isEqualTo("ann");
        assertThat(session.get("name").stringValue()).isEqualTo("A Person");
        assertThat(texts(session.get("roles"))).containsExactly("operator");
        assertThat(texts(session.get("labels"))).containsExactly("billing");
        assertThat(texts(session.get("scopes"))).containsExactly("runs:read", "runs:operate", "config:read");
        assertThat(session.get("expiresIn").intValue()).isBetween(595, 900);
        assertThat(session.get("refreshExpiresIn").intValue()).isBetween(890, 900);
        assertThat(statusOf("GET", "/api/v1/runs", access(session))).isEqualTo(200);
        assertThat(statusOf("GET", "/api/v1/users", access(session))).isEqualTo(403);
        assertThat(statusOf("GET", "/api/v1/audit", access(session))).isEqualTo(403);
        var me = json(send("GET", "/api/v1/me", access(session), null));
        assertThat(me.get("key").stringValue()).isEqualTo("ann");
        assertThat(me.get("lastSignInAt").isString()).isTrue();
    }

    @Test
    void onlyThePortalsOwnClientOpensAndRefreshesSessions() {
        personWithPassword("bob", "\"viewer\"", "\"*\"");
        var body = "{\"user\": \"bob\", \"password\": \"" + PASSWORD + "\"}";
        var session = signedIn("bob");

        for (var path : List.of("/api/v1/sessions", "/api/v1/sessions/refresh")) {
            assertThat(send("POST", path, null, body).statusCode()).isEqualTo(401);
            assertThat(send("POST", path, root(), body).statusCode()).isEqualTo(403);
            assertThat(send("POST", path, access(session), body).statusCode()).isEqualTo(403);
        }
        assertProblem(
                send("POST", "/api/v1/sessions", portal(), "{\"user\": 1, \"pass\": \"x\"}"), 422, "sign-in-invalid");
    }

    @Test
    void aSignOutEndsTheAccessTokenAndTheRefreshToken() {
        personWithPassword("carl", "\"viewer\"", "\"*\"");
        var session = signedIn("carl");
        var other = signedIn("carl");

        assertThat(statusOf("DELETE", "/api/v1/sessions/current", access(session)))
                .isEqualTo(204);

        assertThat(statusOf("GET", "/api/v1/runs", access(session))).isEqualTo(401);
        assertProblem(refresh(session.get("refreshToken").stringValue()), 403, "session-over");
        assertThat(statusOf("GET", "/api/v1/runs", access(other))).isEqualTo(200);
    }

    @Test
    void aRefreshTokenIsExchangedAndATheftEndsTheSession() {
        personWithPassword("dora", "\"viewer\"", "\"*\"");
        var session = signedIn("dora");
        var first = session.get("refreshToken").stringValue();

        var refreshed = json(refresh(first));
        var second = refreshed.get("refreshToken").stringValue();
        assertThat(second).isNotEqualTo(first);
        assertThat(refreshed.get("sessionId")).isEqualTo(session.get("sessionId"));
        assertThat(statusOf("GET", "/api/v1/runs", access(refreshed))).isEqualTo(200);

        jdbc.sql("update refresh_token set spent_at = spent_at - interval '11' second where spent_at is not null")
                .update();
        assertProblem(refresh(first), 403, "session-over");
        assertProblem(refresh(second), 403, "session-over");
        assertThat(statusOf("GET", "/api/v1/runs", access(refreshed))).isEqualTo(401);
        assertProblem(refresh("slr_nonsense"), 403, "session-over");
    }

    @Test
    void aChangeOfRolesEndsThePersonsSessions() {
        personWithPassword("eve", "\"viewer\"", "\"*\"");
        var session = signedIn("eve");

        var changed =
                send("PUT", "/api/v1/users/eve", root(), userJson("\"operator\"", "\"billing\""), "If-Match", "\"1\"");

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(statusOf("GET", "/api/v1/runs", access(session))).isEqualTo(401);
        assertProblem(refresh(session.get("refreshToken").stringValue()), 403, "session-over");
        assertThat(texts(signedIn("eve").get("roles"))).containsExactly("operator");
    }

    // --- recent sign-in, own things, others' things

    @Test
    void anAdministratorSignsInAgainBeforeChangingWhoGetsIn() {
        personWithPassword("fred", "\"admin\"", "\"*\"");
        var session = signedIn("fred");
        var put = userJson("\"viewer\"", "\"billing\"");
        assertThat(send("PUT", "/api/v1/users/new-one", access(session), put, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);

        jdbc.sql("update user_session set signed_in_at = signed_in_at - interval '11' minute where session_id = :id")
                .param("id", session.get("sessionId").stringValue())
                .update();
        var old = json(refresh(session.get("refreshToken").stringValue()));
        var refused = send("PUT", "/api/v1/users/new-two", access(old), put, "If-None-Match", "*");
        assertProblem(refused, 403, "sign-in-again");
        assertThat(json(refused).get("maxAgeSeconds").intValue()).isEqualTo(600);
        assertThat(statusOf("GET", "/api/v1/users", access(old))).isEqualTo(200);
        assertThat(statusOf("DELETE", "/api/v1/clients/none", access(old))).isEqualTo(403);
        assertThat(statusOf("DELETE", "/api/v1/clients/none", root())).isEqualTo(404);

        var path = "/api/v1/sessions/current/sign-in";
        assertProblem(send("POST", path, access(old), "{\"password\": \"wrong\"}"), 403, "sign-in-refused");
        var again = json(send("POST", path, access(old), "{\"password\": \"" + PASSWORD + "\"}"));
        assertThat(send("PUT", "/api/v1/users/new-two", access(again), put, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void everyChangeThatTakesAdminTakesARecentSignIn() {
        mappings.getHandlerMethods().forEach((info, handler) -> {
            var scopes = handler.getMethodAnnotation(RequiresScope.class);
            var reads = info.getMethodsCondition().getMethods().equals(Set.of(RequestMethod.GET));
            if (scopes != null && !reads && List.of(scopes.value()).equals(List.of(Scope.ADMIN))) {
                assertThat(handler.hasMethodAnnotation(RequiresRecentSignIn.class))
                        .as("%s", handler)
                        .isTrue();
            }
        });
    }

    @Test
    void peopleSeeAndEndTheirOwnSessionsAndAdministratorsAllOfThem() {
        personWithPassword("gina", "\"viewer\"", "\"*\"");
        personWithPassword("hugo", "\"viewer\"", "\"*\"");
        var gina = signedIn("gina");
        var hugo = signedIn("hugo");
        var hugos = "/api/v1/sessions/" + hugo.get("sessionId").stringValue();

        var own = json(send("GET", "/api/v1/sessions", access(gina), null)).get("items");
        assertThat(own.size()).isEqualTo(1);
        assertThat(own.get(0).get("current").booleanValue()).isTrue();
        assertThat(own.get(0).get("remoteAddress").stringValue()).isEqualTo("192.0.2.1");
        assertThat(statusOf("GET", "/api/v1/sessions?user=hugo", access(gina))).isEqualTo(403);
        assertThat(statusOf("DELETE", hugos, access(gina))).isEqualTo(404);
        assertThat(statusOf("GET", "/api/v1/runs", access(hugo))).isEqualTo(200);

        assertThat(json(send("GET", "/api/v1/sessions?user=hugo", root(), null))
                        .get("items")
                        .size())
                .isEqualTo(1);
        assertThat(statusOf("DELETE", hugos, root())).isEqualTo(204);
        assertThat(statusOf("GET", "/api/v1/runs", access(hugo))).isEqualTo(401);
    }

    @Test
    void aTokenOfAPersonIsNothingWithoutItsSessionOrItsPerson() {
        personWithPassword("ida", "\"viewer\"", "\"*\"");
        var session = signedIn("ida");
        var id = session.get("sessionId").stringValue();
        var now = clock.now();
        portal();

        assertThat(forged(now).claim("sid", id).claim("auth_time", 1).signed())
                .satisfies(good ->
                        assertThat(statusOf("GET", "/api/v1/runs", good)).isEqualTo(200));
        for (var bad : List.of(
                forged(now).claim("sid", "019aa000-0000-7000-8000-000000000001").claim("auth_time", 1),
                forged(now).claim("sid", 1).claim("auth_time", 1),
                forged(now).claim("sid", id),
                forged(now).claim("sid", id).claim("auth_time", "1"),
                forged(now).claim("sid", id).claim("auth_time", 1).claim("sub", "root"),
                forged(now).claim("sid", id).claim("auth_time", 1).claim("client_id", "root"))) {
            assertThat(statusOf("GET", "/api/v1/runs", bad.signed()))
                    .as(bad.payloadJson())
                    .isEqualTo(401);
        }
        var cut = forged(now).claim("sid", id).claim("auth_time", 1).claim("scope", "admin audit:read runs:read");
        assertThat(statusOf("GET", "/api/v1/audit", cut.signed())).isEqualTo(403);
    }

    private TokenForge forged(java.time.Instant now) {
        return new TokenForge(keys.signer(), "https://sync.example.com", now)
                .claim("sub", "ida")
                .claim("client_id", "portal");
    }

    @Test
    void everythingWrongInAUserIsToldAtOnce() {
        var answer = send(
                "PUT",
                "/api/v1/users/jo",
                root(),
                "{\"name\": \"\", \"email\": \"x\", \"roles\": [\"admin\", \"boss\"], \"labels\": [\"a\"],"
                        + " \"scopes\": [\"admin\"], \"enabled\": 1, \"external\": {\"issuer\": \"I\"}, \"pass\": 1}",
                "If-None-Match",
                "*");

        assertProblem(answer, 422, "user-invalid");
        assertThat(StreamSupport.stream(json(answer).get("errors").spliterator(), false)
                        .map(error -> error.get("pointer").stringValue()))
                .containsExactlyInAnyOrder(
                        "/name", "/email", "/roles/1", "/labels", "/scopes/0", "/enabled", "/external/issuer", "/pass");
        assertThat(send("PUT", "/api/v1/users/jo", root(), userJson("\"viewer\"", "\"a\""))
                        .statusCode())
                .isEqualTo(428);
        assertProblem(
                send("PUT", "/api/v1/users/root", root(), userJson("\"viewer\"", "\"a\""), "If-None-Match", "*"),
                409,
                "name-taken");
        personWithPassword("jo", "\"viewer\"", "\"a\"");
        assertProblem(
                send("PUT", "/api/v1/clients/jo", root(), "{\"scopes\": [\"runs:read\"]}", "If-None-Match", "*"),
                409,
                "name-taken");
    }

    @Test
    void whatPeopleDoIsInTheAuditTrailWithoutTheirSecrets() {
        personWithPassword("kim", "\"viewer\"", "\"*\"");
        var session = signedIn("kim");
        signIn("kim", "wrong wrong wrong", "192.0.2.1");
        send("DELETE", "/api/v1/sessions/current", access(session), null);

        var trail = send("GET", "/api/v1/audit?actor=kim", root(), null).body();
        assertThat(trail)
                .contains("\"set-password\"", "\"sign-in\"", "\"sign-in-refused\"", "\"sign-out\"", "from 192.0.2.1");
        assertThat(trail)
                .doesNotContain(
                        PASSWORD, "wrong wrong", session.get("refreshToken").stringValue(), access(session));
    }

    @Test
    void aPlatformThatHasAClientTakesNoSetUpCode() {
        var user = "\"user\": {\"key\": \"first\", \"name\": \"First\", \"password\": \"" + PASSWORD + "\"}";
        assertProblem(
                send("POST", "/api/v1/setup", null, "{\"code\": \"AAAAA-BBBBB\", " + user + "}"), 403, "setup-refused");
        assertProblem(
                send(
                        "POST",
                        "/api/v1/setup",
                        null,
                        "{\"code\": \"A\", \"user\": {\"key\": \"A\", \"password\": \"short\", \"role\": 1}}"),
                422,
                "setup-invalid");
    }
}
