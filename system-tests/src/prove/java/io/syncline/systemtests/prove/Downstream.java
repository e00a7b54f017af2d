package io.syncline.systemtests.prove;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * A downstream as the contract asks for one: the key alone identifies the work, its effect happens once, and a repeat is told
 * how the work stands. It writes down every call, effect and answer, and can be told to behave badly.
 */
final class Downstream implements AutoCloseable {

    /** How it answers, for as long as it is told to. */
    enum Weather {
        FAIR,
        /** 500 and 503. */
        FAILING,
        /** 429 with a Retry-After of every kind. */
        TOO_MANY,
        /** Three of the five seconds of a call. */
        SLOW,
        /** 200 with what is no report. */
        GARBAGE,
        /** Does the work and never answers. */
        MUTE,
        /** An answer that never ends. */
        DRIP,
        /** Does the work and ends the connection without a word. */
        HANGING_UP
    }

    private static final int CALLED_BACK_IN_ALL = 3;
    private static final int MOST_ATTEMPTS = 3;
    private static final List<String> GARBAGE = List.of(
            "<html><body>Welcome</body></html>",
            "{\"status\":\"DONE\"}",
            "{\"status\":\"COMPLETED\",\"taskRunId\":\"another\"}",
            "{\"status\":",
            "[]",
            "null",
            "{\"status\":\"COMPLETED\",\"attempt\":\"one\"}",
            "");

    /** What became of one key. */
    private static final class Work {
        volatile String report = "";
        volatile boolean last;
    }

    private final History history;
    private final HttpServer server;
    private final Callbacks callbacks;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Map<String, Work> known = new ConcurrentHashMap<>();
    private final Set<String> taskRuns = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger spoilt = new AtomicInteger();
    private volatile Weather weather = Weather.FAIR;

    Downstream(History history, Callbacks callbacks) {
        this.history = history;
        this.callbacks = callbacks;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(workers);
        server.createContext("/", this::take);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    int calls() {
        return calls.get();
    }

    /** How many calls met the weather since it last changed. */
    int spoilt() {
        return spoilt.get();
    }

    void weather(Weather now) {
        spoilt.set(0);
        weather = now;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = Http.JSON.readTree(exchange.getRequestBody().readAllBytes());
            var key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"))
                    .replace("\"", "");
            var call = new Call(key, body);
            calls.incrementAndGet();
            call.tell(history);
            var now = weather;
            if (now == Weather.FAIR) {
                answer(exchange, call);
            } else {
                spoilt.incrementAndGet();
                spoil(exchange, call, now);
            }
        }
    }

    private void spoil(HttpExchange exchange, Call call, Weather now) throws IOException {
        switch (now) {
            case FAILING -> send(exchange, call, call.hash() % 2 == 0 ? 500 : 503, "", null, false);
            case TOO_MANY -> tooMany(exchange, call);
            case SLOW -> {
                rest(Duration.ofSeconds(3));
                answer(exchange, call);
            }
            case GARBAGE -> {
                var garbage = GARBAGE.get(Math.floorMod(call.hash() + call.round(), GARBAGE.size()));
                send(exchange, call, 200, garbage, null, false);
            }
            case MUTE -> {
                work(call);
                rest(Duration.ofSeconds(8));
            }
            case DRIP -> drip(exchange);
            default -> {
                work(call);
            }
        }
    }

    private void tooMany(HttpExchange exchange, Call call) throws IOException {
        record Wait(String header, long millis) {}
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2));
        var waits = List.of(
                new Wait("2", 2000),
                new Wait("999999999", Long.MAX_VALUE / 1_000_000),
                new Wait("soon", 0),
                new Wait("-1", 0),
                new Wait(date, 0));
        var wait = waits.get(Math.floorMod(call.hash() + call.round(), waits.size()));
        exchange.getResponseHeaders().set("Retry-After", wait.header());
        history.add(
                "downstream",
                "answer",
                "taskRun",
                call.taskRun(),
                "attempt",
                call.attempt(),
                "round",
                call.round(),
                "status",
                429,
                "retryAfterMs",
                wait.millis());
        exchange.sendResponseHeaders(429, -1);
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 40 && closed.getCount() > 0; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            rest(Duration.ofMillis(200));
        }
        // Whoever is still there is left without an end.
        throw new IOException("dripped");
    }

    private void answer(HttpExchange exchange, Call call) throws IOException {
        var least = call.task().equals(Workload.SLOW) ? 1200 : 20;
        rest(Duration.ofMillis(least + Math.floorMod(call.hash(), 200)));
        var work = work(call);
        if (work.report.isEmpty()) {
            send(exchange, call, 202, "", null, false);
        } else {
            var body = work.report.equals("FAILED")
                    ? "{\"status\":\"FAILED\",\"attempt\":%d,\"retryable\":%s}"
                            .formatted(call.attempt(), !call.isFatal())
                    : "{\"status\":\"COMPLETED\",\"attempt\":%d}".formatted(call.attempt());
            send(exchange, call, 200, body, work.report, work.last);
        }
    }

    /** What the key stands for, done when it first comes. */
    private Work work(Call call) {
        return known.computeIfAbsent(call.key(), key -> {
            var work = new Work();
            taskRuns.add(call.taskRun());
            var fails = call.fails();
            work.last = fails && (call.isFatal() || call.attempt() >= MOST_ATTEMPTS);
            if (!fails) {
                history.add(
                        "downstream",
                        "effect",
                        "key",
                        key,
                        "taskRun",
                        call.taskRun(),
                        "attempt",
                        call.attempt(),
                        "task",
                        call.task(),
                        "trigger",
                        call.trigger());
            }
            var report = fails ? "FAILED" : "COMPLETED";
            if (isCalledBack(call)) {
                callbacks.about(call, report, work.last, () -> work.report = report);
            } else {
                work.report = report;
            }
            return work;
        });
    }

    private static boolean isCalledBack(Call call) {
        return switch (call.task()) {
            case Workload.CALLED_BACK, Workload.SLOW, "left" -> true;
            case Workload.FLAKY -> Math.floorMod(call.hash(), CALLED_BACK_IN_ALL) == 0;
            default -> false;
        };
    }

    private void send(HttpExchange exchange, Call call, int status, String body, String report, boolean last)
            throws IOException {
        history.add(
                "downstream",
                "answer",
                "taskRun",
                call.taskRun(),
                "attempt",
                call.attempt(),
                "round",
                call.round(),
                "status",
                status,
                "report",
                report,
                "final",
                last);
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private void rest(Duration span) {
        try {
            closed.await(span.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        workers.shutdownNow();
    }

    /** One request. */
    record Call(String key, JsonNode body) {

        void tell(History history) {
            var work = String.join(
                    " ",
                    task(),
                    body.path("businessKey").asString(""),
                    body.path("parameters").toString(),
                    body.path("trigger").toString());
            history.add(
                    "downstream",
                    "call",
                    "key",
                    key,
                    "taskRun",
                    taskRun(),
                    "run",
                    body.path("runId").asString(""),
                    "task",
                    task(),
                    "attempt",
                    attempt(),
                    "round",
                    round(),
                    "trigger",
                    trigger(),
                    "work",
                    Integer.toHexString(work.hashCode()));
        }

        String taskRun() {
            return body.path("taskRunId").asString("");
        }

        String task() {
            return body.path("task").asString("");
        }

        int attempt() {
            return body.path("attempt").asInt();
        }

        int round() {
            return body.path("round").asInt();
        }

        String trigger() {
            return body.path("trigger").path("id").asString("");
        }

        /** The same in every run of one seed. */
        int hash() {
            return Math.floorMod((trigger() + task() + attempt()).hashCode() * 31, 10_007);
        }

        boolean fails() {
            return task().equals(Workload.HOPELESS)
                    || task().equals(Workload.FLAKY) && hash() % 10 < 6 - 2 * (attempt() - 1);
        }

        boolean isFatal() {
            return task().equals(Workload.HOPELESS) || hash() % 25 == 0;
        }
    }
}
