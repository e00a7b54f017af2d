package io.syncline.systemtests.bench;

import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;

/** Stands in for the platform where a service is measured alone: it shows its keys, signs tokens and gives any client one to read data. */
final class SigningPlatform implements AutoCloseable {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int COORDINATE = 32;
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private final HttpServer server;
    private final KeyPair keys;

    SigningPlatform() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (GeneralSecurityException | IOException trouble) {
            throw new IllegalStateException("the stand-in of the platform does not start", trouble);
        }
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "signing-platform");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/.well-known/jwks.json", exchange -> {
            var point = ((ECPublicKey) keys.getPublic()).getW();
            var key = Map.of(
                    "kty",
                    "EC",
                    "crv",
                    "P-256",
                    "kid",
                    "bench",
                    "alg",
                    "ES256",
                    "use",
                    "sig",
                    "x",
                    coordinate(point.getAffineX().toByteArray()),
                    "y",
                    coordinate(point.getAffineY().toByteArray()));
            var body = Http.JSON.writeValueAsBytes(Map.of("keys", List.of(key)));
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/oauth2/token", exchange -> {
            exchange.getRequestBody().readAllBytes();
            var body = Http.JSON.writeValueAsBytes(Map.of(
                    "access_token", token("data:read"), "token_type", "Bearer", "expires_in", LIFETIME.toSeconds()));
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Good for a quarter of an hour, the longest that a service takes. */
    String token(String scope) {
        var now = Instant.now().getEpochSecond();
        var header = Map.of("alg", "ES256", "typ", "at+jwt", "kid", "bench");
        var claims = Map.of(
                "iss",
                url(),
                "sub",
                "bench",
                "client_id",
                "bench",
                "aud",
                "syncline",
                "scope",
                scope,
                "iat",
                now,
                "exp",
                now + LIFETIME.toSeconds(),
                "jti",
                UUID.randomUUID().toString());
        var signed = part(header) + "." + part(claims);
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException trouble) {
            throw new IllegalStateException("a token cannot be signed", trouble);
        }
    }

    private static String part(Map<String, ?> content) {
        return BASE64.encodeToString(Http.JSON.writeValueAsBytes(content));
    }

    /** A number of 32 bytes, without the sign that Java puts before it, and with the zeros that it leaves out. */
    private static String coordinate(byte[] number) {
        var fixed = new byte[COORDINATE];
        int length = Math.min(number.length, COORDINATE);
        System.arraycopy(number, number.length - length, fixed, COORDINATE - length, length);
        return BASE64.encodeToString(fixed);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
