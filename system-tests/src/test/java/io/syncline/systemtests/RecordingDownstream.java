package io.syncline.systemtests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A downstream system of the tests' own making: verifies the platform's tokens against its published keys, keeps one
 * effect for each idempotency key, counts the calls in flight, and answers and calls back as it is told.
 */
public final class RecordingDownstream implements AutoCloseable {

    /** One request as it came in. */
    public record Call(
            String key,
            String path,
            int attempt,
            int round,
            Instant at,
            int inFlight,
            String traceparent,
            JsonNode body) {

        /** The task run and attempt that the key names. */
        public String taskRunId() {
            return key.substring(0, key.lastIndexOf('.'));
        }
    }

    /**
     * An answer.
     *
     * @param hold how long the work takes before it
     * @param held runs when that is over and the answer has not been sent
     * @param after runs when it has been sent, as a worker that goes on would
     */
    public record Reply(int status, String contentType, String body, Duration hold, Runnable held, Runnable after) {

        private static final Runnable NOTHING = () -> {};

        public Reply(int status, String contentType, String body, Duration hold, Runnable after) {
            this(status, contentType, body, hold, NOTHING, after);
        }

        public static Reply status(int status) {
            return new Reply(status, "application/json", "", Duration.ZERO, NOTHING);
        }

        public static Reply html() {
            return new Reply(200, "text/html", "<html><body>Welcome</body></html>", Duration.ZERO, NOTHING);
        }

        public static Reply completed() {
            return new Reply(200, "application/json", "{\"status\":\"COMPLETED\"}", Duration.ZERO, NOTHING);
        }

        public Reply heldFor(Duration hold) {
            return new Reply(status, contentType, body, hold, held, after);
        }

        public Reply onceHeld(Runnable held) {
            return new Reply(status, contentType, body, hold, held, after);
        }

        public Reply then(Runnable after) {
            return new Reply(status, contentType, body, hold, held, after);
        }
    }

    private final String system;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<String> tokenFaults = new CopyOnWriteArrayList<>();
    private final List<Answer> callbackAnswers = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger callbackCount = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Map<String, Key> keys = Map.of();
    private volatile String issuer = "";
    private volatile Function<Call, Reply> script = call -> Reply.status(202);

    public RecordingDownstream(String system) {
        this.system = system;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        server.setExecutor(workers);
        server.createContext("/", this::take);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Believes tokens of this platform alone, by the keys that it publishes now. */
    public void trust(String publicUrl) {
        issuer = publicUrl;
        var text = new Http(publicUrl)
                .send("GET", "/.well-known/jwks.json", Map.of(), new byte[0], Duration.ofSeconds(10))
                .expect(200)
                .text();
        var known = new ConcurrentHashMap<String, Key>();
        for (Jwk<?> jwk : Jwks.setParser().build().parse(text).getKeys()) {
            known.put(jwk.getId(), jwk.toKey());
        }
        keys = known;
    }

    public void answers(Function<Call, Reply> script) {
        this.script = script;
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String taskRunId) {
        return calls.stream().filter(call -> call.taskRunId().equals(taskRunId)).toList();
    }

    /** What was wrong with tokens that came; empty when all were as the contract says. */
    public List<String> tokenFaults() {
        return List.copyOf(tokenFaults);
    }

    public Map<String, AtomicInteger> effects() {
        return effects;
    }

    public List<Answer> callbackAnswers() {
        return List.copyOf(callbackAnswers);
    }

    /** Does the work of this key, once, however often it is asked to. */
    public void doOnce(Call call) {
        effects.computeIfAbsent(call.key(), key -> new AtomicInteger(1));
    }

    /** Calls back until the platform has answered, as the contract asks of a downstream. */
    public void callBack(Call call, String report) {
        var id = "cb-" + callbackCount.incrementAndGet();
        workers.execute(() -> {
            var callback = call.body().path("callback");
            var uri = URI.create(callback.path("url").asString());
            var http = new Http(uri.getScheme() + "://" + uri.getAuthority());
            var body = """
                    {"callbackId": "%s", "attempt": %d, %s}""".formatted(id, call.attempt(), report).getBytes(StandardCharsets.UTF_8);
            var headers = Map.of(
                    "Authorization", "Bearer " + callback.path("token").asString(), "Content-Type", "application/json");
            for (int tries = 0; tries < 60; tries++) {
                try {
                    var answer = http.send("POST", uri.getPath(), headers, body, Duration.ofSeconds(10));
                    if (answer.status() < 500 && answer.status() != 429) {
                        callbackAnswers.add(answer);
                        return;
                    }
                } catch (UncheckedIOException noAnswer) {
                    // Sent again below, under the same callbackId.
                }
                workFor(Duration.ofMillis(250));
            }
        });
    }

    private void take(HttpExchange exchange) throws IOException {
        var now = inFlight.incrementAndGet();
        Reply reply;
        try (exchange) {
            try {
                var body = Http.JSON.readTree(exchange.getRequestBody().readAllBytes());
                checkToken(exchange.getRequestHeaders().getFirst("Authorization"));
                var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
                var call = new Call(
                        key == null ? "" : key.replace("\"", ""),
                        exchange.getRequestURI().getPath(),
                        body.path("attempt").asInt(),
                        body.path("round").asInt(),
                        Instant.now(),
                        now,
                        String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")),
                        body);
                calls.add(call);
                reply = script.apply(call);
                workFor(reply.hold());
                reply.held().run();
            } finally {
                // Before the answer goes out: the platform may use the slot again as soon as it has it.
                inFlight.decrementAndGet();
            }
            var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
        reply.after().run();
    }

    private void checkToken(String authorization) {
        try {
            if (authorization == null || !authorization.startsWith("Bearer ")) {
                throw new IllegalArgumentException("no bearer token");
            }
            var token = Jwts.parser()
                    .keyLocator(header -> keys.get(String.valueOf(header.get("kid"))))
                    .requireIssuer(issuer)
                    .requireAudience(system)
                    .build()
                    .parseSignedClaims(authorization.substring("Bearer ".length()));
            var claims = token.getPayload();
            if (!"at+jwt".equals(token.getHeader().getType())) {
                throw new IllegalArgumentException("typ " + token.getHeader().getType());
            }
            if (claims.getId() == null) {
                throw new IllegalArgumentException("no jti");
            }
            var life = Duration.between(
                    claims.getIssuedAt().toInstant(), claims.getExpiration().toInstant());
            if (!life.equals(Duration.ofMinutes(5))) {
                throw new IllegalArgumentException("lives for " + life);
            }
        } catch (RuntimeException fault) {
            tokenFaults.add(fault.toString());
        }
    }

    /** Lets the time pass that work takes here; none when the downstream is closed. */
    private void workFor(Duration span) {
        try {
            closed.await(span.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        workers.shutdownNow();
    }
}
