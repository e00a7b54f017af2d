package io.syncline.systemtests.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A great many requests within a short span, each written at its due time whether any earlier answer came or not: not even the
 * one before it on the same connection, behind which it is pipelined then. All connections stand before the first request is
 * due. {@link OpenLoop} waits for the answer on each of its connections, so that it never has more requests on their way than
 * connections.
 */
public final class Flood implements AutoCloseable {

    /**
     * @param answers times and statuses; 0: no answer came
     * @param refusedForGood 429 and 503 that did not tell when to come back
     * @param sentAgain requests that were on their way when the server closed their connection, as it may after a refusal
     */
    public record Result(OpenLoop.Result answers, int refusedForGood, int sentAgain) {}

    /**
     * So many that each sleeps most of the time: one that is always busy gets no more of a processor than each of the many
     * threads that a server has at work then.
     */
    private static final int SENDERS = 16;

    private static final int MOST_TRIES = 3;
    private static final int CONNECT_MILLIS = 5_000;

    /** A reader has little to remember, and there are thousands. */
    private static final long STACK = 128 * 1024;

    private static final int BUFFER = 1024;

    private final InetSocketAddress server;
    private final String headers;
    private final List<Line> lines = new ArrayList<>();
    private volatile boolean over;

    /**
     * Opens the connections, one after the other.
     *
     * @param headers sent with each request, each with its line end
     */
    public Flood(String origin, String headers, int connections) {
        var uri = URI.create(origin);
        this.server = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.headers = "Host: " + uri.getAuthority() + "\r\n" + headers;
        try {
            for (int i = 0; i < connections; i++) {
                lines.add(new Line(connect()));
            }
        } catch (IOException refused) {
            close();
            throw new UncheckedIOException("connection " + (lines.size() + 1) + " of " + connections, refused);
        }
        for (var line : lines) {
            var reader = new Thread(null, line::read, "flood", STACK);
            reader.setDaemon(true);
            reader.start();
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server, CONNECT_MILLIS);
        return socket;
    }

    /**
     * Sends so many POSTs, evenly over the span, and waits for their answers; to be called once.
     *
     * @param body of the n-th
     * @param patience after the last one was sent
     * @param listener hears of each answer in time
     */
    public Result post(
            String path,
            int count,
            Duration span,
            IntFunction<byte[]> body,
            Duration patience,
            OpenLoop.Listener listener) {
        var round = new Round(count, listener);
        // Made before the first one is due: it would make others late.
        var requests = new ArrayList<Request>(count);
        for (int n = 0; n < count; n++) {
            requests.add(new Request(n, round, Wire.request("POST", path, headers, body.apply(n))));
        }
        long begin = System.nanoTime() + 100_000_000;
        requests.forEach(request -> request.due = begin + span.toNanos() * request.number / count);
        var senders = new ArrayList<Thread>();
        for (int i = 0; i < Math.min(SENDERS, lines.size()); i++) {
            int sender = i;
            var thread = new Thread(() -> send(requests, sender), "flood-sender");
            thread.setDaemon(true);
            thread.start();
            senders.add(thread);
        }
        try {
            for (var sender : senders) {
                sender.join();
            }
            round.left.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
        return round.result(requests);
    }

    /** Each connection has one sender, so that what is written on it keeps its order. */
    private void send(List<Request> requests, int sender) {
        for (var request : requests) {
            int connection = request.number % lines.size();
            if (connection % SENDERS == sender) {
                for (long left = request.due - System.nanoTime(); left > 0; left = request.due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                lines.get(connection).send(request);
            }
        }
    }

    @Override
    public void close() {
        over = true;
        lines.forEach(Line::close);
    }

    private static final class Request {

        private final int number;
        private final Round round;
        private final byte[] bytes;
        private long due;
        private int tries;

        Request(int number, Round round, byte[] bytes) {
            this.number = number;
            this.round = round;
            this.bytes = bytes;
        }
    }

    private static final class Round {

        private static final int NOT_YET = -1;

        private final long[] nanos;
        private final long[] late;
        private final AtomicIntegerArray statuses;
        private final AtomicInteger refusedForGood = new AtomicInteger();
        private final AtomicInteger sentAgain = new AtomicInteger();
        private final CountDownLatch left;
        private final OpenLoop.Listener listener;

        Round(int count, OpenLoop.Listener listener) {
            this.nanos = new long[count];
            this.late = new long[count];
            this.statuses = new AtomicIntegerArray(count);
            this.left = new CountDownLatch(count);
            this.listener = listener;
            for (int n = 0; n < count; n++) {
                statuses.set(n, NOT_YET);
            }
        }

        void sent(Request request) {
            if (request.tries++ == 0) {
                late[request.number] = System.nanoTime() - request.due;
            } else {
                sentAgain.incrementAndGet();
            }
        }

        void answered(Request request, int status, boolean comesBack) {
            nanos[request.number] = System.nanoTime() - request.due;
            if ((status == 429 || status == 503) && !comesBack) {
                refusedForGood.incrementAndGet();
            }
            listener.answered(request.number, request.due, status);
            statuses.set(request.number, status);
            left.countDown();
        }

        /** Of those that were not answered yet the time counts so far. */
        Result result(List<Request> requests) {
            long now = System.nanoTime();
            var all = nanos.clone();
            var counts = new TreeMap<Integer, Long>();
            for (var request : requests) {
                int status = statuses.get(request.number);
                if (status == NOT_YET) {
                    all[request.number] = now - request.due;
                }
                counts.merge(Math.max(0, status), 1L, Long::sum);
            }
            var lateOnes = late.clone();
            Arrays.sort(all);
            Arrays.sort(lateOnes);
            return new Result(new OpenLoop.Result(all, lateOnes, counts), refusedForGood.get(), sentAgain.get());
        }
    }

    /** A connection, or one after the other: what is not answered when one ends is written on the next. */
    private final class Line {

        private final Deque<Request> waiting = new ArrayDeque<>();
        private @Nullable Socket socket;

        Line(Socket socket) {
            this.socket = socket;
        }

        synchronized void send(Request request) {
            waiting.addLast(request);
            if (socket == null) {
                notifyAll();
            } else {
                write(socket, request);
            }
        }

        private void write(Socket open, Request request) {
            request.round.sent(request);
            try {
                open.getOutputStream().write(request.bytes);
            } catch (IOException closed) {
                // Its reader meets the end as well, and writes it on another one.
            }
        }

        void read() {
            try {
                while (!over) {
                    var open = opened();
                    try (open) {
                        answers(open);
                    } catch (IOException broken) {
                        // Whether it breaks or ends, there is nothing more to read.
                    }
                    synchronized (this) {
                        socket = null;
                    }
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (IOException refused) {
                giveUp();
            }
        }

        private void answers(Socket open) throws IOException {
            var in = new BufferedInputStream(open.getInputStream(), BUFFER);
            for (var answer = Wire.read(in); answer != null; answer = Wire.read(in)) {
                Request request;
                synchronized (this) {
                    request = waiting.pollFirst();
                }
                if (request == null) {
                    throw new IOException("an answer that nobody asked for: " + answer.start());
                }
                request.round.answered(request, answer.status(), answer.comesBack());
            }
        }

        /** The connection that stands; another one as soon as there is something to write on it. */
        private Socket opened() throws IOException, InterruptedException {
            synchronized (this) {
                if (socket != null) {
                    return socket;
                }
                while (waiting.isEmpty() && !over) {
                    wait();
                }
            }
            judgeOver();
            var open = connect();
            synchronized (this) {
                if (over) {
                    open.close();
                }
                judgeOver();
                for (var request : List.copyOf(waiting)) {
                    if (request.tries == MOST_TRIES) {
                        waiting.remove(request);
                        request.round.answered(request, 0, false);
                    } else {
                        write(open, request);
                    }
                }
                socket = open;
            }
            return open;
        }

        private void judgeOver() throws IOException {
            if (over) {
                throw new IOException("the flood is over");
            }
        }

        private synchronized void giveUp() {
            waiting.forEach(request -> request.round.answered(request, 0, false));
            waiting.clear();
        }

        synchronized void close() {
            notifyAll();
            if (socket != null) {
                try {
                    socket.close();
                } catch (IOException trouble) {
                    throw new UncheckedIOException(trouble);
                }
            }
        }
    }
}
