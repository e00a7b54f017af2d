package io.syncline.client.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.syncline.contracts.StatusReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/** The platform as a downstream sees it, on loopback: keys, tokens, and what takes callbacks and trigger messages. */
public final class FakePlatform implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String kid = "key-" + UUID.randomUUID();
    private final KeyPair keys = Jwts.SIG.ES256.keyPair().build();
    private final List<ReceivedCallback> callbacks = new CopyOnWriteArrayList<>();
    private final List<String> triggers = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokenRequests = new AtomicInteger();
    private final AtomicInteger keyRequests = new AtomicInteger();
    private volatile Function<ReceivedCallback, PlatformReply> callbackReply = callback -> PlatformReply.applied();
    private volatile Function<String, PlatformReply> triggerReply =
            event -> new PlatformReply(202, Map.of(), "{\"status\": \"ACCEPTED\"}");
    private volatile PlatformReply keysReply = new PlatformReply(200, Map.of(), "");

    private FakePlatform(HttpServer server) {
        this.server = server;
    }

    /** On a free port of the loopback address. */
    public static FakePlatform start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var platform = new FakePlatform(server);
            server.createContext("/.well-known/jwks.json", platform::serveKeys);
            server.createContext("/oauth2/token", platform::serveToken);
            server.createContext("/api/v1/task-runs/", platform::takeCallback);
            server.createContext("/api/v1/triggers", platform::takeTrigger);
            server.setExecutor(platform.threads);
            server.start();
            return platform;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The token that the platform sends with its calls to the system. */
    public String callToken(String system) {
        return token(system, Instant.now().plusSeconds(300), "at+jwt", url(), keys);
    }

    /** An access token for APIs, with these scopes. */
    public String apiToken(String... scopes) {
        return Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(kid)
                .and()
                .issuer(url())
                .subject("a-client")
                .claim("aud", "syncline")
                .id(UUID.randomUUID().toString())
                .claim("scope", String.join(" ", scopes))
                .issuedAt(Date.from(Instant.now()))
                .expiration(Date.from(Instant.now().plusSeconds(300)))
                .signWith(keys.getPrivate())
                .compact();
    }

    public String expiredToken(String system) {
        return token(system, Instant.now().minusSeconds(120), "at+jwt", url(), keys);
    }

    public String wrongTypeToken(String system) {
        return token(system, Instant.now().plusSeconds(300), "JWT", url(), keys);
    }

    public String wrongIssuerToken(String system) {
        return token(system, Instant.now().plusSeconds(300), "at+jwt", "https://elsewhere.example.com", keys);
    }

    /** Names the platform's key, but is signed by another. */
    public String forgedToken(String system) {
        return token(
                system,
                Instant.now().plusSeconds(300),
                "at+jwt",
                url(),
                Jwts.SIG.ES256.keyPair().build());
    }

    /** Without a signature. */
    public String unsignedToken(String system) {
        var header = "{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}";
        var body = callToken(system).split("\\.")[1];
        return base64(header) + "." + body + ".";
    }

    /** Signed with the public key as if it were a shared secret. */
    public String confusedAlgorithmToken(String system) {
        var header = base64("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}");
        var body = callToken(system).split("\\.")[1];
        try {
            var mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(keys.getPublic().getEncoded(), "HmacSHA256"));
            var signed = header + "." + body;
            var signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "."
                    + java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Points to keys of its own making. */
    public String foreignKeysToken(String system, String jwksUrl) {
        var own = Jwts.SIG.ES256.keyPair().build();
        return Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(kid)
                .add("jku", jwksUrl)
                .and()
                .issuer(url())
                .claim("aud", system)
                .expiration(Date.from(Instant.now().plusSeconds(300)))
                .signWith(own.getPrivate())
                .compact();
    }

    /** Every way that is known of forging, confusing or misspelling a token for calls to the system. */
    public TokenAttacks attacks(String system) {
        return new TokenAttacks(kid, keys, Map.of("iss", url(), "sub", "syncline", "aud", system), Instant.now());
    }

    private String token(String audience, Instant end, String type, String issuer, KeyPair signer) {
        return Jwts.builder()
                .header()
                .type(type)
                .keyId(kid)
                .and()
                .issuer(issuer)
                .subject("syncline")
                .claim("aud", audience)
                .id(UUID.randomUUID().toString())
                .issuedAt(Date.from(end.minusSeconds(300)))
                .expiration(Date.from(end))
                .signWith(signer.getPrivate())
                .compact();
    }

    /** Every callback that came, in order of arrival, answered or not. */
    public List<ReceivedCallback> callbacks(String taskRunId) {
        return callbacks.stream()
                .filter(callback -> callback.taskRunId().equals(taskRunId))
                .toList();
    }

    /** Every trigger message that came, as JSON text. */
    public List<String> triggers() {
        return List.copyOf(triggers);
    }

    public int tokenRequests() {
        return tokenRequests.get();
    }

    public int keyRequests() {
        return keyRequests.get();
    }

    public void onCallback(Function<ReceivedCallback, PlatformReply> reply) {
        this.callbackReply = reply;
    }

    public void onTrigger(Function<String, PlatformReply> reply) {
        this.triggerReply = reply;
    }

    /** With a status other than 200 the keys are not served. */
    public void onKeys(PlatformReply reply) {
        this.keysReply = reply;
    }

    public void takeEverything() {
        onCallback(callback -> PlatformReply.applied());
        onTrigger(event -> new PlatformReply(202, Map.of(), "{\"status\": \"ACCEPTED\"}"));
        onKeys(new PlatformReply(200, Map.of(), ""));
    }

    private void serveKeys(HttpExchange exchange) throws IOException {
        keyRequests.incrementAndGet();
        if (keysReply.status() != 200) {
            answer(exchange, keysReply);
            return;
        }
        var jwk = Jwks.builder().key((ECPublicKey) publicKey()).id(kid).build();
        answer(exchange, new PlatformReply(200, Map.of(), "{\"keys\": [" + Jwks.json(jwk) + "]}"));
    }

    private PublicKey publicKey() {
        return keys.getPublic();
    }

    private void serveToken(HttpExchange exchange) throws IOException {
        tokenRequests.incrementAndGet();
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null || !authorization.startsWith("Basic ")) {
            answer(exchange, new PlatformReply(401, Map.of(), "{\"error\": \"invalid_client\"}"));
            return;
        }
        var scope = form.replaceAll(".*scope=([^&]*).*", "$1").replace('+', ' ').replace("%3A", ":");
        var token = apiToken(scope.contains("=") ? "" : scope);
        answer(
                exchange,
                new PlatformReply(
                        200,
                        Map.of(),
                        "{\"access_token\": \"" + token + "\", \"token_type\": \"Bearer\", \"expires_in\": 300}"));
    }

    private void takeCallback(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var path = exchange.getRequestURI().getPath().split("/");
        var authorization = exchange.getRequestHeaders().getFirst("Authorization");
        var token = authorization == null ? "" : authorization.replaceFirst("^Bearer ", "");
        var report = JSON.readValue(body, StatusReport.class);
        var traceparent = exchange.getRequestHeaders().getFirst("traceparent");
        var tracestate = exchange.getRequestHeaders().getFirst("tracestate");
        var reply = callbackReply.apply(new ReceivedCallback(path[4], token, body, report, traceparent, tracestate, 0));
        callbacks.add(new ReceivedCallback(path[4], token, body, report, traceparent, tracestate, reply.status()));
        answer(exchange, reply);
    }

    private void takeTrigger(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        triggers.add(body);
        answer(exchange, triggerReply.apply(body));
    }

    private static void answer(HttpExchange exchange, PlatformReply reply) throws IOException {
        try (exchange) {
            if (reply.status() == 0) {
                return;
            }
            var body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            reply.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String base64(String text) {
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
