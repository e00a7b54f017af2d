package io.syncline.scheduler.security;

import static io.syncline.scheduler.security.MachinesHttp.assertTokenError;
import static io.syncline.scheduler.security.MachinesHttp.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.Jwts;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.testing.RootClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The list of attacks on tokens, on every route that takes one: each is 401, changes nothing, and makes us ask nobody. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:attacks;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.public-url=" + MachinesApplicationIT.PLATFORM
        })
@Import(MachinesApplicationIT.Fakes.class)
class JwtAttacksIT {

    private static final String IDP = "https://attacked.example.com";
    private static final KeyPair IDP_KEY = Jwts.SIG.RS256.keyPair().build();
    private static final KeyPair CLIENT_KEY = Jwts.SIG.ES256.keyPair().build();

    @LocalServerPort
    private int port;

    @Autowired
    private Routes routes;

    @Autowired
    private PlatformKeys keys;

    @Autowired
    private TokenSigner signer;

    @Autowired
    private CallbackTokens callbackTokens;

    @Autowired
    private DatabaseClock clock;

    @Autowired
    private ClientStanding standing;

    @Autowired
    private JdbcClient jdbc;

    private MachinesHttp http;
    private ServerSocket elsewhere;
    private Map<String, Long> before;

    @BeforeEach
    void prepare() throws IOException {
        http = new MachinesHttp(port, RootClient.SECRET);
        elsewhere = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        MachinesApplicationIT.REMOTE.publish(IDP + "/keys", StrictJwsTest.jwk(IDP_KEY, "idp-1"));
        http.create(
                "/api/v1/issuers/attacked",
                "{\"issuer\": \"" + IDP + "\", \"jwksUri\": \"" + IDP + "/keys\", \"algorithms\": [\"RS256\"]}");
        http.create(
                "/api/v1/clients/attacked",
                "{\"scopes\": [\"admin\"], \"expiresAt\": \"2099-01-01T00:00:00Z\", \"tokenEndpointAuthMethod\": \"none\","
                        + " \"external\": {\"issuer\": \"attacked\", \"subject\": \"svc\"}}");
        http.create(
                "/api/v1/clients/asserting",
                "{\"scopes\": [\"runs:read\"], \"jwks\": {\"keys\": ["
                        + MachinesHttp.JSON.writeValueAsString(StrictJwsTest.jwk(CLIENT_KEY, "c1")) + "]}}");
        http.root();
        before = rows();
    }

    @AfterEach
    void nobodyWasAsked() throws IOException {
        elsewhere.setSoTimeout(50);
        assertThatThrownBy(() -> elsewhere.accept()).isInstanceOf(SocketTimeoutException.class);
        elsewhere.close();
    }

    private String elsewhere() {
        return "http://127.0.0.1:" + elsewhere.getLocalPort();
    }

    /** All tables but those that time alone changes. */
    /** How many rows each table has, but those that the platform's own clock moves: heartbeats and the sealing of the audit trail. */
    private Map<String, Long> rows() {
        var counts = new TreeMap<String, Long>();
        jdbc.sql("""
                        select table_name from information_schema.tables
                        where table_schema = 'PUBLIC' and table_name not like 'QRTZ%'
                          and table_name not in ('NODE', 'AUDIT_UNSEALED', 'AUDIT_CHAIN')
                        """)
                .query(String.class)
                .list()
                .forEach(table -> counts.put(
                        table,
                        jdbc.sql("select count(*) from \"" + table + "\"")
                                .query(Long.class)
                                .single()));
        return counts;
    }

    // --- tokens that would do

    private TokenForge platformToken() {
        return new TokenForge(keys.signer(), MachinesApplicationIT.PLATFORM, clock.now())
                .claim("sub", "root")
                .claim("client_id", "root")
                .claim("scope", "admin");
    }

    private static PlatformKeys.Signer by(String kid, PrivateKey key) {
        return TokenForge.signer(kid, key);
    }

    private TokenForge issuersToken() {
        return new TokenForge(by("idp-1", IDP_KEY.getPrivate()), IDP, clock.now())
                .header("alg", "RS256")
                .claim("scope", null)
                .claim("sub", "svc");
    }

    private TokenForge assertion() {
        return new TokenForge(by("c1", CLIENT_KEY.getPrivate()), "asserting", clock.now())
                .header("typ", "JWT")
                .claim("sub", "asserting")
                .claim("aud", MachinesApplicationIT.PLATFORM)
                .claim("jti", Ids.next());
    }

    private List<JwtAttacks.Attack> attacks(Supplier<TokenForge> good, KeyPair pair, Duration life) {
        return new JwtAttacks(good, pair, clock.now(), life.toSeconds(), elsewhere()).all();
    }

    private KeyPair platformPair() {
        var key = keys.find(keys.signer().kid()).orElseThrow().key();
        return new KeyPair(key, keys.signer().key());
    }

    private List<JwtAttacks.Attack> bearerAttacks() {
        var all = new ArrayList<JwtAttacks.Attack>();
        all.addAll(attacks(this::platformToken, platformPair(), Duration.ofMinutes(15)));
        attacks(this::issuersToken, IDP_KEY, Duration.ofHours(1))
                .forEach(attack -> all.add(new JwtAttacks.Attack("issuer's " + attack.name(), attack.token())));
        add(
                all,
                "J9 a token for a downstream",
                signer.sign("syncline", "data-consumer", null, null, Duration.ofMinutes(5)));
        add(all, "J9 an assertion", assertion().signed());
        add(
                all,
                "J9 an assertion for the API",
                assertion().header("typ", "at+jwt").claim("aud", "syncline").signed());
        add(all, "J9 typ JWT", platformToken().header("typ", "JWT").signed());
        add(all, "J9 no typ", platformToken().header("typ", null).signed());
        add(all, "J9 the issuer's, no typ", issuersToken().header("typ", null).signed());
        add(
                all,
                "J3 the issuer's, a key of ours",
                issuersToken()
                        .header("alg", "ES256")
                        .header("kid", keys.signer().kid())
                        .signed());
        add(
                all,
                "J7 ours, signed by the issuer",
                new TokenForge(by("idp-1", IDP_KEY.getPrivate()), MachinesApplicationIT.PLATFORM, clock.now())
                        .header("alg", "RS256")
                        .claim("client_id", "root")
                        .signed());
        add(
                all,
                "J19 no client",
                platformToken().claim("client_id", "nobody-here").signed());
        add(all, "J19 another's subject", issuersToken().claim("sub", "root").signed());
        add(all, "J19 a client's key", issuersToken().claim("sub", "attacked").signed());
        return all;
    }

    private static void add(List<JwtAttacks.Attack> all, String name, String token) {
        all.add(new JwtAttacks.Attack(name, token));
    }

    // --- every route

    @TestFactory
    List<DynamicTest> noAttackGetsInAnywhere() {
        var attacks = bearerAttacks();
        var callbackToken = callbackTokens.issue(
                "019aa000-0000-7000-8000-000000000001", 1, clock.now().plusSeconds(600));
        var unchanged = before;
        var tests = new ArrayList<DynamicTest>();
        for (var route : routes.all()) {
            if (route.access() instanceof Route.Public) {
                continue;
            }
            var path = route.pattern()
                    .getPatternString()
                    .replaceAll("\\{\\*?[^}]*}", "x")
                    .replace("**", "x");
            for (var method : route.methods().isEmpty() ? Set.of("GET", "POST") : route.methods()) {
                // All of them at one route; at every other one of each number, another one each time.
                var some = method.equals("GET") && path.equals("/api/v1/clients")
                        ? attacks
                        : oneOfEach(attacks, tests.size());
                tests.add(DynamicTest.dynamicTest(method + " " + path, () -> {
                    var passed = new ArrayList<String>();
                    for (var attack : some) {
                        if (http.send(method, path, attack.token(), null).statusCode() != 401) {
                            passed.add(attack.name());
                        }
                    }
                    if (!(route.access() instanceof Route.Callback)
                            && http.send(method, path, callbackToken, null).statusCode() != 401) {
                        passed.add("J9 a callback token");
                    }
                    assertThat(passed).isEmpty();
                }));
            }
        }
        tests.add(DynamicTest.dynamicTest(
                "nothing has changed", () -> assertThat(rows()).isEqualTo(unchanged)));
        return tests;
    }

    private static List<JwtAttacks.Attack> oneOfEach(List<JwtAttacks.Attack> attacks, int turn) {
        var byNumber = attacks.stream()
                .collect(Collectors.groupingBy(
                        attack -> attack.name().replaceFirst("(J[0-9]+).*", "$1"),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return byNumber.values().stream()
                .map(same -> same.get(turn % same.size()))
                .toList();
    }

    @Test
    void theTokensThatTheAttacksAreMadeOfDoGetIn() {
        assertThat(get(platformToken().signed())).isEqualTo(200);
        assertThat(get(issuersToken().signed())).isEqualTo(200);
        assertThat(get(issuersToken()
                        .header("typ", "JWT")
                        .claim("aud", List.of("syncline"))
                        .signed()))
                .isEqualTo(200);
        var seconds = clock.now().getEpochSecond();
        // A token older than its client is refused; this client is made as old as it would be.
        jdbc.sql("update api_client set created_at = :before where client_key = 'root'")
                .param("before", JdbcTimes.toJdbc(clock.now().minusSeconds(3600)))
                .update();
        standing.forget("root");
        assertThat(get(platformToken()
                        .claim("exp", seconds - 25)
                        .claim("iat", seconds - 60)
                        .signed()))
                .isEqualTo(200);
        assertThat(get(issuersToken()
                        .claim("exp", seconds - 25)
                        .claim("iat", seconds - 60)
                        .signed()))
                .isEqualTo(200);
        assertThat(http.askTokenBy(assertion().signed()).statusCode()).isEqualTo(200);
    }

    private int get(String token) {
        return http.send("GET", "/api/v1/clients", token, null).statusCode();
    }

    @Test
    void anUnknownKeyOfAnIssuerMakesUsAskItOnceAMinuteAtMost() {
        get(issuersToken().signed());
        var asked = MachinesApplicationIT.REMOTE.fetches.get();

        for (int number = 0; number < 50; number++) {
            assertThat(get(issuersToken().header("kid", "unknown-" + number).signed()))
                    .isEqualTo(401);
        }

        assertThat(MachinesApplicationIT.REMOTE.fetches.get() - asked).isLessThanOrEqualTo(1);
    }

    // --- client assertions

    @Test
    void noAttackOnAnAssertionGetsAToken() {
        var passed = new ArrayList<String>();
        for (var attack : attacks(this::assertion, CLIENT_KEY, Duration.ofMinutes(10))) {
            // A type is not required of assertions, an empty one is none of theirs.
            if (http.askTokenBy(attack.token()).statusCode() != 401) {
                passed.add(attack.name());
            }
        }
        assertThat(passed).isEmpty();
        assertThat(rows()).isEqualTo(before);

        for (var crossed : List.of(
                platformToken().signed(),
                issuersToken().signed(),
                assertion().header("typ", "at+jwt").signed(),
                assertion().claim("sub", "attacked").signed(),
                assertion().claim("iss", "attacked").claim("sub", "attacked").signed())) {
            assertTokenError(http.askTokenBy(crossed), 401, "invalid_client");
        }
        // J11; J12, on another node and after a restart, is shown of the table itself
        var once = assertion().signed();
        assertThat(http.askTokenBy(once).statusCode()).isEqualTo(200);
        assertThat(json(http.askTokenBy(once)).get("error").stringValue()).isEqualTo("invalid_client");
    }
}
