package io.syncline.scheduler.security;

import static io.syncline.scheduler.security.MachinesHttp.json;
import static io.syncline.scheduler.security.MachinesHttp.pointers;
import static org.assertj.core.api.Assertions.assertThat;

import io.jsonwebtoken.Jwts;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.testing.RootClient;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** People who come from an identity provider, and those who only say so. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:oidc;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.portal.client-secret=" + OidcSignInIT.PORTAL_SECRET,
            "syncline.public-url=" + MachinesApplicationIT.PLATFORM
        })
@Import(MachinesApplicationIT.Fakes.class)
class OidcSignInIT {

    static final String PORTAL_SECRET = "sl_wX7nQ2vK9tB4mZ6rD3pL8sHjwX7nQ2vK9tB4mZ6rD3p";
    private static final String IDP = "https://people.example.com/realms/staff";
    private static final String KEYS = IDP + "/keys";
    private static final KeyPair KEY = Jwts.SIG.ES256.keyPair().build();
    private static final String PEOPLE = """
            {"clientId": "portal-at-idp", "userClaim": "sub", "roles": {
              "sync-operators": {"roles": ["operator"], "labels": ["billing"]},
              "sync-viewers": {"roles": ["viewer"], "labels": ["stock"]},
              "sync-admins": {"roles": ["admin"], "labels": ["*"]}}}""";

    @LocalServerPort
    private int port;

    @Autowired
    private DatabaseClock clock;

    @Autowired
    private JdbcClient jdbc;

    private MachinesHttp http;

    @BeforeEach
    void connect() {
        http = new MachinesHttp(port, RootClient.SECRET);
        MachinesApplicationIT.REMOTE.publish(KEYS, StrictJwsTest.jwk(KEY, "idp-1"));
        if (http.send("GET", "/api/v1/issuers/staff", http.root(), null).statusCode() == 404) {
            var made = http.create("/api/v1/issuers/staff", issuer(PEOPLE));
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            assertThat(json(made).get("people").get("clientId").stringValue()).isEqualTo("portal-at-idp");
        }
    }

    private static String issuer(String people) {
        return "{\"issuer\": \"" + IDP + "\", \"jwksUri\": \"" + KEYS + "\", \"algorithms\": [\"ES256\"], \"people\": "
                + people + "}";
    }

    private String portal() {
        return json(http.askToken("portal", PORTAL_SECRET)).get("access_token").stringValue();
    }

    /** An id token that is good once. */
    private TokenForge idToken(String subject, String... groups) {
        return new TokenForge(TokenForge.signer("idp-1", KEY.getPrivate()), IDP, clock.now())
                .header("typ", "JWT")
                .claim("sub", subject)
                .claim("aud", "portal-at-idp")
                .claim("nonce", "n-" + subject)
                .claim("client_id", null)
                .claim("scope", null)
                .claim("jti", Ids.next())
                .claim("groups", List.of(groups));
    }

    private HttpResponse<String> signIn(String idToken, String nonce) {
        var body = new LinkedHashMap<String, Object>();
        body.put("idToken", idToken);
        body.put("nonce", nonce);
        body.put("remoteAddress", "192.0.2.1");
        return http.send("POST", "/api/v1/sessions", portal(), MachinesHttp.JSON.writeValueAsString(body));
    }

    private JsonNode signedIn(TokenForge idToken) {
        var answer = signIn(idToken.signed(), String.valueOf(idToken.payload.get("nonce")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer);
    }

    private static void assertRefused(HttpResponse<String> answer, @Nullable String what) {
        assertThat(answer.statusCode()).as("%s: %s", what, answer.body()).isEqualTo(403);
        assertThat(json(answer).get("type").stringValue()).as(what).endsWith("/sign-in-refused");
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
    }

    @Test
    void aPersonWithAnAccountSignsInByTheIssuerAlone() {
        var made = http.create("/api/v1/users/ann", """
                {"name": "Ann", "roles": ["viewer"], "labels": ["*"], "external": {"issuer": "staff", "subject": "u-1"}}""");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).has("setUpCode")).isFalse();
        assertThat(http.send("POST", "/api/v1/users/ann/reset", http.root(), null)
                        .statusCode())
                .isEqualTo(409);

        var session = signedIn(idToken("u-1", "sync-admins"));

        assertThat(session.get("user").stringValue()).isEqualTo("ann");
        assertThat(texts(session.get("roles"))).containsExactly("viewer");
        assertThat(http.send("GET", "/api/v1/runs", session.get("accessToken").stringValue(), null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(http.change("DELETE", "/api/v1/issuers/staff", 1, null).statusCode())
                .isEqualTo(409);
        assertThat(pointers(http.create("/api/v1/users/ben", """
                        {"name": "Ben", "roles": ["viewer"], "labels": ["*"],
                         "external": {"issuer": "nobody", "subject": "u-1"}}"""))).containsExactly("/external/issuer");
    }

    @Test
    void aPersonOfAGroupGetsAnAccountWhoseRolesFollowTheGroups() {
        var first = signedIn(idToken("u-2", "others", "sync-operators", "sync-viewers")
                .claim("preferred_username", "Carla.Diaz@example.com")
                .claim("name", "Carla Díaz"));
        assertThat(first.get("user").stringValue()).isEqualTo("carla-diaz");
        assertThat(first.get("name").stringValue()).isEqualTo("Carla Díaz");
        assertThat(texts(first.get("roles"))).containsExactly("viewer", "operator");
        assertThat(texts(first.get("labels"))).containsExactly("billing");

        var second = signedIn(idToken("u-2", "sync-viewers"));
        assertThat(second.get("user").stringValue()).isEqualTo("carla-diaz");
        assertThat(texts(second.get("roles"))).containsExactly("viewer");
        assertThat(http.send("GET", "/api/v1/runs", first.get("accessToken").stringValue(), null)
                        .statusCode())
                .isEqualTo(401);

        assertRefused(signIn(idToken("u-2", "others").signed(), "n-u-2"), "no group");
        assertRefused(signIn(idToken("u-3").signed(), "n-u-3"), "nobody");
        var namesake = signedIn(idToken("u-4", "sync-viewers").claim("preferred_username", "carla.diaz"));
        assertThat(namesake.get("user").stringValue()).matches("carla-diaz-[0-9a-f]{8}");
    }

    @Test
    void whatIsNoGoodIdTokenIsRefused() {
        var stranger = new TokenForge(TokenForge.stranger("idp-1"), IDP, clock.now());
        idToken("u-9", "sync-admins").payload.forEach(stranger::claim);
        var now = clock.now().getEpochSecond();
        var bad = new LinkedHashMap<String, String>();
        bad.put("other audience", good().claim("aud", "another-client").signed());
        bad.put("audience of access tokens", good().claim("aud", "syncline").signed());
        bad.put(
                "two audiences",
                good().claim("aud", List.of("portal-at-idp", "x")).signed());
        bad.put("no audience", good().claim("aud", null).signed());
        bad.put("other issuer", good().claim("iss", "https://evil.example.com").signed());
        bad.put(
                "the platform as issuer",
                good().claim("iss", MachinesApplicationIT.PLATFORM).signed());
        bad.put("no nonce", good().claim("nonce", null).signed());
        bad.put("other nonce", good().claim("nonce", "x").signed());
        bad.put("other authorized party", good().claim("azp", "x").signed());
        bad.put("no authorized party", good().claim("azp", 1).signed());
        bad.put("no subject", good().claim("sub", null).signed());
        bad.put("expired", good().claim("iat", now - 200).claim("exp", now - 60).signed());
        bad.put("issued long ago", good().claim("iat", now - 301).signed());
        bad.put("no expiry", good().claim("exp", null).signed());
        bad.put("lives too long", good().claim("exp", now + 90_000).signed());
        bad.put(
                "signed in after it was issued",
                good().claim("auth_time", now + 100).signed());
        bad.put("access token", good().header("typ", "at+jwt").signed());
        bad.put("unsigned", good().header("alg", "none").unsigned());
        bad.put("other algorithm", good().header("alg", "RS256").signed());
        bad.put("unknown key", good().header("kid", "idp-2").signed());
        bad.put(
                "key inside",
                good().header("jwk", StrictJwsTest.jwk(KEY, "idp-1")).signed());
        bad.put("stranger's key", stranger.header("typ", "JWT").signed());
        bad.put("no token", "x.y.z");
        var fetched = MachinesApplicationIT.REMOTE.fetches.get();

        bad.forEach((what, token) -> assertRefused(signIn(token, "n-u-9"), what));
        // made just before it is sent: while the others are tried, its time would come
        var ahead = clock.now().getEpochSecond() + 60;
        assertRefused(signIn(good().claim("iat", ahead).signed(), "n-u-9"), "from the future");

        assertThat(MachinesApplicationIT.REMOTE.fetches.get()).isLessThanOrEqualTo(fetched + 1);
        assertThat(signedIn(good()).get("user").stringValue()).startsWith("person-");
        assertThat(http.send("POST", "/api/v1/sessions", portal(), "{\"idToken\": \"x.y.z\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(http.send("GET", "/api/v1/runs", good().signed(), null).statusCode())
                .isEqualTo(401);
    }

    private TokenForge good() {
        return idToken("u-9", "sync-admins");
    }

    @Test
    void anIdTokenOpensOneSession() {
        var token = idToken("u-5", "sync-viewers").signed();

        assertThat(signIn(token, "n-u-5").statusCode()).isEqualTo(201);
        assertRefused(signIn(token, "n-u-5"), "again");
    }

    @Test
    void aRecentSignInIsTheIssuersNotThePortals() {
        var now = clock.now().getEpochSecond();
        var session = signedIn(idToken("u-6", "sync-admins").claim("auth_time", now - 3600));
        var token = session.get("accessToken").stringValue();
        var change = http.send("DELETE", "/api/v1/clients/none", token, null);
        assertThat(json(change).get("type").stringValue()).endsWith("/sign-in-again");

        assertRefused(again(token, idToken("u-6", "sync-admins")), "does not say when");
        assertRefused(again(token, idToken("u-7", "sync-admins").claim("auth_time", now)), "another person");
        var renewed = again(token, idToken("u-6", "sync-admins").claim("auth_time", now));
        assertThat(renewed.statusCode()).as(renewed.body()).isEqualTo(200);
        var recent = json(renewed).get("accessToken").stringValue();
        assertThat(http.send("DELETE", "/api/v1/clients/none", recent, null).statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> again(String token, TokenForge idToken) {
        return http.send(
                "POST",
                "/api/v1/sessions/current/sign-in",
                token,
                MachinesHttp.JSON.writeValueAsString(
                        Map.of("idToken", idToken.signed(), "nonce", String.valueOf(idToken.payload.get("nonce")))));
    }

    @Test
    void aChangeOfHowPeopleSignInEndsTheirSessions() {
        var idp = "https://other.example.com";
        MachinesApplicationIT.REMOTE.publish(idp + "/keys", StrictJwsTest.jwk(KEY, "idp-1"));
        var document = issuer(PEOPLE).replace(IDP, idp);
        assertThat(http.create("/api/v1/issuers/other", document).statusCode()).isEqualTo(201);
        var session = signedIn(idToken("u-8", "sync-viewers").claim("iss", idp));
        var token = session.get("accessToken").stringValue();

        assertThat(http.change("PUT", "/api/v1/issuers/other", 1, document).statusCode())
                .isEqualTo(200);
        assertThat(http.send("GET", "/api/v1/runs", token, null).statusCode()).isEqualTo(200);
        var without = document.replaceAll("(?s), \"people\".*", "}");
        assertThat(http.change("PUT", "/api/v1/issuers/other", 2, without).statusCode())
                .isEqualTo(200);
        assertThat(http.send("GET", "/api/v1/runs", token, null).statusCode()).isEqualTo(401);
        assertRefused(signIn(idToken("u-8", "sync-viewers").claim("iss", idp).signed(), "n-u-8"), "no people any more");
    }

    @Test
    void everythingWrongWithPeopleOfAnIssuerIsToldAtOnce() {
        var refused = http.create("/api/v1/issuers/wrong", """
                {"issuer": "https://wrong.example.com", "jwksUri": "https://people.example.com/realms/staff/keys",
                 "algorithms": ["ES256"], "people": {"clientId": "syncline", "userClaim": "phone", "x": 1, "roles": {
                   "a": {"roles": ["boss"], "labels": ["*"]}, "b": {"roles": ["admin"], "labels": ["x"]}, "c": 1}}}""");

        assertThat(pointers(refused))
                .containsExactlyInAnyOrder(
                        "/people/clientId",
                        "/people/userClaim",
                        "/people/x",
                        "/people/roles/a/roles/0",
                        "/people/roles/b/labels",
                        "/people/roles/c");
        assertThat(jdbc.sql("select count(*) from people_issuer where issuer_key = 'wrong'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
