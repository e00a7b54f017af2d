package io.syncline.scheduler.security;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body cannot be read beyond its limit, whether it states its length or comes in chunks. The refusal comes
 * with the first read, so that what is judged before the body is judged first.
 */
final class LimitedBody extends HttpServletRequestWrapper {

    static final long LIMIT = 1024 * 1024;
    static final long BATCH_LIMIT = 8 * LIMIT;
    private static final String BATCH = "application/cloudevents-batch+json";

    private final long limit;
    private @Nullable Limited body;

    LimitedBody(HttpServletRequest request) {
        super(request);
        var type = request.getContentType();
        limit = type != null && type.toLowerCase(Locale.ROOT).startsWith(BATCH) ? BATCH_LIMIT : LIMIT;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new Limited(super.getInputStream(), limit, getContentLengthLong() > limit);
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
        private long taken;

        Limited(ServletInputStream stream, long limit, boolean statedTooLarge) {
            this.stream = stream;
            this.limit = limit;
            this.statedTooLarge = statedTooLarge;
        }

        @Override
        public int read() throws IOException {
            requireNotStatedTooLarge();
            var next = stream.read();
            if (next >= 0) {
                count(1);
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            requireNotStatedTooLarge();
            var read = stream.read(bytes, offset, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        private void requireNotStatedTooLarge() throws BodyTooLargeException {
            if (statedTooLarge) {
                throw new BodyTooLargeException(limit);
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
