package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.api.PortalVisitor;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Secrets that are easy to find are put everywhere a secret can be put, and used, also by a downstream and an identity
 * provider that repeat in their answers all that they were sent. Afterwards they are searched for: in the logs, the tables,
 * the metrics, the exports, the portal's pages and every answer.
 */
class CanaryIT {

    private static final String SYSTEM = "canary-cage";
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    private static Path home;

    private static Stack stack;
    private static ServiceProcess node;
    private static PlatformApi platform;
    private static HttpServer gossip;
    private static ServiceProcess pages;
    private static final Map<String, String> SECRETS = new ConcurrentHashMap<>();
    private static final List<String> SEEN = new ArrayList<>();

    @BeforeAll
    static void putSecretsEverywhereAndUseThem() throws Exception {
        stack = Stack.onPostgres(home);
        node = Stack.ready(stack.startNode(
                "logging.level.io.syncline=TRACE",
                "logging.level.org.springframework.web=DEBUG",
                "logging.level.org.springframework.security=DEBUG"));
        platform = stack.platform();
        startGossip();
        SECRETS.put("bootstrap secret", Stack.adminSecret());
        SECRETS.put("wrapping key", Stack.wrappingKey());
        SECRETS.put("access token", signatureOf(platform.token()));
        SECRETS.put("client secret", platform.createClient("canary-client", null, List.of("runs:read")));
        keepWebhookSecret();
        putSystem();
        useEveryCredential();
        letSomebodySignIn();
        askAtTheWrongPlaces();
    }

    @AfterAll
    static void stop() throws IOException {
        gossip.stop(0);
        stack.close();
    }

    @Test
    void noLogHoldsASecret() throws IOException {
        try (var files = Files.list(home)) {
            for (var log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                assertClean(log.getFileName().toString(), Files.readString(log));
            }
        }
    }

    @Test
    void noTableHoldsASecretInTheClear() throws SQLException {
        var cells = 0;
        try (var connection = stack.database("scheduler")) {
            var tables = new ArrayList<String>();
            try (var found = connection.getMetaData().getTables(null, "scheduler", "%", new String[] {"TABLE"})) {
                while (found.next()) {
                    tables.add(found.getString("TABLE_NAME"));
                }
            }
            for (var table : tables) {
                // The whole row as text, binary columns in both of their spellings.
                try (var rows = connection
                        .createStatement()
                        .executeQuery("select t::text from scheduler.\"" + table + "\" t")) {
                    while (rows.next()) {
                        cells++;
                        assertClean("table " + table, rows.getString(1));
                    }
                }
            }
            assertThat(tables).contains("signing_key", "api_client", "sync_system");
        }
        assertThat(cells).isGreaterThan(20);
    }

    @Test
    void noAnswerHoldsASecret() {
        var asked = 0;
        for (var path : everyReadablePath()) {
            for (var accept : List.of("application/json", "application/yaml")) {
                var answer = platform.send("GET", path, Map.of("Accept", accept), new byte[0]);
                asked++;
                assertClean("GET " + path, answer.text() + answer.headers().map());
            }
        }
        assertThat(asked).isGreaterThan(30);
    }

    @Test
    void noPageHoldsASecret() {
        assertThat(SEEN).hasSizeGreaterThan(8);
        SEEN.forEach(page -> assertClean("page " + page.substring(0, page.indexOf(' ')), page));
    }

    @Test
    void theSearchFindsWhatItIsToFind() throws IOException {
        var planted = home.resolve("planted.log");
        try {
            Files.writeString(planted, "a line with " + SECRETS.get("basic password") + " in it");

            assertThat(found(Files.readString(planted))).containsExactly("basic password");
        } finally {
            Files.deleteIfExists(planted);
        }
    }

    // --- the cage

    /** Answers with all that it was told, headers too, and with a status that the path names. */
    private static void startGossip() throws IOException {
        gossip = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        gossip.setExecutor(Executors.newCachedThreadPool());
        gossip.createContext("/", CanaryIT::gossip);
        gossip.start();
    }

    private static void gossip(HttpExchange exchange) throws IOException {
        try (exchange) {
            var heard = new StringBuilder();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getRequestHeaders()
                    .forEach((name, values) ->
                            heard.append(name).append('=').append(values).append(' '));
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null && authorization.startsWith("Bearer ")) {
                SECRETS.put("token for " + exchange.getRequestURI().getPath(), signatureOf(authorization));
            }
            var call = Http.JSON.readTree(body.startsWith("{") ? body : "{}");
            var callback = call.path("callback").path("token").asString("");
            if (!callback.isEmpty()) {
                SECRETS.put("callback token of " + exchange.getRequestURI().getPath(), signatureOf(callback));
            }
            var path = exchange.getRequestURI().getPath();
            if (path.endsWith("/token")) {
                SECRETS.put("token of the identity provider", "idp-token-" + "c0ffee5eed".repeat(3));
                var answer = path.contains("broken")
                        ? "{\"error\":\"invalid_client\",\"error_description\":"
                                + Http.JSON.writeValueAsString(heard + body) + "}"
                        : "{\"access_token\":\"" + SECRETS.get("token of the identity provider")
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":300}";
                answer(exchange, path.contains("broken") ? 400 : 200, answer);
                return;
            }
            exchange.getResponseHeaders().set("X-Heard", heard.toString().replaceAll("[^ -~]", "."));
            var status = path.contains("refuse") ? 403 : path.contains("fail") ? 500 : 200;
            answer(
                    exchange,
                    status,
                    path.contains("html")
                            ? "<html>" + heard + body + "</html>"
                            : "{\"status\":\"COMPLETED\",\"heard\":" + Http.JSON.writeValueAsString(heard + body)
                                    + "}");
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String origin() {
        return "http://127.0.0.1:" + gossip.getAddress().getPort();
    }

    private static String canary(String name) {
        var secret = "canary-" + UUID.randomUUID();
        SECRETS.put(name, secret);
        return secret;
    }

    private static void putSystem() throws Exception {
        var credentials = new LinkedHashMap<String, Object>();
        credentials.put("basic-one", Map.of("type", "basic", "username", "u", "password", canary("basic password")));
        credentials.put(
                "header-key",
                Map.of("type", "api-key", "header", "X-Api-Key", "apiKey", canary("api key in a header")));
        credentials.put(
                "query-key", Map.of("type", "api-key", "query", "code", "apiKey", canary("api key in the query")));
        credentials.put("idp", oauth("/idp/token", canary("secret for the identity provider")));
        credentials.put("broken-idp", oauth("/idp/broken/token", canary("secret for the broken identity provider")));
        credentials.put("assertion", assertion());
        platform.put(
                "/api/v1/systems/" + SYSTEM,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "System",
                        "key",
                        SYSTEM,
                        "instances",
                        List.of(origin()),
                        "credentials",
                        credentials));
    }

    private static void keepWebhookSecret() {
        var told = platform.put(
                        "/api/v1/clients/canary-hook", Map.of("scopes", List.of("triggers:write"), "webhook", true))
                .json();
        SECRETS.put("webhook secret", told.path("webhookSecret").asString().replace("whsec_", ""));
        var rotated = platform.post("/api/v1/clients/canary-hook/rotate", Map.of())
                .expect(200)
                .json();
        SECRETS.put(
                "rotated webhook secret",
                rotated.path("webhookSecret").asString().replace("whsec_", ""));
    }

    private static Map<String, Object> oauth(String path, String secret) {
        return Map.of(
                "type",
                "oauth2-client-credentials",
                "tokenUrl",
                origin() + path,
                "clientId",
                "c",
                "clientSecret",
                secret);
    }

    private static Map<String, Object> assertion() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var encoded = Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        SECRETS.put("private key for assertions", encoded.substring(encoded.length() - 40, encoded.length() - 4));
        return Map.of(
                "type",
                "oauth2-client-credentials",
                "tokenUrl",
                origin() + "/idp/token",
                "clientId",
                "c",
                "privateKey",
                "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n",
                "algorithm",
                "ES256",
                "kid",
                "k1");
    }

    private static void useEveryCredential() {
        var tasks = new ArrayList<Map<String, Object>>();
        for (var credential : List.of("basic-one", "header-key", "query-key", "idp", "broken-idp", "assertion")) {
            var type = switch (credential) {
                case "basic-one" -> "basic";
                case "header-key", "query-key" -> "api-key";
                default -> "oauth2-client-credentials";
            };
            for (var how : List.of("ok", "html", "refuse", "fail")) {
                tasks.add(Map.of(
                        "key",
                        credential + "-" + how,
                        "mode",
                        "ASYNC",
                        "system",
                        SYSTEM,
                        "path",
                        "/" + credential + "/" + how,
                        "auth",
                        Map.of("type", type, "credential", credential)));
            }
        }
        tasks.add(Map.of("key", "jwt", "mode", "ASYNC", "system", SYSTEM, "path", "/jwt/ok"));
        Documents.putGroup(platform, "canaries", Documents.defaults("PT0.5S"), tasks);
        var accepted = platform.trigger(Documents.event("canary-1", "canaries.ready", "2026-11-20"))
                .expect(202);
        var runId = accepted.json().path("runs").get(0).path("runId").asString();
        await().atMost(SOON).untilAsserted(() -> {
            for (var task : platform.run(runId).path("taskRuns")) {
                assertThat(task.path("calls").size())
                        .as(task.path("task").asString())
                        .isGreaterThanOrEqualTo(1);
            }
        });
        assertThat(SECRETS)
                .containsKeys("token for /jwt/ok", "callback token of /jwt/ok", "token of the identity provider");
        platform.post("/api/v1/runs/" + runId + "/actions/cancel", Map.of("reason", "seen enough"));
        platform.post("/api/v1/systems/" + SYSTEM + "/test", Map.of()).expect(200);
        platform.post(
                        "/api/v1/systems/" + SYSTEM + "/credentials/basic-one/rotate",
                        Map.of("password", canary("rotated password"), "overlap", "PT1H"))
                .expect(200);
    }

    private static void letSomebodySignIn() {
        var portalSecret = platform.createClient("portal", null, List.of("runs:read"));
        SECRETS.put("secret of the portal", portalSecret);
        var dataSecret = platform.createClient("portal-data", null, List.of("runs:read"));
        SECRETS.put("secret of the portal for data", dataSecret);
        // Whoever stands at these addresses is shown a token, and refuses it in words of its own.
        pages = stack.startPortal(
                portalSecret,
                "syncline.portal.data.provider-url=" + stack.platformUrl(),
                "syncline.portal.data.consumer-url=" + origin(),
                "syncline.portal.data.client-id=portal-data",
                "syncline.portal.data.client-secret=" + dataSecret);
        var portal = new PlatformApi(stack.platformUrl(), "portal", portalSecret);
        var code = platform.put(
                        "/api/v1/users/canary-person",
                        Map.of("name", "Canary", "roles", List.of("viewer"), "labels", List.of("*")))
                .json()
                .path("setUpCode")
                .asString();
        SECRETS.put("set-up code", code);
        var password = canary("password of a person");
        portal.post("/api/v1/users/canary-person/password", Map.of("code", code, "password", password))
                .expect(200, 204);
        var session = portal.post(
                        "/api/v1/sessions",
                        Map.of("user", "canary-person", "password", password, "remoteAddress", "127.0.0.1"))
                .expect(201)
                .json();
        keepTokens("of the session", session);
        Stack.ready(pages);
        browse(password);
        keepTokens(
                "after a refresh",
                portal.post(
                                "/api/v1/sessions/refresh",
                                Map.of(
                                        "refreshToken",
                                        session.path("refreshToken").asString()))
                        .expect(200)
                        .json());
        portal.post("/api/v1/sessions", Map.of("user", canary("password typed as a name"), "password", "x"));
    }

    /** Keeps every page that the person sees, the sign-in page after a wrong password among them. */
    private static void browse(String password) {
        var visitor = new PortalVisitor(pages.url());
        for (var typed : List.of(canary("wrong password"), password)) {
            keep(visitor.get("/sign-in"));
            keep(visitor.signIn("canary-person", typed));
        }
        var runId = platform.get("/api/v1/runs?group=canaries")
                .json()
                .path("items")
                .get(0)
                .path("runId")
                .asString();
        for (var path : List.of(
                "/",
                "/runs",
                "/runs/" + runId,
                "/triggers",
                "/groups",
                "/groups/canaries",
                "/groups/canaries/edit",
                "/groups/canaries/versions",
                "/systems",
                "/alerts",
                "/alerts/channels",
                "/schedule",
                "/data",
                "/data/extracts/none",
                "/audit",
                "/settings/users",
                "/settings/clients",
                "/settings/keys",
                "/account",
                "/set-up",
                "/no-such-page")) {
            keep(visitor.get(path));
        }
        assertThat(SEEN).anyMatch(text -> text.contains("Canary") && text.contains("canaries"));
    }

    private static void keep(HttpResponse<String> page) {
        SEEN.add(page.uri() + " " + page.headers().map() + page.body());
    }

    private static void keepTokens(String which, JsonNode session) {
        SECRETS.put(
                "access token " + which, signatureOf(session.path("accessToken").asString()));
        SECRETS.put("refresh token " + which, session.path("refreshToken").asString());
    }

    /** Secrets come to where none belongs, too: in the wrong member, header, path, or in JSON that breaks off. */
    private static void askAtTheWrongPlaces() {
        var secret = canary("secret in the wrong place");
        send("POST", "/api/v1/triggers", "{\"specversion\": \"1.0\", \"password\": \"" + secret);
        send(
                "PUT",
                "/api/v1/systems/wrong",
                "{\"credentials\": {\"x\": {\"type\": \"" + secret + "\", \"password\": 1}}}");
        platform.send("GET", "/api/v1/runs", Map.of("X-Api-Key", secret), new byte[0]);
        new Http(stack.platformUrl())
                .send("GET", "/api/v1/runs", Map.of("Authorization", "Bearer " + secret), new byte[0], SOON);
        new Http(stack.platformUrl())
                .send(
                        "POST",
                        "/oauth2/token",
                        Map.of(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        ("canary-client:" + secret).getBytes(StandardCharsets.UTF_8)),
                                "Content-Type",
                                "application/x-www-form-urlencoded"),
                        "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8),
                        SOON);
    }

    private static Answer send(String method, String path, String body) {
        return platform.send(
                method,
                path,
                Map.of("Content-Type", "application/json", "If-None-Match", "*"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    // --- the search

    private static List<String> everyReadablePath() {
        var paths = new TreeSet<String>();
        var documented = platform.get("/v3/api-docs").expect(200).json().path("paths");
        documented.propertyNames().forEach(path -> {
            if (!documented.path(path).has("get")) {
                return;
            }
            if (!path.contains("{")) {
                paths.add(path);
                return;
            }
            for (var known : List.of(SYSTEM, "canaries", "canary-client", "canary-person", "1")) {
                paths.add(path.replaceAll("\\{[^}]*}", known));
            }
        });
        for (var run : platform.get("/api/v1/runs?group=canaries").json().path("items")) {
            paths.add("/api/v1/runs/" + run.path("runId").asString());
            paths.add("/api/v1/triggers/" + run.path("triggerId").asString());
            for (var task : platform.run(run.path("runId").asString()).path("taskRuns")) {
                paths.add("/api/v1/task-runs/" + task.path("taskRunId").asString());
            }
        }
        paths.add("/actuator/prometheus");
        paths.add("/actuator/health");
        paths.add("/v3/api-docs");
        paths.add("/api/v1/triggers?source=/system-tests&id=canary-1");
        // A stream of events has no end to wait for.
        paths.removeIf(path -> path.endsWith("/events"));
        return List.copyOf(paths);
    }

    private static void assertClean(String where, String text) {
        assertThat(found(text)).as(where).isEmpty();
    }

    /** The names of the secrets in the text, in the clear or in base64. */
    private static List<String> found(String text) {
        var names = new ArrayList<String>();
        SECRETS.forEach((name, secret) -> {
            var encoded = Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
            if (text.contains(secret) || text.contains(encoded)) {
                names.add(name);
            }
        });
        return names;
    }

    /** The part of a token that makes it one; its claims are no secret. */
    private static String signatureOf(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }
}
