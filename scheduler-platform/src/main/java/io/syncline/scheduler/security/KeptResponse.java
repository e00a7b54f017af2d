package io.syncline.scheduler.security;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An answer that is kept and not sent. */
final class KeptResponse extends HttpServletResponseWrapper {

    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ServletOutputStream stream = new Stream(body);
    private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8), true);
    private int status = SC_OK;

    KeptResponse(HttpServletResponse answering) {
        super(answering);
    }

    CallReplay.Answer answer() {
        writer.flush();
        return new CallReplay.Answer(status, Map.copyOf(headers), body.toByteArray());
    }

    @Override
    public void setStatus(int code) {
        status = code;
    }

    @Override
    public int getStatus() {
        return status;
    }

    @Override
    public void sendError(int code, String message) {
        status = code;
    }

    @Override
    public void sendError(int code) {
        status = code;
    }

    @Override
    public void addCookie(Cookie cookie) {
        throw new UnsupportedOperationException("the platform sets no cookies");
    }

    @Override
    public void setHeader(String name, @Nullable String content) {
        if (content == null) {
            headers.remove(name);
        } else {
            headers.put(name, content);
        }
    }

    @Override
    public void addHeader(String name, String content) {
        headers.merge(name, content, (first, second) -> first + ", " + second);
    }

    @Override
    public void setIntHeader(String name, int content) {
        setHeader(name, Integer.toString(content));
    }

    @Override
    public void addIntHeader(String name, int content) {
        addHeader(name, Integer.toString(content));
    }

    @Override
    public void setDateHeader(String name, long date) {
        throw new UnsupportedOperationException("the platform's answers carry no dates of their own");
    }

    @Override
    public void addDateHeader(String name, long date) {
        setDateHeader(name, date);
    }

    @Override
    public boolean containsHeader(String name) {
        return headers.containsKey(name);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers.get(name);
    }

    @Override
    public Collection<String> getHeaders(String name) {
        var content = headers.get(name);
        return content == null ? List.of() : List.of(content);
    }

    @Override
    public Collection<String> getHeaderNames() {
        return List.copyOf(headers.keySet());
    }

    @Override
    public void setContentType(@Nullable String type) {
        setHeader("Content-Type", type);
    }

    @Override
    public @Nullable String getContentType() {
        return headers.get("Content-Type");
    }

    @Override
    public void setCharacterEncoding(@Nullable String encoding) {
        // always UTF-8
    }

    @Override
    public String getCharacterEncoding() {
        return StandardCharsets.UTF_8.name();
    }

    @Override
    public void setContentLength(int length) {
        // known at the end
    }

    @Override
    public void setContentLengthLong(long length) {
        // known at the end
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return stream;
    }

    @Override
    public PrintWriter getWriter() {
        return writer;
    }

    @Override
    public void flushBuffer() {
        writer.flush();
    }

    @Override
    public void resetBuffer() {
        body.reset();
    }

    @Override
    public void reset() {
        body.reset();
        headers.clear();
        status = SC_OK;
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    private static final class Stream extends ServletOutputStream {

        private final ByteArrayOutputStream bytes;

        Stream(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int one) {
            bytes.write(one);
        }

        @Override
        public void write(byte[] some, int from, int length) {
            bytes.write(some, from, length);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("a kept answer is written at once");
        }
    }
}
