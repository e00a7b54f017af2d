package io.syncline.portal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A data provider or consumer with scripted answers, for those who show the token that it takes. */
final class FakeDataService implements AutoCloseable {

    private record Answer(int status, String json) {}

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile int refusals;

    FakeDataService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on a GET of {@code path} is answered like this. */
    void answers(String path, int status, String json) {
        answers.put(path, new Answer(status, json));
    }

    /** The next requests are answered 401. */
    void refuses(int requests) {
        refusals = requests;
    }

    /** Nothing is answered until {@link #reset}. */
    void holdsBack() {
        held = new CountDownLatch(1);
    }

    /** As method, path and query. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** That were shown. */
    List<String> tokens() {
        return List.copyOf(tokens);
    }

    void reset() {
        held.countDown();
        refusals = 0;
        answers.clear();
        requests.clear();
        tokens.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            held.await();
            var found = answers.getOrDefault(
                    exchange.getRequestURI().getPath(),
                    new Answer(404, "{\"type\":\"https://syncline.io/problems/none\",\"title\":\"There is none\"}"));
            if (refusals > 0) {
                refusals--;
                found = new Answer(401, "{\"type\":\"https://syncline.io/problems/unauthorized\",\"title\":\"No\"}");
            }
            var body = found.json().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", found.status() < 400 ? "application/json" : "application/problem+json");
            exchange.sendResponseHeaders(found.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        held.countDown();
        server.stop(0);
    }
}
