package io.syncline.systemtests.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * GET requests at a fixed rate over kept connections, whether the server keeps up or not: each is timed from the moment when
 * it was due, so a stall counts for every request that it holds up.
 */
public final class OpenLoop {

    /** Sorted nanoseconds of each request from its due time to the end of its answer, and the answers that were not 200. */
    public record Result(long[] nanos, long failed) {

        public double millis(double part) {
            return nanos[Math.min(nanos.length - 1, (int) Math.ceil(nanos.length * part) - 1)] / 1e6;
        }

        public double worstMillis() {
            return nanos[nanos.length - 1] / 1e6;
        }

        /** Both taken together. */
        public Result and(Result other) {
            var both = LongStream.concat(Arrays.stream(nanos), Arrays.stream(other.nanos))
                    .sorted()
                    .toArray();
            return new Result(both, failed + other.failed);
        }
    }

    private final InetSocketAddress server;
    private final String headers;
    private final int connections;

    /** @param headers sent with each request, each with its line end */
    public OpenLoop(String origin, String headers, int connections) {
        var uri = URI.create(origin);
        this.server = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.headers = "Host: " + uri.getAuthority() + "\r\n" + headers + "\r\n";
        this.connections = connections;
    }

    /** @param path of the n-th request */
    public Result run(int perSecond, Duration span, IntFunction<String> path) {
        int each = (int) (span.toNanos() * perSecond / 1_000_000_000L / connections);
        long gap = 1_000_000_000L * connections / perSecond;
        long begin = System.nanoTime() + 50_000_000;
        var threads = Executors.newFixedThreadPool(connections);
        try {
            var parts = new ArrayList<Future<Result>>();
            for (int i = 0; i < connections; i++) {
                int connection = i;
                long first = begin + gap * connection / connections;
                parts.add(threads.submit(() -> one(first, gap, each, n -> path.apply(n * connections + connection))));
            }
            return together(parts);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Result together(ArrayList<Future<Result>> parts) {
        var all = new ArrayList<long[]>();
        long failed = 0;
        for (var part : parts) {
            try {
                var result = part.get(10, TimeUnit.MINUTES);
                all.add(result.nanos());
                failed += result.failed();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException broken) {
                throw new IllegalStateException("a connection of the open loop broke", broken);
            }
        }
        var nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(nanos, failed);
    }

    private Result one(long first, long gap, int count, IntFunction<String> path) {
        var nanos = new long[count];
        long failed = 0;
        Connection connection = null;
        try {
            for (int i = 0; i < count; i++) {
                long due = first + gap * i;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                try {
                    connection = connection == null ? new Connection(server) : connection;
                    if (!connection.get(path.apply(i), headers)) {
                        failed++;
                    }
                } catch (IOException closed) {
                    // Counted, and the next request opens another one.
                    failed++;
                    close(connection);
                    connection = null;
                }
                nanos[i] = System.nanoTime() - due;
            }
        } finally {
            close(connection);
        }
        return new Result(nanos, failed);
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.socket.close();
            } catch (IOException trouble) {
                throw new UncheckedIOException(trouble);
            }
        }
    }

    private static final class Connection {

        private final Socket socket = new Socket();
        private final InputStream in;

        Connection(InetSocketAddress server) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            socket.connect(server, 5_000);
            in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        }

        boolean get(String path, String headers) throws IOException {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\n" + headers).getBytes(StandardCharsets.US_ASCII));
            return answeredOk(in);
        }
    }

    /** Reads one answer that has a Content-Length. */
    private static boolean answeredOk(InputStream in) throws IOException {
        var status = line(in);
        int length = 0;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
                throw new IllegalStateException("an answer in chunks cannot be read here");
            }
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return status.startsWith("HTTP/1.1 200");
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
