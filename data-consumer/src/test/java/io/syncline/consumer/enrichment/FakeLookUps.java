package io.syncline.consumer.enrichment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/** A provider on loopback that has subscribers and looks them up as the real one does, or as badly as a test wants it. */
final class FakeLookUps implements AutoCloseable {

    private static final int MOST_IDS = 30_000;

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, Map<String, Object>> subscribers = new ConcurrentHashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    final List<List<String>> asked = Collections.synchronizedList(new ArrayList<>());

    /** How an answer fails. */
    enum Fault {
        BUSY,
        NO_LAST_LINE,
        CUT_IN_A_LINE,
        ONE_ID_LESS,
        ONE_ID_TWICE,
        WRONG_COUNT,
        REFUSED
    }

    FakeLookUps() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/datasets/subscribers/lookups", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void has(String id) {
        var row = new LinkedHashMap<String, Object>();
        row.put("customerID", id);
        row.put("gender", "g" + id);
        row.put("tenure", 7);
        row.put("Contract", id.endsWith("9") ? null : "Two \"year\", é");
        subscribers.put(id, row);
    }

    void failNext(Fault... next) {
        synchronized (faults) {
            faults.addAll(List.of(next));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<String> ids = List.of(json.readValue(exchange.getRequestBody().readAllBytes(), String[].class));
            asked.add(ids);
            Fault fault;
            synchronized (faults) {
                fault = faults.poll();
            }
            if (fault == Fault.BUSY || fault == Fault.REFUSED || ids.size() > MOST_IDS) {
                exchange.sendResponseHeaders(fault == Fault.BUSY ? 503 : 413, -1);
                return;
            }
            var text = text(ids, fault).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(text);
        }
    }

    private String text(List<String> ids, Fault fault) {
        var lines = new ArrayList<String>();
        ids.stream().filter(subscribers::containsKey).forEach(id -> lines.add(line(subscribers.get(id))));
        int rows = lines.size();
        ids.stream()
                .filter(id -> !subscribers.containsKey(id))
                .forEach(id -> lines.add("{\"id\":\"%s\",\"found\":false}".formatted(id)));
        var end = "{\"_end\":true,\"rows\":%d,\"notFound\":%d}"
                .formatted(fault == Fault.WRONG_COUNT ? rows + 1 : rows, ids.size() - rows);
        if (fault == Fault.ONE_ID_LESS) {
            lines.remove(0);
        }
        if (fault == Fault.ONE_ID_TWICE) {
            lines.add(0, lines.get(0));
        }
        if (fault != Fault.NO_LAST_LINE && fault != Fault.CUT_IN_A_LINE) {
            lines.add(end);
        }
        var text = String.join("\n", lines);
        return fault == Fault.CUT_IN_A_LINE ? text.substring(0, text.length() - 3) : text + "\n";
    }

    private String line(Map<String, Object> row) {
        return json.writeValueAsString(row);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
