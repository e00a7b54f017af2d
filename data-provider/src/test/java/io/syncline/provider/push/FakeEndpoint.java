package io.syncline.provider.push;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.outbox.WebhookSigner;
import io.syncline.outbox.WebhookSigner.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A subscriber's server on loopback, which answers as a test wants it and keeps what it was sent. */
final class FakeEndpoint implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** One call. */
    record Call(Map<String, List<String>> headers, byte[] body, int answered) {

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().get(0))
                    .findFirst()
                    .orElse("");
        }

        JsonNode event() {
            return JSON.readTree(body);
        }

        String key() {
            return event().get("partitionkey").stringValue();
        }

        Verdict verdict(String secret) {
            return new WebhookSigner(List.of(secret))
                    .verify(
                            header(WebhookSigner.ID),
                            header(WebhookSigner.TIMESTAMP),
                            header(WebhookSigner.SIGNATURE),
                            body,
                            Instant.now());
        }
    }

    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile IntUnaryOperator status = call -> 204;
    private volatile String location = "";

    FakeEndpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "fake-endpoint");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::take);
        server.start();
    }

    private synchronized void take(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        var id = exchange.getRequestHeaders().getFirst(WebhookSigner.ID);
        int answer = status.applyAsInt((int) calls.stream()
                .filter(call -> call.header(WebhookSigner.ID).equals(id))
                .count());
        calls.add(new Call(Map.copyOf(exchange.getRequestHeaders()), body, answer));
        if (!location.isEmpty()) {
            exchange.getResponseHeaders().set("Location", location);
        }
        var text = "said".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer, answer == 204 ? -1 : text.length);
        if (answer != 204) {
            exchange.getResponseBody().write(text);
        }
        exchange.close();
    }

    /** @param status of the n-th call with one id, from 0 on */
    void answer(IntUnaryOperator status) {
        this.status = status;
    }

    void redirectTo(String location) {
        this.location = location;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    List<Call> calls() {
        return calls;
    }

    List<Call> taken() {
        return calls.stream().filter(call -> call.answered() / 100 == 2).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
