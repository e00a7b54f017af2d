package io.syncline.client.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.syncline.client.ClientProperties;
import io.syncline.client.platform.PlatformHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PlatformKeysTest {

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile List<String> published = List.of("old", "new");
    private volatile int status = 200;
    private HttpServer platform;
    private long nanos;
    private PlatformKeys keys;

    @BeforeEach
    void start() throws IOException {
        platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        platform.createContext("/jwks", exchange -> {
            fetches.incrementAndGet();
            var body = jwks().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        platform.start();
        var url = "http://127.0.0.1:" + platform.getAddress().getPort();
        var properties = new Binder(new MapConfigurationPropertySource(Map.of("syncline.client.platform-url", url)))
                .bindOrCreate("syncline.client", ClientProperties.class);
        keys = new PlatformKeys(new PlatformHttp(properties), url + "/jwks", () -> nanos);
    }

    @AfterEach
    void stop() {
        platform.stop(0);
    }

    private String jwks() {
        var x = new StringBuilder("{\"keys\": [");
        for (var kid : published) {
            var key = (ECPublicKey) Jwts.SIG.ES256.keyPair().build().getPublic();
            var jwk = Jwks.builder().key(key).id(kid).algorithm("ES256").build();
            x.append(x.charAt(x.length() - 1) == '[' ? "" : ", ")
                    .append("{\"kty\": \"EC\", \"crv\": \"P-256\", \"alg\": \"ES256\", \"use\": \"sig\", \"kid\": \"")
                    .append(kid)
                    .append("\", \"x\": \"")
                    .append(jwk.get("x"))
                    .append("\", \"y\": \"")
                    .append(jwk.get("y"))
                    .append("\"}");
        }
        return x.append("]}").toString();
    }

    @Test
    void aRevokedKeyIsRefusedAfterAMinuteHoweverLongNoTokenCame() {
        assertThat(keys.find("old")).isPresent();
        published = List.of("new");
        nanos = Duration.ofHours(3).toNanos();

        assertThat(keys.find("old")).isEmpty();
        assertThat(keys.find("new")).isPresent();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void withinTheMinuteNothingIsFetched() {
        assertThat(keys.find("old")).isPresent();
        nanos = Duration.ofSeconds(59).toNanos();

        assertThat(keys.find("old")).isPresent();
        assertThat(keys.find("unknown")).isEmpty();
        assertThat(fetches).hasValue(1);
    }

    @Test
    void knownKeysStandWhileThePlatformIsAway() {
        assertThat(keys.find("old")).isPresent();
        status = 503;
        nanos = Duration.ofHours(3).toNanos();

        assertThat(keys.find("old")).isPresent();
        assertThat(keys.find("new")).isPresent();
    }
}
