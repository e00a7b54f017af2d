package io.syncline.consumer.changes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The change feeds of a provider on loopback; a cursor names how many changes are behind the reader. */
public final class FakeFeed implements AutoCloseable {

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, List<Object>> logs = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger answers = new AtomicInteger();
    volatile int purgedTo;

    public FakeFeed() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(8, task -> {
            var thread = new Thread(task, "fake-feed");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/datasets/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public void add(List<Change> changes) {
        changes.forEach(change -> addRaw(change.dataset(), event(change)));
    }

    /** Something that need not be a change. */
    void addRaw(String dataset, Object event) {
        logs.computeIfAbsent(dataset, name -> new java.util.concurrent.CopyOnWriteArrayList<>())
                .add(event);
    }

    /** The next answers are 503. */
    void failNext(int next) {
        failures.set(next);
    }

    /** As the provider writes it, with names in its own spelling. */
    public static Map<String, @Nullable Object> event(Change change) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("seq", change.seq());
        event.put("id", "e" + change.dataset() + change.seq());
        event.put("dataset", change.dataset());
        event.put("table", change.dataset());
        event.put("op", change.present() ? "UPDATED" : "DELETED");
        event.put("key", change.key());
        event.put("before", null);
        event.put("after", change.present() ? spelled(change.row()) : null);
        event.put("source", Map.of("kind", "OUTBOX", "position", Long.toString(change.seq())));
        event.put("committedAt", change.committedAt().toString());
        return event;
    }

    private static Map<String, @Nullable Object> spelled(Map<String, @Nullable String> row) {
        Map<String, @Nullable Object> spelled = new LinkedHashMap<>();
        var names = Stream.of("userId", "tweetId", "authorId", "followerId", "followedId", "webPageUrl", "joinedDate")
                .toList();
        row.forEach((name, text) -> spelled.put(
                names.stream()
                        .filter(one -> one.equalsIgnoreCase(name))
                        .findFirst()
                        .orElse(name),
                text));
        return spelled;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            answers.incrementAndGet();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            var dataset = exchange.getRequestURI().getPath().split("/")[2];
            int after = 0;
            int limit = 50;
            for (var parameter : exchange.getRequestURI().getQuery().split("&")) {
                var pair = parameter.split("=", 2);
                if (pair[0].equals("after")) {
                    after = Integer.parseInt(pair[1].substring("cursor/+".length()));
                } else if (pair[0].equals("limit")) {
                    limit = Integer.parseInt(pair[1]);
                }
            }
            if (after < purgedTo) {
                exchange.sendResponseHeaders(410, -1);
                return;
            }
            var log = logs.getOrDefault(dataset, List.of());
            var items = new ArrayList<>(log.subList(Math.min(after, log.size()), Math.min(log.size(), after + limit)));
            var body =
                    json.writeValueAsBytes(Map.of("items", items, "nextCursor", "cursor/+" + (after + items.size())));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
