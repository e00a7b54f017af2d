package io.syncline.portal.signin;

import io.syncline.portal.platform.PersonSession;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Ends a person's session that is older than allowed, however busy it is, and one whose person has done nothing for as long as
 * the container keeps a session. To the container every request is activity; here what a page asks by itself is none.
 */
class SessionAge extends OncePerRequestFilter {

    private static final String PERSON = "io.syncline.portal.person";
    private static final String ACTIVE_AT = "io.syncline.portal.active-at";

    private final Duration maxSession;
    private final Clock clock;

    SessionAge(Duration maxSession, Clock clock) {
        this.maxSession = maxSession;
        this.clock = clock;
    }

    /** From now on the age of {@code session} is that of the person's stay. */
    static void begin(HttpSession session, PersonSession person) {
        session.setAttribute(PERSON, person);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var session = request.getSession(false);
        if (session != null && session.getAttribute(PERSON) instanceof PersonSession person) {
            var now = clock.instant();
            if (!person.openedAt().plus(maxSession).isAfter(now) || isIdle(session, now)) {
                session.invalidate();
                person.end();
            } else if (!LiveRequests.is(request)) {
                session.setAttribute(ACTIVE_AT, now);
            }
        }
        chain.doFilter(request, response);
    }

    private static boolean isIdle(HttpSession session, Instant now) {
        var limit = session.getMaxInactiveInterval();
        return limit > 0
                && session.getAttribute(ACTIVE_AT) instanceof Instant active
                && !active.plusSeconds(limit).isAfter(now);
    }
}
