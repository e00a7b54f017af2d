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
 *
 * <p>Who sends messages hears 429, all others 503: with a 503 Tomcat closes the connection, and a storm of senders that have to
 * connect anew costs a node more than the refusals do.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class OverloadFilter extends OncePerRequestFilter {

    private static final String PROBES = "/actuator/";
    private static final int MESSAGES = 429;
    private static final int OTHERS = 503;

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
        long waitedNanos = RequestThreads.waitedNanos();
        if (waitedNanos <= longestWait.toNanos() || request.getRequestURI().startsWith(PROBES)) {
            RequestThreads.served();
            serve(request, response, chain, waitedNanos);
            return;
        }
        // What is there already behind this request on its connection has waited with it, and is told the same.
        shed.increment();
        problems.write(
                request,
                response,
                ProblemException.overloaded(isMessage(request) ? MESSAGES : OTHERS)
                        .detail(
                                "This node has more to do than it can; nothing of the request was looked at. Send it again.")
                        .header(HttpHeaders.RETRY_AFTER, "1"));
    }

    private static boolean isMessage(HttpServletRequest request) {
        var path = request.getRequestURI();
        return request.getMethod().equals("POST")
                && (path.equals("/api/v1/triggers") || path.startsWith("/api/v1/hooks/"));
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
