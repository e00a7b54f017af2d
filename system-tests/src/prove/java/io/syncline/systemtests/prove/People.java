package io.syncline.systemtests.prove;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is told of alerts: a webhook that writes down every message, and refuses them for a while where it is told to. */
final class People implements AutoCloseable {

    static final String CHANNEL = "people";
    private static final int SECRET_BYTES = 32;

    private final History history;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean away;

    People(History history) {
        this.history = history;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
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

    static void put(PlatformApi api, int port) {
        api.put(
                "/api/v1/channels/" + CHANNEL,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "Channel",
                        "key",
                        CHANNEL,
                        "type",
                        "webhook",
                        "url",
                        "http://127.0.0.1:" + port + "/",
                        "secret",
                        "whsec_" + Base64.getEncoder().encodeToString(new byte[SECRET_BYTES])));
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var status = away ? 503 : 204;
            if (away) {
                refused.incrementAndGet();
            }
            history.add(
                    "people",
                    "told",
                    "message",
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    "status",
                    status);
            exchange.sendResponseHeaders(status, -1);
        }
    }

    /** From now on until it is called again. */
    void away(boolean now) {
        refused.set(0);
        away = now;
    }

    int refused() {
        return refused.get();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
