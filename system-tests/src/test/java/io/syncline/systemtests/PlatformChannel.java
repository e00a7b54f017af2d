package io.syncline.systemtests;

import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** Whom the nodes tell of what belongs to no group: a webhook on loopback that takes and keeps every message. */
final class PlatformChannel implements AutoCloseable {

    static final String KEY = "platform-hook";

    private final HttpServer server;
    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();

    PlatformChannel() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        server.createContext("/", exchange -> {
            try (exchange) {
                messages.add(Http.JSON.readTree(exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
    }

    void putTo(PlatformApi platform) {
        platform.put(
                "/api/v1/channels/" + KEY,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "Channel",
                        "key",
                        KEY,
                        "type",
                        "webhook",
                        "url",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/",
                        "secret",
                        "whsec_" + Base64.getEncoder().encodeToString(new byte[32])));
    }

    /** What was told of an incident, in the order in which it came. */
    List<JsonNode> messagesOf(String alertId) {
        return messages.stream()
                .filter(message -> message.path("subject").asString().equals(alertId))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
