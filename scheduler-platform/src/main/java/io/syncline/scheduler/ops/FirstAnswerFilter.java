package io.syncline.scheduler.ops;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/** Makes the bodies of calls with an Idempotency-Key readable twice; whether the key counts is decided once the route is known. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class FirstAnswerFilter extends OncePerRequestFilter {

    /** Larger bodies are refused with 413 by whoever reads them; this is only how much may be kept. */
    private static final int MOST_BYTES = 1024 * 1024;

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST")
                || request.getHeader(IdempotencyKey.HEADER) == null
                || request.getContentLengthLong() > MOST_BYTES;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var answer = new ContentCachingResponseWrapper(response);
        chain.doFilter(new Reread(request), answer);
        answer.copyBodyToResponse();
    }

    /** A request whose body is read once from the connection and any number of times from here. */
    static final class Reread extends HttpServletRequestWrapper {

        private byte @org.jspecify.annotations.Nullable [] body;

        Reread(HttpServletRequest request) {
            super(request);
        }

        byte[] body() throws IOException {
            if (body == null) {
                body = super.getInputStream().readNBytes(MOST_BYTES + 1);
            }
            return body;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return body().length > MOST_BYTES
                    ? new Stream(
                            new java.io.SequenceInputStream(new ByteArrayInputStream(body()), super.getInputStream()))
                    : new Stream(new ByteArrayInputStream(body()));
        }
    }

    private static final class Stream extends ServletInputStream {

        private final java.io.InputStream bytes;
        private boolean finished;

        Stream(java.io.InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            int next = bytes.read();
            finished = next < 0;
            return next;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = bytes.read(target, from, length);
            finished = count < 0;
            return count;
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("these routes read their bodies at once");
        }
    }
}
