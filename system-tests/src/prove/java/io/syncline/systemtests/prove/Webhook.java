package io.syncline.systemtests.prove;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of webhooks, which takes each, and refuses them for a while where it is told to. */
final class Webhook implements AutoCloseable {

    /** Is told what came, before it is answered. */
    interface Listener {
        void received(String id, byte[] body, int status);
    }

    private static final int SECRET_BYTES = 32;

    /** Protects nothing. */
    static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[SECRET_BYTES]);

    private final Listener listener;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean away;

    Webhook(Listener listener) {
        this.listener = listener;
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

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var status = away ? 503 : 204;
            if (status == 503) {
                refused.incrementAndGet();
            }
            listener.received(exchange.getRequestHeaders().getFirst("webhook-id"), body, status);
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
