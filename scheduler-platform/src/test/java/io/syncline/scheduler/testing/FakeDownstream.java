package io.syncline.scheduler.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A downstream system on a loopback port: a real server with scripted replies, one thread per connection, keep-alive. It
 * answers from the script first, then by the standing answer, which is 202 unless told otherwise.
 */
public final class FakeDownstream implements AutoCloseable {

    /** One request as it arrived; header names are lower-case. */
    public record Received(String method, String path, Map<String, String> headers, byte[] body, int inFlight) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The idempotency key without its quotes. */
        public String idempotencyKey() {
            return headers.getOrDefault("idempotency-key", "").replace("\"", "");
        }
    }

    /**
     * How one request is answered.
     *
     * @param cutAfter body bytes sent before the connection is closed; -1: all of them
     * @param dripEvery pause after each body byte; zero: none
     */
    public record Script(
            Kind kind,
            int status,
            Map<String, String> headers,
            byte[] body,
            Duration delay,
            CountDownLatch gate,
            int cutAfter,
            Duration dripEvery) {

        public enum Kind {
            ANSWER,
            SILENCE,
            RESET
        }

        public static Script status(int status) {
            return json(status, "");
        }

        public static Script json(int status, String body) {
            return new Script(
                    Kind.ANSWER,
                    status,
                    Map.of("Content-Type", "application/json"),
                    body.getBytes(StandardCharsets.UTF_8),
                    Duration.ZERO,
                    new CountDownLatch(0),
                    -1,
                    Duration.ZERO);
        }

        /** Reads the request and never answers. */
        public static Script silence() {
            return status(0).as(Kind.SILENCE);
        }

        /** Reads the request and resets the connection. */
        public static Script reset() {
            return status(0).as(Kind.RESET);
        }

        public Script with(String header, String value) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put(header, value);
            return new Script(kind, status, all, body, delay, gate, cutAfter, dripEvery);
        }

        public Script with(byte[] bytes) {
            return new Script(kind, status, headers, bytes, delay, gate, cutAfter, dripEvery);
        }

        public Script after(Duration wait) {
            return new Script(kind, status, headers, body, wait, gate, cutAfter, dripEvery);
        }

        /** Answers once the latch is open, at most a minute later. */
        public Script once(CountDownLatch open) {
            return new Script(kind, status, headers, body, delay, open, cutAfter, dripEvery);
        }

        public Script cutAfter(int bytes) {
            return new Script(kind, status, headers, body, delay, gate, bytes, dripEvery);
        }

        public Script dripping(Duration each) {
            return new Script(kind, status, headers, body, delay, gate, cutAfter, each);
        }

        private Script as(Kind other) {
            return new Script(other, status, headers, body, delay, gate, cutAfter, dripEvery);
        }
    }

    private final ServerSocket server;
    private final Thread acceptor;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Queue<Script> script = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Function<Received, Script> standing = request -> Script.status(202);
    private volatile boolean recording = true;

    private FakeDownstream(ServerSocket server) {
        this.server = server;
        this.acceptor = thread("fake-downstream", this::accept);
    }

    public static FakeDownstream start() {
        return startOn(0);
    }

    /** On a given port, for a downstream that comes back after having been away. */
    public static FakeDownstream startOn(int port) {
        try {
            return new FakeDownstream(new ServerSocket(port, 512, InetAddress.getByName("127.0.0.1")));
        } catch (IOException e) {
            throw new IllegalStateException("no loopback port " + port, e);
        }
    }

    /** On a socket made by the test, for TLS. */
    public static FakeDownstream startOn(ServerSocket socket) {
        return new FakeDownstream(socket);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The next requests are answered so, in this order; whatever comes after them by the standing answer. */
    public FakeDownstream answers(Script... next) {
        script.addAll(List.of(next));
        return this;
    }

    /** Every request that the script does not cover is answered so. */
    public FakeDownstream alwaysAnswers(Script answer) {
        return alwaysAnswers(request -> answer);
    }

    public FakeDownstream alwaysAnswers(Function<Received, Script> answer) {
        standing = answer;
        return this;
    }

    /** Only counts, for tests with very many calls. */
    public FakeDownstream withoutRecording() {
        recording = false;
        return this;
    }

    public List<Received> received() {
        return received;
    }

    public int calls() {
        return count.get();
    }

    public int inFlight() {
        return inFlight.get();
    }

    public int mostInFlight() {
        return mostInFlight.get();
    }

    /** Connections opened so far. */
    public int connections() {
        return accepted.get();
    }

    /** Stops listening and closes all connections; the port refuses from now on. */
    @Override
    public void close() {
        closeQuietly(server);
        try {
            // a connection may still come in while the port closes
            acceptor.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(FakeDownstream::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                connections.add(socket);
                accepted.incrementAndGet();
                thread("fake-downstream-connection", () -> serve(socket));
            } catch (IOException e) {
                // closed, or one connection that died at birth: the loop condition tells
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16_384);
            OutputStream out = socket.getOutputStream();
            boolean open = true;
            while (open) {
                String requestLine = line(in);
                if (requestLine == null) {
                    return;
                }
                open = answer(requestLine, in, out, socket);
            }
        } catch (IOException e) {
            // the caller went away; the test looks at what the caller saw
        } finally {
            connections.remove(socket);
        }
    }

    private boolean answer(String requestLine, InputStream in, OutputStream out, Socket socket) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        int now = inFlight.incrementAndGet();
        mostInFlight.accumulateAndGet(now, Math::max);
        Script reply;
        try {
            byte[] body = body(in, headers);
            String[] parts = requestLine.split(" ");
            Received request = new Received(parts[0], parts[1], Map.copyOf(headers), body, now);
            if (recording) {
                received.add(request);
            }
            count.incrementAndGet();
            Script next = script.poll();
            reply = next != null ? next : standing.apply(request);
            await(reply.gate(), Duration.ofMinutes(1));
            pause(reply.delay());
        } finally {
            // before the answer leaves: the caller may send its next request as soon as it has this one's answer
            inFlight.decrementAndGet();
        }
        return switch (reply.kind()) {
            case ANSWER -> write(reply, out);
            case SILENCE -> in.read() >= 0;
            case RESET -> {
                socket.setSoLinger(true, 0);
                yield false;
            }
        };
    }

    private static boolean write(Script reply, OutputStream out) throws IOException {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(reply.status()).append(" Scripted\r\n");
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(reply.body().length).append("\r\n\r\n");
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        int length = reply.cutAfter() < 0 ? reply.body().length : Math.min(reply.cutAfter(), reply.body().length);
        if (reply.dripEvery().isZero()) {
            first.write(reply.body(), 0, length);
            out.write(first.toByteArray());
        } else {
            out.write(first.toByteArray());
            for (int i = 0; i < length; i++) {
                out.write(reply.body()[i]);
                out.flush();
                pause(reply.dripEvery());
            }
        }
        out.flush();
        return reply.cutAfter() < 0;
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
                body.writeBytes(in.readNBytes(size));
                line(in);
            }
            line(in);
            return body.toByteArray();
        }
        return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }

    private static int chunkSize(InputStream in) throws IOException {
        String size = line(in);
        return size == null ? 0 : Integer.parseInt(size.trim(), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void pause(Duration duration) {
        if (!duration.isZero()) {
            await(new CountDownLatch(1), duration);
        }
    }

    private static void await(CountDownLatch latch, Duration atMost) {
        try {
            boolean open = latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
            if (!open && atMost.toSeconds() >= 60) {
                throw new IllegalStateException("the test never opened the gate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            // closing a socket twice, or one that the peer has closed
        }
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
