package io.syncline.client.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body that drips: after its first {@value #GRACE_SECONDS} s it must have come with {@value #BYTES_A_SECOND}
 * bytes a second on the whole. The server's own time limit is for each read alone.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class BodyPaceFilter extends OncePerRequestFilter {

    static final int GRACE_SECONDS = 20;
    static final int BYTES_A_SECOND = 8 * 1024;

    private final LongSupplier nanoTime;

    BodyPaceFilter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(new PacedRequest(request, nanoTime), response);
    }

    private static final class PacedRequest extends HttpServletRequestWrapper {

        private final LongSupplier nanoTime;
        private @Nullable PacedStream body;

        PacedRequest(HttpServletRequest request, LongSupplier nanoTime) {
            super(request);
            this.nanoTime = nanoTime;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                body = new PacedStream(super.getInputStream(), nanoTime);
            }
            return body;
        }
    }

    private static final class PacedStream extends ServletInputStream {

        private final ServletInputStream stream;
        private final LongSupplier nanoTime;
        private final long begun;
        private long taken;

        PacedStream(ServletInputStream stream, LongSupplier nanoTime) {
            this.stream = stream;
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
            int read;
            try {
                read = stream.read(bytes, offset, length);
            } catch (SocketTimeoutException silent) {
                throw new ErrorResponseException(HttpStatus.REQUEST_TIMEOUT, silent);
            }
            if (read > 0) {
                taken += read;
                var seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - begun);
                if (seconds > GRACE_SECONDS + taken / BYTES_A_SECOND) {
                    throw new ErrorResponseException(HttpStatus.REQUEST_TIMEOUT);
                }
            }
            return read;
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
