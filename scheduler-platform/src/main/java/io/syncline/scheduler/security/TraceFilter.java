package io.syncline.scheduler.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The outermost filter: takes the caller's trace or begins one, bounds the body, and turns what the inner filters throw into
 * a problem.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TraceFilter extends OncePerRequestFilter {

    private static final String ATTRIBUTE = TraceFilter.class.getName() + ".traceparent";
    private static final String MDC_KEY = "traceId";
    private static final int SERVER_ERROR = 500;

    private final Problems problems;
    private final Spans spans;

    TraceFilter(Problems problems, Spans spans) {
        this.problems = problems;
        this.spans = spans;
    }

    /** The trace id of this request, on whatever thread. */
    static String traceId(HttpServletRequest request) {
        var traceparent = request.getAttribute(ATTRIBUTE);
        return (traceparent instanceof String text ? text : TraceContext.newTraceparent()).substring(3, 35);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var span = begin(request);
        var traceparent = span.traceparent();
        request.setAttribute(ATTRIBUTE, traceparent);
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
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new EndOfAnswer(() -> end(span, request, response)));
            } else {
                end(span, request, response);
            }
        }
    }

    /** Within the caller's span if it named one. Nobody wants to see what monitoring asks for each few seconds. */
    private Spans.Span begin(HttpServletRequest request) {
        var parent = TraceContext.accepted(
                        request.getHeader("traceparent"), Collections.list(request.getHeaders("tracestate")))
                .orElse(null);
        var monitoring = request.getRequestURI().startsWith("/actuator/");
        return (monitoring ? Spans.UNTOLD : spans).begin(Spans.Kind.SERVER, request.getMethod(), parent);
    }

    private static void end(Spans.Span span, HttpServletRequest request, HttpServletResponse response) {
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
