package io.syncline.scheduler.security;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body cannot be read beyond its limit, whether it states its length or comes in chunks, and must come at
 * a pace of {@value #BYTES_A_SECOND} bytes a second after its first {@value #GRACE_SECONDS} s: a sender that drips holds
 * nothing for long. The refusal comes with the first read, so that what is judged before the body is judged first.
 */
final class LimitedBody extends HttpServletRequestWrapper {

    static final long LIMIT = 1024 * 1024;
    static final long BATCH_LIMIT = 8 * LIMIT;
    static final int GRACE_SECONDS = 20;
    static final int BYTES_A_SECOND = 8 * 1024;
    private static final String BATCH = "application/cloudevents-batch+json";

    private final long limit;
    private final LongSupplier nanoTime;
    private @Nullable Limited body;

    LimitedBody(HttpServletRequest request) {
        this(request, System::nanoTime);
    }

    LimitedBody(HttpServletRequest request, LongSupplier nanoTime) {
        super(request);
        this.nanoTime = nanoTime;
        var type = request.getContentType();
        limit = type != null && type.toLowerCase(Locale.ROOT).startsWith(BATCH) ? BATCH_LIMIT : LIMIT;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new Limited(super.getInputStream(), limit, getContentLengthLong() > limit, nanoTime);
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        var encoding = getCharacterEncoding();
        return new BufferedReader(new InputStreamReader(
                getInputStream(), encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding)));
    }

    private static final class Limited extends ServletInputStream {

        private final ServletInputStream stream;
        private final long limit;
        private final boolean statedTooLarge;
        private final LongSupplier nanoTime;
        private final long begun;
        private long taken;

        Limited(ServletInputStream stream, long limit, boolean statedTooLarge, LongSupplier nanoTime) {
            this.stream = stream;
            this.limit = limit;
            this.statedTooLarge = statedTooLarge;
            this.nanoTime = nanoTime;
            this.begun = nanoTime.getAsLong();
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            requireNotStatedTooLarge();
            int read;
            try {
                read = stream.read(bytes, offset, length);
            } catch (SocketTimeoutException silent) {
                throw new BodyTooSlowException();
            }
            if (read > 0) {
                count(read);
                requirePace();
            }
            return read;
        }

        private void requireNotStatedTooLarge() throws BodyTooLargeException {
            if (statedTooLarge) {
                throw new BodyTooLargeException(limit);
            }
        }

        private void requirePace() throws BodyTooSlowException {
            var seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - begun);
            if (seconds > GRACE_SECONDS + taken / BYTES_A_SECOND) {
                throw new BodyTooSlowException();
            }
        }

        private void count(int read) throws BodyTooLargeException {
            taken += read;
            if (taken > limit) {
                throw new BodyTooLargeException(limit);
            }
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }
    }
}
