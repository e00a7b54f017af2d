package io.syncline.portal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An OpenID provider on loopback in which one person is signed in already; strict with the portal, and spoiled at will. */
final class FakeIdentityProvider implements AutoCloseable {

    static final String CLIENT = "portal-at-idp";
    static final String SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private final HttpServer server;
    private final RSAKey key;
    private final RSAKey otherKey;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final List<Map<String, String>> begun = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private volatile UnaryOperator<JWTClaimsSet.Builder> spoiling = UnaryOperator.identity();
    private volatile Signing signing = Signing.RIGHT;
    private volatile boolean refusing;
    private volatile boolean isDown;

    enum Signing {
        RIGHT,
        OTHER_KEY,
        CLIENT_SECRET
    }

    FakeIdentityProvider() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("idp-1").generate();
        otherKey = new RSAKeyGenerator(2048).keyID("idp-1").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", this::answer);
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    }

    void reset() {
        spoiling = UnaryOperator.identity();
        signing = Signing.RIGHT;
        refusing = false;
        isDown = false;
        begun.clear();
    }

    void spoils(UnaryOperator<JWTClaimsSet.Builder> change) {
        spoiling = change;
    }

    void signs(Signing how) {
        signing = how;
    }

    /** The person presses "No" there. */
    void refuses() {
        refusing = true;
    }

    void goesDown() {
        isDown = true;
    }

    /** The parameters of each way that began here. */
    List<Map<String, String>> begun() {
        return List.copyOf(begun);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (isDown) {
                send(exchange, 503, "down");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/realm/.well-known/openid-configuration" -> send(exchange, 200, discovery());
                case "/realm/authorize" -> authorize(exchange);
                case "/realm/token" -> token(exchange);
                case "/realm/jwks" -> send(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
                default -> send(exchange, 404, "{}");
            }
        } catch (JOSEException | NoSuchAlgorithmException ours) {
            throw new IOException(ours);
        }
    }

    private String discovery() {
        return """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token","jwks_uri":"%1$s/jwks",
                 "response_types_supported":["code"],"subject_types_supported":["public"],
                 "id_token_signing_alg_values_supported":["RS256","HS256","none"]}""".formatted(issuer());
    }

    private void authorize(HttpExchange exchange) throws IOException {
        var asked = parameters(exchange.getRequestURI().getRawQuery());
        begun.add(asked);
        var whole = "code".equals(asked.get("response_type"))
                && CLIENT.equals(asked.get("client_id"))
                && asked.getOrDefault("scope", "").contains("openid")
                && "S256".equals(asked.get("code_challenge_method"))
                && asked.keySet().containsAll(List.of("state", "nonce", "code_challenge", "redirect_uri"));
        if (!whole) {
            send(exchange, 400, "wrong: " + asked);
            return;
        }
        var code = "code-" + number.incrementAndGet();
        codes.put(code, asked);
        var outcome = refusing ? "error=access_denied" : "code=" + code;
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        asked.get("redirect_uri") + "?" + outcome + "&state="
                                + URLEncoder.encode(asked.get("state"), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange) throws IOException, JOSEException, NoSuchAlgorithmException {
        var sent = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        var begun = codes.remove(sent.getOrDefault("code", ""));
        var basic =
                "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
        if (begun == null
                || !basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                || !begun.get("redirect_uri").equals(sent.get("redirect_uri"))
                || !begun.get("code_challenge").equals(challenge(sent.getOrDefault("code_verifier", "")))) {
            send(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        var now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .subject("8c1f")
                .claim("nonce", begun.get("nonce"))
                .claim("email", "ana@example.com")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
        send(
                exchange,
                200,
                "{\"access_token\":\"at-idp\",\"token_type\":\"Bearer\",\"expires_in\":300,\"id_token\":\"%s\"}"
                        .formatted(signed(spoiling.apply(claims).build())));
    }

    private String signed(JWTClaimsSet claims) throws JOSEException {
        var algorithm = signing == Signing.CLIENT_SECRET ? JWSAlgorithm.HS256 : JWSAlgorithm.RS256;
        JWSSigner signer = switch (signing) {
            case RIGHT -> new RSASSASigner(key);
            case OTHER_KEY -> new RSASSASigner(otherKey);
            case CLIENT_SECRET -> new MACSigner(SECRET);
        };
        var token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID("idp-1").build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String challenge(String verifier) throws NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static Map<String, String> parameters(String form) {
        var parameters = new HashMap<String, String>();
        for (var pair : form.split("&")) {
            var at = pair.indexOf('=');
            parameters.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        var body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
