package io.syncline.systemtests.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Requests at a fixed rate over kept connections, whether the server keeps up or not: each is timed from the moment when it
 * was due, so a stall counts for every request that it holds up. How late the requests themselves were sent is told beside it.
 */
public final class OpenLoop {

    /**
     * @param nanos sorted, of each request from its due time to the end of its answer
     * @param lateNanos sorted, of each request from its due time to the moment it was sent
     * @param statuses how many answers had each status; 0: the connection broke
     */
    public record Result(long[] nanos, long[] lateNanos, Map<Integer, Long> statuses) {

        public double millis(double part) {
            return at(nanos, part) / 1e6;
        }

        public double worstMillis() {
            return nanos[nanos.length - 1] / 1e6;
        }

        /** How late the generator was, which is the server's fault only where all connections were waiting for it. */
        public double lateMillis(double part) {
            return at(lateNanos, part) / 1e6;
        }

        /** Requests without an answer of the range 2xx. */
        public long failed() {
            return statuses.entrySet().stream()
                    .filter(entry -> entry.getKey() / 100 != 2)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        /** Both taken together. */
        public Result and(Result other) {
            var both = new TreeMap<>(statuses);
            other.statuses.forEach((status, count) -> both.merge(status, count, Long::sum));
            return new Result(sorted(nanos, other.nanos), sorted(lateNanos, other.lateNanos), both);
        }

        private static long[] sorted(long[] one, long[] other) {
            return LongStream.concat(Arrays.stream(one), Arrays.stream(other))
                    .sorted()
                    .toArray();
        }

        private static long at(long[] sorted, double part) {
            return sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * part) - 1)];
        }
    }

    /** Hears of each answer, on the thread of its connection. */
    public interface Listener {
        /**
         * @param number of the request
         * @param dueNanos when it was due, by this JVM's clock
         * @param status of its answer; 0: the connection broke
         */
        void answered(int number, long dueNanos, int status);
    }

    private static final Listener NOBODY = (number, dueNanos, status) -> {};

    private final InetSocketAddress server;
    private final String headers;
    private final int connections;

    /** @param headers sent with each request, each with its line end */
    public OpenLoop(String origin, String headers, int connections) {
        var uri = URI.create(origin);
        this.server = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.headers = "Host: " + uri.getAuthority() + "\r\n" + headers;
        this.connections = connections;
    }

    /** How many requests it sends at this rate: as many on each connection, the rest is left out. */
    public int requests(int perSecond, Duration span) {
        return requestsEach(perSecond, span) * connections;
    }

    private int requestsEach(int perSecond, Duration span) {
        return (int) (span.toNanos() * perSecond / 1_000_000_000L / connections);
    }

    /** @param path of the n-th GET */
    public Result run(int perSecond, Duration span, IntFunction<String> path) {
        return run(perSecond, span, path, NOBODY);
    }

    /** @param path of the n-th GET */
    public Result run(int perSecond, Duration span, IntFunction<String> path, Listener listener) {
        return send(perSecond, span, n -> Wire.request("GET", path.apply(n), headers, new byte[0]), listener);
    }

    /** @param body of the n-th POST */
    public Result post(String path, int perSecond, Duration span, IntFunction<byte[]> body, Listener listener) {
        return send(perSecond, span, n -> Wire.request("POST", path, headers, body.apply(n)), listener);
    }

    private Result send(int perSecond, Duration span, IntFunction<byte[]> request, Listener listener) {
        int each = requestsEach(perSecond, span);
        long gap = 1_000_000_000L * connections / perSecond;
        long begin = System.nanoTime() + 50_000_000;
        var threads = Executors.newFixedThreadPool(connections);
        try {
            var parts = new ArrayList<Future<Result>>();
            for (int i = 0; i < connections; i++) {
                int connection = i;
                long first = begin + gap * connection / connections;
                parts.add(threads.submit(() -> one(
                        first,
                        gap,
                        each,
                        n -> request.apply(n * connections + connection),
                        (n, due, status) -> listener.answered(n * connections + connection, due, status))));
            }
            return together(parts);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Result together(ArrayList<Future<Result>> parts) {
        var all = new ArrayList<Result>();
        for (var part : parts) {
            try {
                all.add(part.get(10, TimeUnit.MINUTES));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException broken) {
                throw new IllegalStateException("a connection of the open loop broke", broken);
            }
        }
        var statuses = new TreeMap<Integer, Long>();
        all.forEach(part -> part.statuses().forEach((status, count) -> statuses.merge(status, count, Long::sum)));
        return new Result(
                all.stream()
                        .map(Result::nanos)
                        .flatMapToLong(Arrays::stream)
                        .sorted()
                        .toArray(),
                all.stream()
                        .map(Result::lateNanos)
                        .flatMapToLong(Arrays::stream)
                        .sorted()
                        .toArray(),
                statuses);
    }

    private Result one(long first, long gap, int count, IntFunction<byte[]> request, Listener listener) {
        var nanos = new long[count];
        var late = new long[count];
        var statuses = new TreeMap<Integer, Long>();
        Connection connection = null;
        try {
            for (int i = 0; i < count; i++) {
                long due = first + gap * i;
                var bytes = request.apply(i);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                late[i] = System.nanoTime() - due;
                int status = 0;
                try {
                    connection = connection == null ? new Connection(server) : connection;
                    status = connection.send(bytes);
                } catch (IOException closed) {
                    // Counted, and the next request opens another one.
                    close(connection);
                    connection = null;
                }
                statuses.merge(status, 1L, Long::sum);
                nanos[i] = System.nanoTime() - due;
                listener.answered(i, due, status);
            }
        } finally {
            close(connection);
        }
        return new Result(nanos, late, statuses);
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

        int send(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            var answer = Wire.read(in);
            if (answer == null) {
                throw new IOException("the server closed the connection");
            }
            return answer.status();
        }
    }
}
