package io.syncline.systemtests.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cheapest downstream there is: a thread per connection that reads a request and answers 200 COMPLETED, so that a
 * benchmark measures the caller. It counts the calls and the nanosecond of the first and the last.
 */
public final class Sink implements AutoCloseable {

    private static final byte[] BODY = "{\"status\":\"COMPLETED\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY.length + "\r\n\r\n" + new String(BODY, StandardCharsets.US_ASCII))
            .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong firstNanos = new AtomicLong();

    public Sink() {
        try {
            server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var acceptor = new Thread(this::accept, "sink");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    public String origin() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    public long calls() {
        return calls.get();
    }

    /** When the first call since the last reset came; 0 when none did. */
    public long firstNanos() {
        return firstNanos.get();
    }

    public void reset() {
        calls.set(0);
        firstNanos.set(0);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                socket.setTcpNoDelay(true);
                var thread = new Thread(() -> serve(socket), "sink-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream(), 8192);
            var out = socket.getOutputStream();
            while (readRequest(in)) {
                firstNanos.compareAndSet(0, System.nanoTime());
                calls.incrementAndGet();
                out.write(ANSWER);
                out.flush();
            }
        } catch (IOException gone) {
            // the caller closed the connection
        }
    }

    /** Reads one request whose body has a Content-Length; false at the end of the connection. */
    private static boolean readRequest(InputStream in) throws IOException {
        int length = 0;
        boolean any = false;
        while (true) {
            var line = readLine(in);
            if (line == null) {
                return false;
            }
            if (line.isEmpty()) {
                if (!any) {
                    continue;
                }
                in.skipNBytes(length);
                return true;
            }
            any = true;
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static @org.jspecify.annotations.Nullable String readLine(InputStream in) throws IOException {
        var line = new StringBuilder(64);
        int c;
        while ((c = in.read()) >= 0) {
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return null;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
