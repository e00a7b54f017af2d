package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.scheduler.SchedulerPlatform;
import io.syncline.scheduler.store.SteadyClock;
import io.syncline.scheduler.testing.RootClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two nodes over one PostgreSQL, callers of all kinds that never stop, and an operator who rotates and revokes. The times
 * are cut: nodes read keys every 0.2 s, a next key is published 3 s ahead, a downstream keeps the key set for 1 s.
 */
class KeyRotationUnderLoadIT {

    private static final String ISSUER = "https://sync.example.com";
    private static final String TASK_RUN = "019aa000-0000-7000-8000-000000000001";
    private static final int ROTATIONS = 4;
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static EmbeddedPostgres postgres;
    private static List<Node> nodes = List.of();

    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> good = new ConcurrentHashMap<>();
    private volatile boolean over;

    @BeforeAll
    static void startTwoNodes() throws IOException {
        postgres = EmbeddedPostgres.start();
        nodes = List.of(new Node(), new Node());
    }

    @AfterAll
    static void stop() throws IOException {
        nodes.forEach(node -> node.context.close());
        postgres.close();
    }

    private static final class Node {

        final ConfigurableApplicationContext context = new SpringApplicationBuilder(SchedulerPlatform.class)
                .run(
                        "--server.port=0",
                        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=postgres",
                        "--syncline.database.migrate=true",
                        "--syncline.database.allow-unsafe-durability=true",
                        "--syncline.bootstrap.client.id=root",
                        "--syncline.bootstrap.client.secret=" + RootClient.SECRET,
                        "--syncline.public-url=" + ISSUER,
                        "--syncline.keys.read-every=PT0.2S",
                        "--syncline.keys.lead=PT3S",
                        "--syncline.dispatch.enabled=false");
        final int port =
                ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        final PlatformTokens platformTokens = context.getBean(PlatformTokens.class);
        final CallbackTokens callbackTokens = context.getBean(CallbackTokens.class);
        final SteadyClock clock = context.getBean(SteadyClock.class);

        HttpResponse<String> send(String method, String path, String authorization, String body) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .header("Authorization", authorization)
                    .header(
                            "Content-Type",
                            path.startsWith("/oauth2") ? "application/x-www-form-urlencoded" : "application/json")
                    .method(method, BodyPublishers.ofString(body))
                    .build();
            try {
                return HTTP.send(request, BodyHandlers.ofString());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        String token(String client, String secret) {
            var basic = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
            var answer = send("POST", "/oauth2/token", "Basic " + basic, "grant_type=client_credentials");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body()).get("access_token").stringValue();
        }

        int call(String token) {
            return send("GET", "/api/v1/runs?limit=1", "Bearer " + token, "").statusCode();
        }

        /** 404 is the answer to a good token: there is no such task run. */
        int callBack(String token) {
            return send("POST", "/api/v1/task-runs/" + TASK_RUN + "/callbacks", "Bearer " + token, "{}")
                    .statusCode();
        }
    }

    private static String kid(String token) {
        return String.valueOf(StrictJws.read(token).header().get("kid"));
    }

    private void isGood(String kind) {
        good.computeIfAbsent(kind, name -> new AtomicInteger()).incrementAndGet();
    }

    // --- the callers

    /** Takes a token here, uses it here and there, and goes on using the first one it ever got. */
    private void beAClient(Node here, Node there, String secret) {
        var first = here.token("robot", secret);
        while (!over) {
            var token = here.token("robot", secret);
            for (var node : nodes) {
                expect("fresh token", token, node.call(token), 200);
                expect("first token", first, node.call(first), 200);
            }
            expect("fresh token", token, there.call(token), 200);
        }
    }

    private void expect(String kind, String token, int status, int expected) {
        if (status == expected) {
            isGood(kind);
        } else if (!(status == 401 && revoked.contains(kid(token)))) {
            lost.add(kind + " of " + kid(token) + ": " + status);
        }
    }

    private void beADownstreamThatReports(Node here) {
        var first = here.callbackTokens.issue(TASK_RUN, 1, here.clock.now().plus(Duration.ofDays(1)));
        for (int attempt = 2; !over; attempt++) {
            var token = here.callbackTokens.issue(
                    TASK_RUN, attempt, here.clock.now().plus(Duration.ofHours(1)));
            for (var node : nodes) {
                for (var one : List.of(first, token)) {
                    var status = node.callBack(one);
                    if (status == 404) {
                        isGood("callback");
                    } else {
                        lost.add("callback: " + status);
                    }
                }
            }
        }
    }

    /** Keeps the key set for a second and never asks for an unknown key before that. */
    private void beADownstreamThatIsCalled(Node asked) throws JwkSet.BadSetException {
        var verifier = new StrictJws(asked.clock);
        var policy = new StrictJws.Policy(
                Set.of("at+jwt"),
                false,
                StrictJws.ALGORITHMS,
                ISSUER,
                Set.of("crm"),
                Duration.ofMinutes(5),
                Set.of("sub", "jti"));
        JwkSet set = null;
        var readAt = 0L;
        while (!over) {
            if (set == null
                    || System.nanoTime() - readAt > Duration.ofSeconds(1).toNanos()) {
                readAt = System.nanoTime();
                set = JwkSet.published(asked.send("GET", "/.well-known/jwks.json", "none", "")
                        .body()
                        .getBytes(StandardCharsets.UTF_8));
            }
            var keys = set;
            for (var node : nodes) {
                var token = node.platformTokens.forSystem("crm");
                try {
                    verifier.verify(StrictJws.read(token), policy, keys::find);
                    isGood("platform token");
                } catch (org.springframework.security.oauth2.jwt.BadJwtException e) {
                    if (!revoked.contains(kid(token))) {
                        lost.add("platform token of " + kid(token) + ": " + e.getMessage());
                    }
                }
            }
        }
    }

    // --- the operator

    private static String admin() {
        return "Bearer " + nodes.get(0).token("root", RootClient.SECRET);
    }

    private static List<JsonNode> keys(String purpose, String state) {
        var answer = nodes.get(1).send("GET", "/api/v1/keys", admin(), "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var found = new ArrayList<JsonNode>();
        for (var key : JSON.readTree(answer.body()).get("items")) {
            if (key.get("purpose").stringValue().equals(purpose)
                    && key.get("state").stringValue().equals(state)) {
                found.add(key);
            }
        }
        return found;
    }

    private static void rotate(Node node, String purpose) {
        var body = "{\"reason\": \"under load\", \"purpose\": \"" + purpose + "\"}";
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> node.send("POST", "/api/v1/keys/rotate", admin(), body)
                                .statusCode(),
                        status -> status == 200);
    }

    private static HttpResponse<String> revoke(Node node, String kid) {
        return node.send("POST", "/api/v1/keys/" + kid + "/revoke", admin(), "{\"reason\": \"laptop stolen\"}");
    }

    @Test
    void rotationsAndARevocationLoseNoValidCall() throws Exception {
        var one = nodes.get(0);
        var two = nodes.get(1);
        var secret = newClient();
        var callers = new HashMap<String, Callable<Void>>();
        for (var node : nodes) {
            var other = node == one ? two : one;
            callers.put("client of " + node.port, () -> {
                beAClient(node, other, secret);
                return null;
            });
            callers.put("reporting downstream of " + node.port, () -> {
                beADownstreamThatReports(node);
                return null;
            });
            callers.put("called downstream of " + node.port, () -> {
                beADownstreamThatIsCalled(node);
                return null;
            });
        }
        var threads = Executors.newFixedThreadPool(callers.size());
        var running = new ArrayList<Future<Void>>();
        try {
            callers.values().forEach(caller -> running.add(threads.submit(caller)));

            for (int turn = 0; turn < ROTATIONS; turn++) {
                rotate(nodes.get(turn % 2), "TOKEN");
                rotate(nodes.get(turn % 2), "CALLBACK");
            }
            assertThat(lost).isEmpty();
            assertThat(keys("TOKEN", "RETIRED")).hasSize(ROTATIONS);
            assertThat(keys("CALLBACK", "RETIRED")).hasSize(ROTATIONS);
            revokeTheCurrentKey(one, two, secret);
        } finally {
            over = true;
            threads.shutdown();
        }

        for (var caller : running) {
            finished(caller);
        }
        assertThat(lost).isEmpty();
        assertThat(good.keySet()).containsExactlyInAnyOrder("fresh token", "first token", "callback", "platform token");
        assertThat(good.values()).allSatisfy(count -> assertThat(count.get()).isGreaterThan(50));
    }

    private void revokeTheCurrentKey(Node one, Node two, String secret) {
        // The next one has been known for its lead when it takes over.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> one.clock
                        .now()
                        .isAfter(java.time.Instant.parse(keys("TOKEN", "NEXT")
                                        .get(0)
                                        .get("createdAt")
                                        .stringValue())
                                .plusSeconds(3)));
        var current = keys("TOKEN", "CURRENT").get(0).get("kid").stringValue();
        var next = keys("TOKEN", "NEXT").get(0).get("kid").stringValue();
        var token = one.token("robot", secret);
        assertThat(kid(token)).isEqualTo(current);
        assertThat(two.call(token)).isEqualTo(200);

        revoked.add(current);
        var answer = revoke(one, current);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(one.call(token)).isEqualTo(401);
        var refreshed = one.token("robot", secret);
        assertThat(kid(refreshed)).isEqualTo(next);
        assertThat(one.call(refreshed)).isEqualTo(200);
        assertThat(two.call(refreshed)).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60)).until(() -> two.call(token) == 401);
        assertThat(two.call(two.token("robot", secret))).isEqualTo(200);
        assertThat(one.send("GET", "/.well-known/jwks.json", "none", "").body())
                .contains(next)
                .doesNotContain(current);
        assertThat(revoke(two, current).body())
                .as("the same answer to a second revocation")
                .isEqualTo(answer.body());
        assertThat(revoke(two, "unknown").statusCode()).isEqualTo(404);
    }

    private static String newClient() {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + nodes.get(0).port + "/api/v1/clients/robot"))
                .header("Authorization", admin())
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("{\"scopes\": [\"runs:read\"]}"))
                .build();
        try {
            return JSON.readTree(HTTP.send(request, BodyHandlers.ofString()).body())
                    .get("clientSecret")
                    .stringValue();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void finished(Future<Void> caller) throws ExecutionException, InterruptedException {
        caller.get();
    }
}
