package io.syncline.systemtests.prove;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A TCP proxy on one link, that hands on what comes unless it is told to spoil it. */
final class Link implements AutoCloseable {

    enum Mode {
        PASS,
        /** Each piece waits for {@code amount} ms. */
        DELAY,
        /** At most {@code amount} bytes a second on each connection and way. */
        THROTTLE,
        /** Every connection is reset, new ones too. */
        RESET,
        /** Those who called are told that nothing more comes; what they still send is handed on. */
        HALF_CLOSE,
        /** Nothing arrives and nobody is told; it arrives when this is over. */
        BLACK_HOLE,
        /** A connection is reset after {@code amount} more bytes of one way. */
        CUT,
        /** A connection to a database is reset when its COMMIT has been handed on, before the answer. */
        CUT_AFTER_COMMIT,
        /** A connection to a database is reset when its COMMIT has come, which is not handed on. */
        CUT_BEFORE_COMMIT
    }

    private static final int BUFFER = 16 * 1024;
    private static final Pattern NAMED_COMMIT = Pattern.compile("(S_\\d+)\\x00COMMIT\\x00");

    private final String name;
    private final ServerSocket server;
    private final Supplier<Integer> target;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong hits = new AtomicLong();
    private volatile Mode mode = Mode.PASS;
    private volatile int amount;
    private volatile long generation;

    /** @param target the port that the next connection goes to */
    Link(String name, Supplier<Integer> target) {
        this.name = name;
        this.target = target;
        try {
            server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    String name() {
        return name;
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many pieces or connections were spoilt since the last {@link #spoil}. */
    long hits() {
        return hits.get();
    }

    void spoil(Mode how, int amount) {
        hits.set(0);
        this.amount = amount;
        generation++;
        mode = how;
        if (how == Mode.RESET) {
            resetAll();
        } else if (how == Mode.HALF_CLOSE) {
            connections.forEach(Connection::halfClose);
        }
    }

    void mend() {
        mode = Mode.PASS;
        generation++;
    }

    void resetAll() {
        connections.forEach(connection -> {
            hits.incrementAndGet();
            connection.reset();
        });
    }

    private void start(String what, Runnable work) {
        var thread = new Thread(null, work, name + " " + what, 128 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var caller = server.accept();
                start("open", () -> open(caller));
            } catch (IOException closed) {
                // The next one, unless the link is closed.
            }
        }
    }

    private void open(Socket caller) {
        try {
            if (mode == Mode.RESET) {
                hits.incrementAndGet();
                caller.setSoLinger(true, 0);
                caller.close();
                return;
            }
            holdWhileBlack();
            var answerer = new Socket();
            answerer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.get()), 2000);
            caller.setTcpNoDelay(true);
            answerer.setTcpNoDelay(true);
            var connection = new Connection(caller, answerer);
            connections.add(connection);
            start("in", () -> connection.pump(true));
            start("out", () -> connection.pump(false));
        } catch (IOException | RuntimeException nobodyThere) {
            closeQuietly(caller);
        }
    }

    private void holdWhileBlack() {
        if (mode == Mode.BLACK_HOLE) {
            hits.incrementAndGet();
            while (mode == Mode.BLACK_HOLE && !server.isClosed()) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    private final class Connection {

        private final Socket caller;
        private final Socket answerer;
        private volatile String commitName = "";
        private long counted;
        private long countedIn = -1;

        Connection(Socket caller, Socket answerer) {
            this.caller = caller;
            this.answerer = answerer;
        }

        void halfClose() {
            try {
                caller.shutdownOutput();
                hits.incrementAndGet();
            } catch (IOException e) {
                reset();
            }
        }

        void reset() {
            connections.remove(this);
            for (Socket socket : new Socket[] {caller, answerer}) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (IOException e) {
                    // It is gone.
                }
                closeQuietly(socket);
            }
        }

        void pump(boolean inwards) {
            var from = inwards ? caller : answerer;
            var to = inwards ? answerer : caller;
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                var buffer = new byte[BUFFER];
                int read;
                while ((read = in.read(buffer)) >= 0) {
                    if (!handOn(buffer, read, out, inwards)) {
                        return;
                    }
                }
                to.shutdownOutput();
                if (!inwards) {
                    // Whoever answered has ended; what is still sent to it would be lost.
                    connections.remove(this);
                    closeQuietly(from);
                }
            } catch (IOException broken) {
                reset();
            }
        }

        private boolean handOn(byte[] bytes, int length, OutputStream out, boolean inwards) throws IOException {
            holdWhileBlack();
            var isCommit = inwards && isCommit(bytes, length);
            switch (mode) {
                case DELAY -> {
                    hits.incrementAndGet();
                    LockSupport.parkNanos(amount * 1_000_000L);
                    out.write(bytes, 0, length);
                }
                case THROTTLE -> {
                    hits.incrementAndGet();
                    out.write(bytes, 0, length);
                    LockSupport.parkNanos(length * 1_000_000_000L / amount);
                }
                case RESET -> {
                    reset();
                    return false;
                }
                case CUT -> {
                    return cut(bytes, length, out);
                }
                case CUT_AFTER_COMMIT, CUT_BEFORE_COMMIT -> {
                    var after = mode == Mode.CUT_AFTER_COMMIT;
                    if (!isCommit || after) {
                        out.write(bytes, 0, length);
                    }
                    if (isCommit) {
                        hits.incrementAndGet();
                        if (after) {
                            // The database carries it out meanwhile; its answer finds nobody.
                            mute();
                            LockSupport.parkNanos(30_000_000);
                        }
                        reset();
                        return false;
                    }
                }
                default -> out.write(bytes, 0, length);
            }
            return true;
        }

        private void mute() {
            closeQuietly(caller);
        }

        private boolean cut(byte[] bytes, int length, OutputStream out) throws IOException {
            synchronized (this) {
                if (countedIn != generation) {
                    countedIn = generation;
                    counted = 0;
                }
                counted += length;
            }
            if (counted <= amount) {
                out.write(bytes, 0, length);
                return true;
            }
            hits.incrementAndGet();
            out.write(bytes, 0, length / 2);
            out.flush();
            reset();
            return false;
        }

        /** As PostgreSQL's driver sends it: once by its text, later by the name that it was given then. */
        private boolean isCommit(byte[] bytes, int length) {
            if (mode != Mode.CUT_AFTER_COMMIT && mode != Mode.CUT_BEFORE_COMMIT && !commitName.isEmpty()) {
                return false;
            }
            var text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            var named = NAMED_COMMIT.matcher(text);
            if (named.find()) {
                commitName = named.group(1);
                return true;
            }
            return text.contains("\0COMMIT\0") || !commitName.isEmpty() && text.contains("\0" + commitName + "\0");
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Connection::reset);
    }
}
