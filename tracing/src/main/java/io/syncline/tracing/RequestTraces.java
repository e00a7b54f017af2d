package io.syncline.tracing;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The outermost filter of a service: its work and its log lines belong to the caller's trace, or to one that begins here if a
 * collector is told.
 */
final class RequestTraces extends OncePerRequestFilter implements Ordered {

    private static final String MDC_KEY = "traceId";

    private final Spans spans;
    private final RequestSpans requests;

    RequestTraces(Spans spans) {
        this.spans = spans;
        this.requests = new RequestSpans(spans);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var caller = RequestSpans.caller(request).orElse(null);
        if (spans == Spans.PASSED_ON) {
            within(caller, request, response, chain);
            return;
        }
        var span = requests.begin(request, caller);
        try {
            within(span.traceparent(), request, response, chain);
        } finally {
            requests.end(span, request, response);
        }
    }

    private static void within(
            @Nullable String trace, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (trace == null) {
            chain.doFilter(request, response);
            return;
        }
        TraceContext.set(trace);
        MDC.put(MDC_KEY, TraceContext.traceIdOf(trace));
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(MDC_KEY);
            TraceContext.set(null);
        }
    }
}
