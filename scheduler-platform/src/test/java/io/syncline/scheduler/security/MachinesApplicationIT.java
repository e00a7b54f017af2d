package io.syncline.scheduler.security;

import static io.syncline.scheduler.security.MachinesHttp.assertProblem;
import static io.syncline.scheduler.security.MachinesHttp.assertTokenError;
import static io.syncline.scheduler.security.MachinesHttp.json;
import static io.syncline.scheduler.security.MachinesHttp.pointers;
import static io.syncline.scheduler.security.MachinesHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.jsonwebtoken.Jwts;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.testing.RootClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Machines that come in by a secret, by keys of their own, by tokens of another issuer, and by signed webhooks. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:machines;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.public-url=" + MachinesApplicationIT.PLATFORM
        })
@Import(MachinesApplicationIT.Fakes.class)
class MachinesApplicationIT {

    static final String PLATFORM = "https://sync.example.com";
    private static final String IDP = "https://idp.example.com/realms/one";
    private static final String IDP_KEYS = "https://idp.example.com/keys";

    /** One publisher for all contexts of tests that want one; no test of it touches another's addresses. */
    static final FakeRemoteKeys REMOTE = new FakeRemoteKeys();

    private static final KeyPair IDP_KEY = Jwts.SIG.RS256.keyPair().build();
    private static final KeyPair CLIENT_KEY = Jwts.SIG.ES256.keyPair().build();

    @TestConfiguration
    static class Fakes {
        @Bean
        @Primary
        RemoteKeys fakeRemoteKeys() {
            return REMOTE;
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private DatabaseClock clock;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private ClientStanding standing;

    @Autowired
    private PlatformKeys platformKeys;

    private MachinesHttp http;

    @BeforeEach
    void connect() {
        http = new MachinesHttp(port, RootClient.SECRET);
        REMOTE.publish(IDP_KEYS, StrictJwsTest.jwk(IDP_KEY, "idp-1"));
    }

    private HttpResponse<String> client(String key, String json) {
        return http.create("/api/v1/clients/" + key, json);
    }

    private static String keys(KeyPair pair, String kid) {
        return MachinesHttp.JSON.writeValueAsString(Map.of("keys", List.of(StrictJwsTest.jwk(pair, kid))));
    }

    private long audited(String action, String kind, String key) {
        return jdbc.sql(
                        "select count(*) from audit_entry where action = :action and object_kind = :kind and object_key = :key")
                .param("action", action)
                .param("kind", kind)
                .param("key", key)
                .query(Long.class)
                .single();
    }

    // --- clients

    @Test
    void allThatIsWrongWithAClientIsToldAtOnce() {
        var refused = client("wrong", """
                {"scopes": ["runs:read"], "expiresAt": "2020-01-01T00:00:00Z", "tokenEndpointAuthMethod": "none",
                 "jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}, "jwksUri": "ftp://x", "external": {"issuer": "A b"},
                 "webhook": "yes", "secret": "x"}""");

        assertProblem(refused, 422);
        assertThat(pointers(refused))
                .contains(
                        "/secret",
                        "/expiresAt",
                        "/jwks/keys/0",
                        "/jwksUri",
                        "/external/issuer",
                        "/external/subject",
                        "/webhook",
                        "/tokenEndpointAuthMethod");
        assertProblem(
                client("wrong", "{\"scopes\": [\"runs:read\"], \"tokenEndpointAuthMethod\": \"private_key_jwt\"}"),
                422);
        assertProblem(client("wrong", "{\"scopes\": [\"runs:read\"], \"tokenEndpointAuthMethod\": \"none\"}"), 422);
        assertProblem(
                client("wrong", "{\"scopes\": [\"runs:read\"], \"jwksUri\": \"https://unapproved.example.com/\"}"),
                422);
        assertProblem(
                client(
                        "wrong",
                        "{\"scopes\": [\"runs:read\"], \"external\": {\"issuer\": \"nobody\", \"subject\": \"x\"}}"),
                422);
        assertProblem(http.send("GET", "/api/v1/clients/wrong", http.root(), null), 404);
    }

    @Test
    void aClientEndsWhenItExpiresAndItsTokensWithIt() {
        var secret = json(client(
                        "ending",
                        "{\"scopes\": [\"admin\"], \"expiresAt\": \""
                                + clock.now().plusSeconds(3600) + "\"}"))
                .get("clientSecret")
                .stringValue();
        var token = json(http.askToken("ending", secret)).get("access_token").stringValue();
        assertThat(http.send("GET", "/api/v1/clients", token, null).statusCode())
                .isEqualTo(200);

        jdbc.sql("update api_client set expires_at = created_at where client_key = 'ending'")
                .update();
        standing.forget("ending");

        assertProblem(http.send("GET", "/api/v1/clients", token, null), 401);
        assertTokenError(http.askToken("ending", secret), 401, "invalid_client");
    }

    @Test
    void theLastUseOfAClientIsShown() throws Exception {
        var secret = json(client("used", "{\"scopes\": [\"runs:read\"]}"))
                .get("clientSecret")
                .stringValue();
        assertThat(json(http.send("GET", "/api/v1/clients/used", http.root(), null))
                        .get("lastUsedAt")
                        .isNull())
                .isTrue();

        http.askToken("used", secret);

        var deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (json(http.send("GET", "/api/v1/clients/used", http.root(), null))
                .get("lastUsedAt")
                .isNull()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        assertThat(http.change("PUT", "/api/v1/clients/used", 1, "{\"scopes\": [\"runs:read\"]}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void everyChangeOfAClientIsAuditedAndNoSecretWithIt() {
        var made = json(client("audited", "{\"scopes\": [\"triggers:write\"], \"webhook\": true}"));
        var rotated = json(http.send("POST", "/api/v1/clients/audited/rotate", http.root(), null));
        http.change("PUT", "/api/v1/clients/audited", 2, "{\"scopes\": [\"runs:read\"], \"webhook\": true}");
        http.change("DELETE", "/api/v1/clients/audited", 3, null);

        assertThat(audited("put", "client", "audited")).isEqualTo(2);
        assertThat(audited("rotate", "client", "audited")).isEqualTo(1);
        assertThat(audited("delete", "client", "audited")).isEqualTo(1);
        var details = String.join(
                "",
                jdbc.sql("select details from audit_entry where object_key = 'audited'")
                        .query(String.class)
                        .list());
        assertThat(details).contains("triggers:write").contains("runs:read");
        for (var answer : List.of(made, rotated)) {
            assertThat(details)
                    .doesNotContain(answer.get("clientSecret").stringValue())
                    .doesNotContain(answer.get("webhookSecret").stringValue().substring(6));
        }
        assertThat(audited("put", "client", "wrong")).isZero();
    }

    @Test
    void theLastAdministratorStays() {
        var version = json(http.send("GET", "/api/v1/clients/root", http.root(), null));
        assertThat(version.get("scopes").toString()).contains("admin");

        assertProblem(http.change("DELETE", "/api/v1/clients/root", 1, null), 409);
        assertProblem(http.change("PUT", "/api/v1/clients/root", 1, "{\"scopes\": [\"runs:read\"]}"), 409);
        assertProblem(
                http.change(
                        "PUT",
                        "/api/v1/clients/root",
                        1,
                        "{\"scopes\": [\"admin\"], \"expiresAt\": \"2099-01-01T00:00:00Z\"}"),
                409);
        assertThat(http.send("GET", "/api/v1/clients/root", http.root(), null)
                        .headers()
                        .firstValue("ETag"))
                .contains("\"1\"");
        client("second-admin", "{\"scopes\": [\"admin\"]}");
        assertThat(http.change("DELETE", "/api/v1/clients/second-admin", 1, null)
                        .statusCode())
                .isEqualTo(204);
    }

    // --- private_key_jwt

    private TokenForge assertion(String client, KeyPair pair, String kid) {
        return new TokenForge(
                        new PlatformKeys.Signer(kid, SigningAlgorithm.ES256, pair.getPrivate()), client, clock.now())
                .header("typ", "JWT")
                .claim("sub", client)
                .claim("aud", PLATFORM + "/oauth2/token")
                .claim("client_id", null)
                .claim("scope", null)
                .claim("jti", Ids.next());
    }

    @Test
    void aClientWithKeysGetsTokensByAssertionsAlone() {
        var made = client("keyed", "{\"scopes\": [\"runs:read\"], \"jwks\": " + keys(CLIENT_KEY, "c1") + "}");

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).has("clientSecret")).isFalse();
        assertThat(json(made).get("tokenEndpointAuthMethod").stringValue()).isEqualTo("private_key_jwt");
        var given = http.askTokenBy(assertion("keyed", CLIENT_KEY, "c1").signed());
        assertThat(given.statusCode()).as(given.body()).isEqualTo(200);
        assertThat(json(given).get("scope").stringValue()).isEqualTo("runs:read");
        var toIssuer = assertion("keyed", CLIENT_KEY, "c1").claim("aud", PLATFORM);
        assertThat(http.askTokenBy(toIssuer.header("typ", null).signed()).statusCode())
                .isEqualTo(200);
        assertTokenError(http.askToken("keyed", "sl_" + "A".repeat(43)), 401, "invalid_client");
        assertProblem(http.send("POST", "/api/v1/clients/keyed/rotate", http.root(), null), 409);
    }

    @Test
    void anAssertionIsTakenOnce() {
        client("once", "{\"scopes\": [\"runs:read\"], \"jwks\": " + keys(CLIENT_KEY, "c1") + "}");
        var assertion = assertion("once", CLIENT_KEY, "c1").claim("jti", "one-and-only");
        var another = assertion("once", CLIENT_KEY, "c1")
                .claim("jti", "one-and-only")
                .claim("iat", clock.now().getEpochSecond() - 5);

        assertThat(http.askTokenBy(assertion.signed()).statusCode()).isEqualTo(200);
        assertTokenError(http.askTokenBy(assertion.signed()), 401, "invalid_client");
        assertTokenError(http.askTokenBy(another.signed()), 401, "invalid_client");
    }

    @Test
    void assertionsThatAreNotTheClientsOwnForUsAndForNowAreRefused() {
        client("picky", "{\"scopes\": [\"runs:read\"], \"jwks\": " + keys(CLIENT_KEY, "c1") + "}");
        var secret = json(client("by-secret", "{\"scopes\": [\"runs:read\"]}"))
                .get("clientSecret")
                .stringValue();
        var seconds = clock.now().getEpochSecond();
        var stranger = Jwts.SIG.ES256.keyPair().build();

        for (var refused : List.of(
                assertion("picky", stranger, "c1"),
                assertion("picky", CLIENT_KEY, "c2"),
                assertion("nobody", CLIENT_KEY, "c1"),
                assertion("by-secret", CLIENT_KEY, "c1"),
                assertion("picky", CLIENT_KEY, "c1").claim("sub", "keyed"),
                assertion("picky", CLIENT_KEY, "c1").claim("iss", "keyed"),
                assertion("picky", CLIENT_KEY, "c1").claim("aud", "https://other.example.com"),
                assertion("picky", CLIENT_KEY, "c1").claim("aud", "syncline"),
                assertion("picky", CLIENT_KEY, "c1").claim("aud", List.of(PLATFORM, "https://other.example.com")),
                assertion("picky", CLIENT_KEY, "c1").claim("exp", seconds - 31),
                assertion("picky", CLIENT_KEY, "c1").claim("exp", seconds + 360),
                assertion("picky", CLIENT_KEY, "c1").claim("exp", seconds + 60).claim("iat", seconds - 600),
                assertion("picky", CLIENT_KEY, "c1").claim("exp", null),
                assertion("picky", CLIENT_KEY, "c1").claim("iat", null),
                assertion("picky", CLIENT_KEY, "c1").claim("jti", null),
                assertion("picky", CLIENT_KEY, "c1").claim("jti", "j".repeat(256)),
                assertion("picky", CLIENT_KEY, "c1").header("typ", "at+jwt"))) {
            assertTokenError(http.askTokenBy(refused.signed()), 401, "invalid_client");
        }
        assertTokenError(http.askTokenBy("nonsense"), 401, "invalid_client");
        assertTokenError(
                http.askForm("grant_type=client_credentials&client_assertion=x&client_assertion_type=y"),
                400,
                "invalid_request");
        assertTokenError(
                http.askForm("client_id=other&grant_type=client_credentials&client_assertion_type="
                        + Assertions.TYPE.replace(":", "%3A") + "&client_assertion="
                        + assertion("picky", CLIENT_KEY, "c1").signed()),
                400,
                "invalid_request");
        assertThat(http.askToken("by-secret", secret).statusCode()).isEqualTo(200);
    }

    @Test
    void aClientMayPublishItsKeysElsewhere() {
        var address = "https://client.example.com/keys";
        REMOTE.publish(address, StrictJwsTest.jwk(CLIENT_KEY, "published"));

        var made = client("publishing", "{\"scopes\": [\"runs:read\"], \"jwksUri\": \"" + address + "\"}");

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(http.askTokenBy(
                                assertion("publishing", CLIENT_KEY, "published").signed())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void wrongSecretsSlowDownWhoeverSendsThemWhetherThereIsTheClientOrNot() {
        client("guessed", "{\"scopes\": [\"runs:read\"]}");
        var wrong = "sl_" + "A".repeat(43);
        for (var name : List.of("guessed", "nobody-at-all")) {
            for (int guess = 0; guess < 5; guess++) {
                assertTokenError(http.askToken(name, wrong), 401, "invalid_client");
            }
            var locked = http.askToken(name, wrong);
            assertTokenError(locked, 429, "temporarily_unavailable");
            assertThat(Integer.parseInt(
                            locked.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1, 3);
        }
        assertThat(http.askToken("root", RootClient.SECRET).statusCode()).isEqualTo(200);
    }

    // --- trusted issuers

    private void trustIdp() {
        if (http.send("GET", "/api/v1/issuers/idp", http.root(), null).statusCode() == 404) {
            var made = http.create(
                    "/api/v1/issuers/idp",
                    "{\"issuer\": \"" + IDP + "\", \"jwksUri\": \"" + IDP_KEYS + "\", \"algorithms\": [\"RS256\"]}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        }
    }

    private io.jsonwebtoken.JwtBuilder external(String subject) {
        var now = clock.now();
        return Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId("idp-1")
                .and()
                .claims(Map.of("iss", IDP, "sub", subject, "aud", "syncline"))
                .issuedAt(java.util.Date.from(now))
                .expiration(java.util.Date.from(now.plusSeconds(600)));
    }

    private String signed(io.jsonwebtoken.JwtBuilder token) {
        return token.signWith(IDP_KEY.getPrivate(), Jwts.SIG.RS256).compact();
    }

    @Test
    void anIssuerIsWrittenByConditionAndReadBack() {
        trustIdp();

        var read = http.send("GET", "/api/v1/issuers/idp", http.root(), null);
        assertThat(read.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(json(read).get("audience").stringValue()).isEqualTo("syncline");
        assertThat(json(read).get("types").toString()).isEqualTo("[\"JWT\",\"at+jwt\"]");
        assertThat(json(read).get("maxTokenLife").stringValue()).isEqualTo("PT1H");
        assertProblem(http.send("PUT", "/api/v1/issuers/idp", http.root(), "{}"), 428);
        assertProblem(http.change("PUT", "/api/v1/issuers/idp", 7, "{}"), 412);
        assertProblem(http.change("DELETE", "/api/v1/issuers/idp", 7, null), 412);
        assertThat(json(http.send("GET", "/api/v1/issuers?limit=1", http.root(), null))
                        .get("items")
                        .size())
                .isEqualTo(1);
        assertThat(audited("put", "issuer", "idp")).isEqualTo(1);
    }

    @Test
    void whatIsWrongWithAnIssuerIsToldAtOnce() {
        var refused = http.create("/api/v1/issuers/bad", """
                {"issuer": "nowhere", "jwksUri": "/keys", "algorithms": ["HS256", "none"], "audience": "a b", "types": [],
                 "maxTokenLife": "P1Y", "secret": 1}""");

        assertProblem(refused, 422);
        assertThat(pointers(refused))
                .contains(
                        "/issuer",
                        "/jwksUri",
                        "/algorithms/0",
                        "/algorithms/1",
                        "/audience",
                        "/types",
                        "/maxTokenLife",
                        "/secret");
        assertThat(pointers(http.create(
                        "/api/v1/issuers/bad",
                        "{\"issuer\": \"" + PLATFORM
                                + "\", \"jwksUri\": \"https://a.example.com\", \"algorithms\": [\"RS256\"]}")))
                .containsExactly("/issuer");
        var unapproved = http.create(
                "/api/v1/issuers/bad",
                "{\"issuer\": \"https://x.example.com\", \"jwksUri\": \"https://x.example.com/k\", \"algorithms\": [\"RS256\"]}");
        assertProblem(unapproved, 422);
        assertThat(pointers(unapproved)).containsExactly("/jwksUri");
    }

    @Test
    void aTokenOfATrustedIssuerIsItsClientCutToWhatTheTokenNames() {
        trustIdp();
        var made = client("from-idp", """
                {"system": "billing", "scopes": ["admin"], "expiresAt": "2099-01-01T00:00:00Z",
                 "tokenEndpointAuthMethod": "none",
                 "external": {"issuer": "idp", "subject": "svc-1"}}""");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).has("clientSecret")).isFalse();

        assertThat(http.send("GET", "/api/v1/clients", signed(external("svc-1")), null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(http.send("GET", "/api/v1/clients", signed(external("svc-1").claim("scope", "openid profile")), null)
                        .statusCode())
                .isEqualTo(200);
        assertProblem(
                http.send("GET", "/api/v1/clients", signed(external("svc-1").claim("scope", "openid runs:read")), null),
                403);
        assertProblem(http.send("GET", "/api/v1/clients", signed(external("svc-2")), null), 401);
        assertProblem(
                client(
                        "thief",
                        "{\"scopes\": [\"admin\"], \"external\": {\"issuer\": \"idp\", \"subject\": \"svc-1\"}}"),
                422);
        assertProblem(http.change("DELETE", "/api/v1/issuers/idp", 1, null), 409);
    }

    @Test
    void anIssuerThatIsNoLongerTrustedLetsNobodyIn() {
        var issuer = "https://leaving.example.com";
        REMOTE.publish(issuer + "/keys", StrictJwsTest.jwk(IDP_KEY, "idp-1"));
        http.create(
                "/api/v1/issuers/leaving",
                "{\"issuer\": \"" + issuer + "\", \"jwksUri\": \"" + issuer + "/keys\", \"algorithms\": [\"RS256\"]}");
        client(
                "leaver",
                "{\"scopes\": [\"admin\"], \"expiresAt\": \"2099-01-01T00:00:00Z\", \"external\": {\"issuer\": \"leaving\", \"subject\": \"svc\"}}");
        var token = signed(external("svc").issuer(issuer));
        assertThat(http.send("GET", "/api/v1/clients", token, null).statusCode())
                .isEqualTo(200);

        http.change("DELETE", "/api/v1/clients/leaver", 1, null);
        assertProblem(http.send("GET", "/api/v1/clients", token, null), 401);
        assertThat(http.change("DELETE", "/api/v1/issuers/leaving", 1, null).statusCode())
                .isEqualTo(204);
        assertProblem(http.send("GET", "/api/v1/clients", token, null), 401);
    }

    // --- webhooks

    private static final String EVENT = """
            {"specversion": "1.0", "id": "%s", "source": "%s", "type": "com.example.unknown", "data": {"n": %d}}""";

    private HttpResponse<String> hook(String client, String secret, String id, Instant at, String body) {
        return send(http.webhook(client, secret, id, at, body).header("Content-Type", "application/cloudevents+json"));
    }

    private String webhookSecret(String key) {
        var made = client(
                key,
                "{\"system\": \"" + key + "\", \"scopes\": [\"triggers:write\"], \"webhook\": true,"
                        + " \"tokenEndpointAuthMethod\": \"none\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return json(made).get("webhookSecret").stringValue();
    }

    @Test
    void aSignedWebhookIsJudgedAsATriggerOfItsClient() {
        var secret = webhookSecret("hook-one");

        var judged = hook("hook-one", secret, "msg_1", clock.now(), EVENT.formatted("m1", "/hook-one", 1));

        // No rule takes it: the message came as far as any other.
        assertProblem(judged, 422);
        assertThat(json(judged).get("type").stringValue()).endsWith("/no-trigger-rule");
        var kept = jdbc.sql("select client_id from trigger_message where message_id = 'm1' and transport = 'WEBHOOK'")
                .query(String.class)
                .list();
        assertThat(kept).containsExactly("hook-one");
        assertThat(json(http.send("GET", "/api/v1/clients/hook-one", http.root(), null))
                        .has("webhookSecret"))
                .isFalse();
    }

    @Test
    void whatIsNotSignedByTheClientForNowIsRefusedBeforeItIsRead() {
        var secret = webhookSecret("hook-two");
        var other = webhookSecret("hook-three");
        var now = clock.now();
        var body = EVENT.formatted("m2", "/hook-two", 1);
        var before = messages();

        for (var refused : List.of(
                hook("hook-two", other, "msg_2", now, body),
                hook("hook-none", secret, "msg_2", now, body),
                hook("root", secret, "msg_2", now, body),
                hook("hook-two", secret, "msg_2", now.minusSeconds(302), body),
                hook("hook-two", secret, "msg_2", now.plusSeconds(302), body),
                hook("hook-two", secret, "msg.2", now, body),
                send(http.webhook("hook-two", secret, "msg_2", now, body)
                        .header("webhook-signature", "v1,AAAA")
                        .header("Content-Type", "application/cloudevents+json")),
                send(http.webhook("hook-two", secret, "msg_2", now, body)
                        .setHeader("webhook-id", "msg_3")
                        .header("Content-Type", "application/cloudevents+json")),
                send(http.webhook("hook-two", secret, "msg_2", now, body)
                        .setHeader("webhook-timestamp", "+" + now.getEpochSecond())
                        .header("Content-Type", "application/cloudevents+json")),
                send(http.webhook("hook-two", secret, "msg_2", now, body)
                        .POST(BodyPublishers.ofString(body.replace("\"n\": 1", "\"n\": 2")))
                        .header("Content-Type", "application/cloudevents+json")),
                send(http.request("/api/v1/hooks/hook-two")
                        .header("Authorization", "Bearer " + http.root())
                        .header("Content-Type", "application/cloudevents+json")
                        .POST(BodyPublishers.ofString(body))))) {
            assertProblem(refused, 401);
        }
        assertThat(messages()).isEqualTo(before);
    }

    private long messages() {
        return jdbc.sql("select count(*) from trigger_message")
                .query(Long.class)
                .single();
    }

    @Test
    void aRepeatedWebhookGetsTheSameAnswerAndAnotherMessageUnderItsIdIsRefused() {
        var secret = webhookSecret("hook-four");
        var body = EVENT.formatted("m4", "/hook-four", 1);
        var first = hook("hook-four", secret, "msg_4", clock.now(), body);

        var again = hook("hook-four", secret, "msg_4", clock.now().minusSeconds(60), body);
        assertThat(json(again).get("type")).isEqualTo(json(first).get("type"));
        var reused = hook("hook-four", secret, "msg_4", clock.now(), EVENT.formatted("m4", "/hook-four", 2));
        assertProblem(reused, 422);
        assertThat(json(reused).get("type").stringValue()).endsWith("/webhook-id-reused");
        var binary = EVENT.formatted("m5", "/hook-four", 1);
        var asBinary = http.webhook("hook-four", secret, "msg_5", clock.now(), binary)
                .header("Content-Type", "application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "m5")
                .header("ce-source", "/hook-four")
                .header("ce-type", "one");
        assertThat(json(send(asBinary)).get("type").stringValue()).endsWith("/no-trigger-rule");
        assertThat(json(send(asBinary.setHeader("ce-type", "two"))).get("type").stringValue())
                .endsWith("/webhook-id-reused");
    }

    @Test
    void theOldWebhookSecretWorksOnAfterARotation() {
        var secret = webhookSecret("hook-five");
        var body = EVENT.formatted("m6", "/hook-five", 1);

        var rotated = http.send("POST", "/api/v1/clients/hook-five/rotate", http.root(), null);
        assertThat(json(rotated).has("clientSecret")).isFalse();
        var next = json(rotated).get("webhookSecret").stringValue();

        assertProblem(hook("hook-five", secret, "msg_6", clock.now(), body), 422);
        assertProblem(hook("hook-five", next, "msg_7", clock.now(), body), 422);
        jdbc.sql("update api_client set old_webhook_until = created_at where client_key = 'hook-five'")
                .update();
        assertProblem(hook("hook-five", secret, "msg_8", clock.now(), body), 401);
        assertProblem(hook("hook-five", next, "msg_8", clock.now(), body), 422);
    }

    @Test
    void aWebhookNeedsTheScopeAndStaysWithinItsSize() {
        var secret = json(client("hook-six", "{\"scopes\": [\"runs:read\"], \"webhook\": true}"))
                .get("webhookSecret")
                .stringValue();
        var large = webhookSecret("hook-seven");

        assertProblem(hook("hook-six", secret, "msg_9", clock.now(), EVENT.formatted("m9", "/six", 1)), 403);
        assertProblem(hook("hook-seven", large, "msg_9", clock.now(), " ".repeat(1_100_000)), 413);
        assertProblem(hook("hook-seven", large, "msg_9", clock.now(), "{"), 400);
        assertProblem(
                send(http.webhook("hook-seven", large, "msg_10", clock.now(), "{}")
                        .header("Content-Type", "text/plain")),
                415);
    }

    @Test
    void nothingThatAMachineHoldsWorksInAnothersPlace() {
        var secret = webhookSecret("hook-eight");
        var webhookAsSecret = http.askToken("hook-eight", secret);

        assertTokenError(webhookAsSecret, 401, "invalid_client");
        assertProblem(http.send("GET", "/api/v1/clients", secret, null), 401);
        client("crossing", "{\"scopes\": [\"runs:read\"], \"jwks\": " + keys(CLIENT_KEY, "c1") + "}");
        assertProblem(
                http.send(
                        "GET",
                        "/api/v1/clients",
                        assertion("crossing", CLIENT_KEY, "c1").signed(),
                        null),
                401);
        assertTokenError(http.askTokenBy(http.root()), 401, "invalid_client");
        var signer = platformKeys.signer();
        var byPlatformKey = new TokenForge(signer, "crossing", clock.now())
                .header("typ", "JWT")
                .claim("sub", "crossing")
                .claim("aud", PLATFORM);
        assertTokenError(http.askTokenBy(byPlatformKey.signed()), 401, "invalid_client");
    }
}
