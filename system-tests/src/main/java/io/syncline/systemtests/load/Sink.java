package io.syncline.systemtests.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cheapest downstream there is: a thread per connection that reads a request and answers it, so that a benchmark measures
 * the caller. It counts the calls and keeps the nanosecond of the first.
 */
public final class Sink implements AutoCloseable {

    /** What a downstream does with a call. */
    public interface Downstream {
        /**
         * @param path of the call
         * @return the whole answer, see {@link #COMPLETED}
         */
        byte[] answer(String path, byte[] body);
    }

    /** 200 with the report that the work is done. */
    public static final byte[] COMPLETED = Wire.answer("200 OK", "{\"status\":\"COMPLETED\"}");

    /** 200 with the report that the work goes on. */
    public static final byte[] RUNNING = Wire.answer("200 OK", "{\"status\":\"RUNNING\"}");

    /** 202: the work was taken. */
    public static final byte[] ACCEPTED = Wire.answer("202 Accepted", "");

    private final ServerSocket server;
    private final Downstream downstream;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong firstNanos = new AtomicLong();

    /** Answers each call that the work is done. */
    public Sink() {
        this((path, body) -> COMPLETED);
    }

    public Sink(Downstream downstream) {
        this.downstream = downstream;
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
            for (var request = Wire.read(in); request != null; request = Wire.read(in)) {
                if (firstNanos.get() == 0) {
                    firstNanos.compareAndSet(0, System.nanoTime());
                }
                calls.incrementAndGet();
                out.write(downstream.answer(request.path(), request.body()));
                out.flush();
            }
        } catch (IOException gone) {
            // the caller closed the connection
        }
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
