package io.syncline.systemtests;

import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.PlatformApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An upstream that is asked whether it has what its messages tell of; it answers who knows its password. */
final class VerifiedSource implements AutoCloseable {

    private final String password = UUID.randomUUID().toString();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger strangers = new AtomicInteger();
    private volatile int status = 404;
    private int port;
    private @Nullable HttpServer server;

    VerifiedSource() {
        open();
    }

    /** Answers at the address that it had before. */
    void open() {
        try {
            var opened = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
            port = opened.getAddress().getPort();
            var expected = "Basic "
                    + Base64.getEncoder().encodeToString(("syncline:" + password).getBytes(StandardCharsets.UTF_8));
            opened.createContext("/", exchange -> {
                var known = expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
                if (known) {
                    asked.add(exchange.getRequestURI().toString());
                } else {
                    strangers.incrementAndGet();
                }
                exchange.sendResponseHeaders(known ? status : 401, -1);
                exchange.close();
            });
            opened.start();
            server = opened;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    void answers(int status) {
        this.status = status;
    }

    /** Paths and queries that came, as they were written. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    int strangers() {
        return strangers.get();
    }

    void putSystem(PlatformApi platform, String key) {
        platform.put(
                "/api/v1/systems/" + key,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "System",
                        "key",
                        key,
                        "instances",
                        List.of("http://127.0.0.1:" + port),
                        "auth",
                        Map.of("type", "basic", "credential", "own"),
                        "credentials",
                        Map.of("own", Map.of("type", "basic", "username", "syncline", "password", password))));
    }

    /** A group of one task at {@code downstream}; messages of type {@code <key>.ready} are looked up at {@code system}. */
    static void putGroup(
            PlatformApi platform, String key, String system, String downstream, Map<String, Object> times) {
        var verify = new HashMap<>(times);
        verify.putAll(Map.of("system", system, "path", "/extracts/{id}?day={data.date}"));
        platform.put(
                "/api/v1/groups/" + key,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        key,
                        "triggers",
                        List.of(Map.of("source", Documents.SOURCE, "type", key + ".ready", "verify", verify)),
                        "defaults",
                        Documents.defaults("PT0.5S"),
                        "tasks",
                        List.of(Map.of("key", "work", "mode", "ASYNC", "system", downstream, "path", "/work"))));
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }
}
