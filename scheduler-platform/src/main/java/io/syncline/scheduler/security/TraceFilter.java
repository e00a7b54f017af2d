package io.syncline.scheduler.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

    private static final String ATTRIBUTE = TraceFilter.class.getName() + ".traceparent";
    private static final String MDC_KEY = "traceId";
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private final Problems problems;

    TraceFilter(Problems problems) {
        this.problems = problems;
    }

    /** The trace id of this request, on whatever thread. */
    static String traceId(HttpServletRequest request) {
        var traceparent = request.getAttribute(ATTRIBUTE);
        return (traceparent instanceof String text ? text : newTraceparent()).substring(3, 35);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var traceparent = accepted(request.getHeader("traceparent"));
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
        }
    }

    static String accepted(@Nullable String header) {
        if (header != null) {
            var traceparent = header.strip().toLowerCase(Locale.ROOT);
            if (TRACEPARENT.matcher(traceparent).matches()) {
                return traceparent;
            }
        }
        return newTraceparent();
    }

    private static String newTraceparent() {
        return "00-" + random(TRACE_BYTES) + "-" + random(SPAN_BYTES) + "-01";
    }

    private static String random(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        bytes[0] |= 1;
        return HexFormat.of().formatHex(bytes);
    }
}
