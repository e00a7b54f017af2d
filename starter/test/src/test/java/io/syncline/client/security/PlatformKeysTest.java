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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PlatformKeysTest {

    private static final int CALLERS = 40;

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile List<String> published = List.of("old", "new");
    private volatile int status = 200;
    private final AtomicLong nanos = new AtomicLong();
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private volatile Runnable beforeTheAnswer = () -> {};
    private HttpServer platform;
    private PlatformKeys keys;

    @BeforeEach
    void start() throws IOException {
        platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        platform.createContext("/jwks", exchange -> {
            fetches.incrementAndGet();
            beforeTheAnswer.run();
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
        keys = new PlatformKeys(new PlatformHttp(properties), url + "/jwks", nanos::get);
    }

    @AfterEach
    void stop() {
        platform.stop(0);
        callers.shutdownNow();
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
        nanos.set(Duration.ofHours(3).toNanos());

        assertThat(keys.find("old")).isEmpty();
        assertThat(keys.find("new")).isPresent();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void withinTheMinuteNothingIsFetched() {
        assertThat(keys.find("old")).isPresent();
        nanos.set(Duration.ofSeconds(44).toNanos());
        assertThat(keys.find("old")).isPresent();

        nanos.set(Duration.ofSeconds(59).toNanos());
        assertThat(keys.find("unknown")).isEmpty();
        assertThat(fetches).hasValue(1);
    }

    @Test
    void withSteadyTrafficNobodyWaitsForTheRenewal() {
        assertThat(keys.find("old")).isPresent();
        var answer = new CountDownLatch(1);
        beforeTheAnswer = () -> await(answer);
        published = List.of("new");
        nanos.set(Duration.ofSeconds(45).toNanos());

        assertThat(keys.find("old")).isPresent();

        answer.countDown();
        Awaitility.await().until(() -> keys.find("old").isEmpty());
        nanos.set(Duration.ofSeconds(89).toNanos());
        assertThat(keys.find("new")).isPresent();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void theFirstCallersShareOneFetchAndWaitForItAlsoWhenItIsSlow() throws Exception {
        // Slower than a renewal may be: what a fetch needs is loaded by the first one of a process.
        var never = new CountDownLatch(1);
        beforeTheAnswer = () -> await(never, Duration.ofMillis(2500));

        var found =
                all(caller -> () -> keys.find(caller % 2 == 0 ? "old" : "new").isPresent());

        assertThat(found).hasSize(CALLERS).containsOnly(true);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void theFirstCallersAreAllToldWhenTheOneFetchFails() throws Exception {
        var asking = new CountDownLatch(CALLERS);
        status = 503;
        beforeTheAnswer = () -> {
            await(asking);
            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        };

        var refused = all(caller -> () -> {
            asking.countDown();
            try {
                keys.find("old");
                return false;
            } catch (KeysUnavailableException expected) {
                return true;
            }
        });

        assertThat(refused).hasSize(CALLERS).containsOnly(true);
        assertThat(fetches).hasValue(1);
        status = 200;
        beforeTheAnswer = () -> {};
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(keys.find("old")).isPresent();
    }

    @Test
    void theFirstFetchBeginsWithTheServiceWhichDoesNotWaitForIt() {
        var answer = new CountDownLatch(1);
        beforeTheAnswer = () -> await(answer);

        keys.afterSingletonsInstantiated();

        Awaitility.await().untilAtomic(fetches, Matchers.is(1));
        answer.countDown();
        assertThat(keys.find("old")).isPresent();
        assertThat(fetches).hasValue(1);
    }

    @Test
    void manyUnknownKeysShareOneFetch() throws Exception {
        assertThat(keys.find("old")).isPresent();
        nanos.set(Duration.ofSeconds(60).toNanos());

        var empty = all(caller -> () -> keys.find("unknown-" + caller).isEmpty());

        assertThat(empty).hasSize(CALLERS).containsOnly(true);
        assertThat(fetches).hasValue(2);
    }

    private List<Boolean> all(IntFunction<Callable<Boolean>> caller) throws Exception {
        var answers = new ArrayList<Boolean>();
        for (var answer :
                callers.invokeAll(IntStream.range(0, CALLERS).mapToObj(caller).toList())) {
            answers.add(answer.get());
        }
        return answers;
    }

    private static void await(CountDownLatch latch) {
        assertThat(await(latch, Duration.ofSeconds(10))).isTrue();
    }

    private static boolean await(CountDownLatch latch, Duration longest) {
        try {
            return latch.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void knownKeysStandWhileThePlatformIsAway() {
        assertThat(keys.find("old")).isPresent();
        status = 503;
        nanos.set(Duration.ofHours(3).toNanos());

        assertThat(keys.find("old")).isPresent();
        assertThat(keys.find("new")).isPresent();
    }
}
