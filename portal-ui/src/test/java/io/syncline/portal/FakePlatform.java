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
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The platform's token endpoint and runs as a loopback server with scripted answers. */
public final class FakePlatform implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private volatile String validToken = "none yet";

    public FakePlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on {@code path} (without query) is answered like this. */
    public void answers(String path, int status, String json) {
        answers.put(path, new Answer(status, json));
    }

    /** The token given out last is refused from now on. */
    public void forgetToken() {
        validToken = "forgotten";
    }

    public int tokensGiven() {
        return tokens.get();
    }

    /** Requests to the API since the last {@link #reset()}, as method, path and query. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public void reset() {
        answers.clear();
        requests.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            if (path.equals("/oauth2/token")) {
                token(exchange);
                return;
            }
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (!("Bearer " + validToken).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, "{\"title\":\"no\"}");
                return;
            }
            var answer = answers.getOrDefault(path, new Answer(404, "{\"detail\":\"There is none.\"}"));
            send(exchange, answer.status, answer.json);
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var basic = exchange.getRequestHeaders().getFirst("Authorization");
        // portal:portal-secret
        if (!"Basic cG9ydGFsOnBvcnRhbC1zZWNyZXQ=".equals(basic)
                || !body.equals("grant_type=client_credentials&scope=runs%3Aread")) {
            send(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        validToken = "token-" + tokens.incrementAndGet();
        send(exchange, 200, "{\"access_token\":\"%s\",\"expires_in\":300}".formatted(validToken));
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        var body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Answer(int status, String json) {}
}
