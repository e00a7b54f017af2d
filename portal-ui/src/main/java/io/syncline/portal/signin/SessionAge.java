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
import org.springframework.web.filter.OncePerRequestFilter;

/** Ends a person's session that is older than allowed, however busy it is; the idle limit is the container's. */
class SessionAge extends OncePerRequestFilter {

    private static final String PERSON = "io.syncline.portal.person";

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
        if (session != null
                && session.getAttribute(PERSON) instanceof PersonSession person
                && !person.openedAt().plus(maxSession).isAfter(clock.instant())) {
            session.invalidate();
            person.end();
        }
        chain.doFilter(request, response);
    }
}
