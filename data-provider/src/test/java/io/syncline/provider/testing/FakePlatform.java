package io.syncline.provider.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.syncline.client.test.TokenAttacks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A real loopback server that signs tokens, shows its keys and keeps the trigger messages it is sent. */
public final class FakePlatform implements AutoCloseable {

    private static final String KID = "k1";

    private final HttpServer server;
    private final KeyPair keys = Jwts.SIG.ES256.keyPair().build();
    private final List<String> triggers = new CopyOnWriteArrayList<>();

    public FakePlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "fake-platform");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/.well-known/jwks.json", exchange -> answer(exchange, 200, jwks()));
        server.createContext(
                "/oauth2/token",
                exchange -> answer(
                        exchange,
                        200,
                        "{\"access_token\":\"" + token("triggers:write")
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":300}"));
        server.createContext("/api/v1/triggers", exchange -> {
            triggers.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, 202, "{\"triggerId\":\"" + UUID.randomUUID() + "\",\"status\":\"ACCEPTED\",\"runs\":[]}");
        });
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<String> triggers() {
        return triggers;
    }

    /** A good token of the client {@code owner}. */
    public String token(String... scopes) {
        return tokenOf("owner", scopes);
    }

    public String tokenOf(String client, String... scopes) {
        return token(client, url(), "syncline", "at+jwt", Instant.now().plusSeconds(300), keys, scopes);
    }

    /** Every known way of forging or confusing a token with this scope. */
    public List<TokenAttacks.Attack> attacks(String scope) {
        return new TokenAttacks(
                        KID,
                        keys,
                        Map.of("iss", url(), "sub", "owner", "client_id", "owner", "aud", "syncline", "scope", scope),
                        Instant.now())
                .all(url() + "/elsewhere");
    }

    private static String token(
            String client,
            String issuer,
            String audience,
            String type,
            Instant expiry,
            KeyPair keys,
            String... scopes) {
        return Jwts.builder()
                .header()
                .type(type)
                .keyId(KID)
                .and()
                .issuer(issuer)
                .subject(client)
                .claim("client_id", client)
                .claim("scope", String.join(" ", scopes))
                .audience()
                .add(audience)
                .and()
                .id(UUID.randomUUID().toString())
                .issuedAt(Date.from(expiry.minusSeconds(300)))
                .expiration(Date.from(expiry))
                .signWith(keys.getPrivate(), Jwts.SIG.ES256)
                .compact();
    }

    private String jwks() {
        var key = (java.security.interfaces.ECPublicKey) keys.getPublic();
        return "{\"keys\":["
                + Jwks.json(Jwks.builder().key(key).id(KID).algorithm("ES256").build()) + "]}";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
