package io.syncline.provider.extract;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes to another stream on a thread of its own, so that whoever fills it goes on meanwhile; never more than a few buffers
 * behind. What goes wrong there is thrown by a later write, or by close at the latest.
 */
final class WrittenBehind extends OutputStream {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int BUFFERS = 8;
    private static final byte[] END = new byte[0];

    private final OutputStream out;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(BUFFERS);
    private final Thread writer = new Thread(this::write, "extract-writer");
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private boolean closed;
    private volatile @Nullable IOException failure;

    WrittenBehind(OutputStream out) {
        this.out = out;
        writer.setDaemon(true);
        writer.start();
    }

    private void write() {
        try (out) {
            for (var bytes = waiting.take(); bytes != END; bytes = waiting.take()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = new InterruptedIOException("given up");
        } catch (RuntimeException | Error e) {
            failure = new IOException("cannot write behind", e);
        }
    }

    @Override
    public void write(int one) throws IOException {
        if (filled == buffer.length) {
            pass();
        }
        buffer[filled++] = (byte) one;
    }

    @Override
    public void write(byte[] some, int offset, int length) throws IOException {
        for (int from = offset, left = length; left > 0; ) {
            if (filled == buffer.length) {
                pass();
            }
            int count = Math.min(left, buffer.length - filled);
            System.arraycopy(some, from, buffer, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
    }

    private void pass() throws IOException {
        put(buffer);
        buffer = new byte[BUFFER_BYTES];
        filled = 0;
    }

    private void put(byte[] bytes) throws IOException {
        try {
            do {
                throwFailure();
            } while (!waiting.offer(bytes, 100, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("given up");
        }
    }

    private void throwFailure() throws IOException {
        var cause = failure;
        if (cause != null) {
            // A new one each time: a write may throw it, and the close behind that write as well.
            throw new IOException(cause.getMessage(), cause);
        }
    }

    /** Returns when everything is written and the other stream is closed. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            put(Arrays.copyOf(buffer, filled));
            put(END);
            writer.join();
            throwFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("given up");
        } finally {
            // Does nothing to a writer that has ended.
            writer.interrupt();
        }
    }
}
