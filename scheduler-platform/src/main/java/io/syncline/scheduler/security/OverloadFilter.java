package io.syncline.scheduler.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Sheds load in front of a node that is busy: a request that has waited too long for a thread is told to come back, which
 * takes no time, so that those behind it are served while their senders still listen (Nichols and Jacobson, Controlling
 * Queue Delay, ACM Queue 10(5), 2012). Probes are always answered.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class OverloadFilter extends OncePerRequestFilter {

    private static final String PROBES = "/actuator/";

    private final Problems problems;
    private final Duration longestWait;
    private final Counter shed;

    OverloadFilter(Problems problems, RequestProperties properties, MeterRegistry meters) {
        this.problems = problems;
        this.longestWait = properties.longestWait();
        this.shed = Counter.builder("syncline.requests.shed")
                .description("Requests that were told to come back because they had waited too long for a thread")
                .register(meters);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long waitedNanos = RequestThreads.takeWaited();
        if (waitedNanos <= longestWait.toNanos() || request.getRequestURI().startsWith(PROBES)) {
            serve(request, response, chain, waitedNanos);
            return;
        }
        shed.increment();
        problems.write(
                request,
                response,
                ProblemException.of(503, "overloaded", "Overloaded")
                        .detail(
                                "This node has more to do than it can; nothing of the request was looked at. Send it again.")
                        .header(HttpHeaders.RETRY_AFTER, "1"));
    }

    private static void serve(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, long waitedNanos)
            throws ServletException, IOException {
        RequestClock.here().begin(waitedNanos);
        try {
            chain.doFilter(request, response);
        } finally {
            RequestClock.here().end();
        }
    }
}
