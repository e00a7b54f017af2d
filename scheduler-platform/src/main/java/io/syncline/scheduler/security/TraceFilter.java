package io.syncline.scheduler.security;

import io.syncline.tracing.RequestSpans;
import io.syncline.tracing.Spans;
import io.syncline.tracing.TraceContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The outermost filter: takes the caller's trace or begins one, bounds the body, and turns what the inner filters throw into
 * a problem.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TraceFilter extends OncePerRequestFilter {

    private static final String MDC_KEY = "traceId";

    private final Problems problems;
    private final RequestSpans spans;

    TraceFilter(Problems problems, Spans spans) {
        this.problems = problems;
        this.spans = new RequestSpans(spans);
    }

    /** The trace id of this request, on whatever thread. */
    static String traceId(HttpServletRequest request) {
        return RequestSpans.traceId(request)
                .orElseGet(() -> TraceContext.newTraceparent().substring(3, 35));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var span = spans.begin(request, RequestSpans.caller(request).orElse(null));
        var traceparent = span.traceparent();
        TraceContext.set(traceparent);
        MDC.put(MDC_KEY, traceparent.substring(3, 35));
        try {
            chain.doFilter(new LimitedBody(request), response);
        } catch (RuntimeException | ServletException | BodyTooLargeException | BodyTooSlowException e) {
            var failure = e instanceof ServletException && e.getCause() != null ? e.getCause() : e;
            problems.write(request, response, failure);
        } finally {
            TraceContext.set(null);
            MDC.remove(MDC_KEY);
            spans.end(span, request, response);
        }
    }
}
