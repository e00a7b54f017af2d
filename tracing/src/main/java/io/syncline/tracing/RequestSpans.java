package io.syncline.tracing;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerMapping;

/** The spans of requests: one for each, within the caller's if it named one. */
public final class RequestSpans {

    private static final String TRACE = RequestSpans.class.getName() + ".trace";
    private static final int SERVER_ERROR = 500;

    private final Spans spans;

    public RequestSpans(Spans spans) {
        this.spans = spans;
    }

    /** What the caller said of its trace; empty: nothing valid. */
    public static Optional<String> caller(HttpServletRequest request) {
        return TraceContext.accepted(
                request.getHeader("traceparent"), Collections.list(request.getHeaders("tracestate")));
    }

    /** The id of the trace that this request is answered within, on whatever thread; the caller's if there was no filter. */
    public static Optional<String> traceId(HttpServletRequest request) {
        var known = request.getAttribute(TRACE) instanceof String trace ? Optional.of(trace) : caller(request);
        return known.map(TraceContext::traceIdOf);
    }

    /** Nobody wants to see what monitoring asks for each few seconds. */
    public Spans.Span begin(HttpServletRequest request, @Nullable String caller) {
        var monitoring = request.getRequestURI().startsWith(request.getContextPath() + "/actuator/");
        var span = (monitoring ? Spans.UNTOLD : spans).begin(Spans.Kind.SERVER, request.getMethod(), caller);
        request.setAttribute(TRACE, span.traceparent());
        return span;
    }

    /** Ends it with the answer, which another thread may give later. */
    public void end(Spans.Span span, HttpServletRequest request, HttpServletResponse response) {
        if (request.isAsyncStarted()) {
            request.getAsyncContext().addListener(new EndOfAnswer(() -> tell(span, request, response)));
        } else {
            tell(span, request, response);
        }
    }

    private static void tell(Spans.Span span, HttpServletRequest request, HttpServletResponse response) {
        if (span.told()) {
            var route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            if (route != null) {
                span.named(request.getMethod() + " " + route).with("http.route", route);
            }
            span.with("http.request.method", request.getMethod())
                    .with("http.response.status_code", (long) response.getStatus());
        }
        span.end(response.getStatus() >= SERVER_ERROR ? "answered " + response.getStatus() : null);
    }
}
