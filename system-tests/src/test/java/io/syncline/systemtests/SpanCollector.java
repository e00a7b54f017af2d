package io.syncline.systemtests;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A collector of spans on loopback, as OTLP over HTTP sends them: as much of its protobuf as the tests look at. */
public final class SpanCollector implements AutoCloseable {

    /**
     * One span.
     *
     * @param service of the resource that sent it, name and instance
     * @param kind 1 internal, 2 server, 3 client
     * @param links trace ids of its links
     */
    public record Span(
            List<String> service,
            String traceId,
            String spanId,
            String traceState,
            String parentId,
            String name,
            long kind,
            List<String> links) {}

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    public SpanCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                take(exchange.getRequestBody().readAllBytes());
                exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Span> all() {
        return List.copyOf(spans);
    }

    public List<Span> ofTrace(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    private void take(byte[] request) {
        fields(ByteBuffer.wrap(request), (number, resourceSpans) -> {
            var service = new ArrayList<String>();
            fields(resourceSpans.duplicate(), (part, body) -> {
                if (part == 1) {
                    fields(body, (field, attribute) -> service.addAll(serviceOf(attribute)));
                }
            });
            fields(resourceSpans.duplicate(), (part, scope) -> {
                if (part == 2) {
                    fields(scope, (field, span) -> {
                        if (field == 2) {
                            spans.add(span(span, service));
                        }
                    });
                }
            });
        });
    }

    /** The value of a resource attribute that says which service this is. */
    private static List<String> serviceOf(ByteBuffer attribute) {
        var key = new ArrayList<String>();
        var value = new ArrayList<String>();
        fields(attribute, (field, body) -> {
            if (field == 1) {
                key.add(text(body));
            } else {
                fields(body, (type, content) -> value.add(text(content)));
            }
        });
        return key.get(0).startsWith("service.") && !key.contains("service.version") ? value : List.of();
    }

    private static Span span(ByteBuffer span, List<String> service) {
        var texts = new String[6];
        var kind = new long[1];
        var links = new ArrayList<String>();
        fields(span, (field, body) -> {
            switch (field) {
                case 1, 2, 4 -> texts[field] = hex(body);
                case 3, 5 -> texts[field] = text(body);
                case 6 -> kind[0] = body.getLong();
                case 13 ->
                    fields(body, (part, content) -> {
                        if (part == 1) {
                            links.add(hex(content));
                        }
                    });
                default -> {}
            }
        });
        return new Span(List.copyOf(service), texts[1], texts[2], texts[3], texts[4], texts[5], kind[0], links);
    }

    /** Numbers come as eight bytes. */
    private static void fields(ByteBuffer message, BiConsumer<Integer, ByteBuffer> each) {
        while (message.hasRemaining()) {
            var tag = varint(message);
            var number = (int) (tag >> 3);
            switch ((int) (tag & 7)) {
                case 0 ->
                    each.accept(
                            number,
                            ByteBuffer.allocate(8).putLong(varint(message)).flip());
                case 1 -> each.accept(number, cut(message, 8));
                case 2 -> each.accept(number, cut(message, (int) varint(message)));
                case 5 -> each.accept(number, cut(message, 4));
                default -> throw new IllegalArgumentException("wire type " + (tag & 7));
            }
        }
    }

    private static ByteBuffer cut(ByteBuffer message, int length) {
        var part = message.slice(message.position(), length);
        message.position(message.position() + length);
        return part;
    }

    private static long varint(ByteBuffer message) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            var next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String hex(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
