package io.syncline.scheduler.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A kept call as a request: all that a route looks at is the call's, nothing is left of the request around it. */
final class ReplayedRequest extends HttpServletRequestWrapper {

    private final CallReplay.Call call;
    private final Caller caller;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String[]> parameters = new LinkedHashMap<>();
    private final Map<String, Object> attributes = new HashMap<>();
    private final ServletInputStream body;

    ReplayedRequest(HttpServletRequest within, CallReplay.Call call, Caller caller) {
        super(within);
        this.call = call;
        this.caller = caller;
        headers.putAll(call.headers());
        headers.put("Content-Length", Integer.toString(call.body().length));
        attributes.put(CallReplay.MARK, Boolean.TRUE);
        body = new Body(call.body());
        var query = call.query();
        if (query != null && !query.isEmpty()) {
            var found = new LinkedHashMap<String, List<String>>();
            for (var pair : query.split("&")) {
                var equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var content = equals < 0 ? "" : pair.substring(equals + 1);
                found.computeIfAbsent(decoded(name), ignored -> new ArrayList<>())
                        .add(decoded(content));
            }
            found.forEach((name, contents) -> parameters.put(name, contents.toArray(String[]::new)));
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String getMethod() {
        return call.method();
    }

    @Override
    public String getRequestURI() {
        return call.path();
    }

    @Override
    public StringBuffer getRequestURL() {
        return new StringBuffer(call.path());
    }

    @Override
    public String getServletPath() {
        return call.path();
    }

    @Override
    public @Nullable String getPathInfo() {
        return null;
    }

    @Override
    public @Nullable String getQueryString() {
        return call.query();
    }

    @Override
    public DispatcherType getDispatcherType() {
        return DispatcherType.REQUEST;
    }

    @Override
    public String getRemoteUser() {
        return caller.subject();
    }

    @Override
    public Principal getUserPrincipal() {
        return caller::subject;
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers.get(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        var content = headers.get(name);
        return Collections.enumeration(content == null ? List.of() : List.of(content));
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(headers.keySet());
    }

    @Override
    public int getIntHeader(String name) {
        var content = headers.get(name);
        return content == null ? -1 : Integer.parseInt(content);
    }

    @Override
    public long getDateHeader(String name) {
        return -1;
    }

    @Override
    public @Nullable String getContentType() {
        return headers.get("Content-Type");
    }

    @Override
    public String getCharacterEncoding() {
        return StandardCharsets.UTF_8.name();
    }

    @Override
    public int getContentLength() {
        return call.body().length;
    }

    @Override
    public long getContentLengthLong() {
        return call.body().length;
    }

    @Override
    public @Nullable String getParameter(String name) {
        var contents = parameters.get(name);
        return contents == null ? null : contents[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return parameters.get(name);
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Collections.unmodifiableMap(parameters);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(parameters.keySet());
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, @Nullable Object attribute) {
        if (attribute == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, attribute);
        }
    }

    @Override
    public void removeAttribute(String name) {
        attributes.remove(name);
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(attributes.keySet());
    }

    @Override
    public ServletInputStream getInputStream() {
        return body;
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    private static final class Body extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        Body(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int from, int length) {
            return bytes.read(target, from, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("a replayed body is read at once");
        }
    }
}
