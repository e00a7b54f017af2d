package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Lets callers stay whose answers go on after their requests. */
@Component
public class Admissions {

    /** For tokens of trusted issuers. */
    private static final Duration WITHOUT_END = Duration.ofMinutes(5);

    private final SessionStanding sessions;
    private final ClientStanding clients;
    private final SteadyClock clock;

    Admissions(SessionStanding sessions, ClientStanding clients, SteadyClock clock) {
        this.sessions = sessions;
        this.clients = clients;
        this.clock = clock;
    }

    public Admission ofThisRequest() {
        if (!(SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication known)) {
            throw Problems.unauthorized(false);
        }
        var caller = known.caller();
        var tokenEnds = known.endsAt();
        var endsAt = tokenEnds == null ? clock.now().plus(WITHOUT_END) : tokenEnds;
        return new Admission(caller, () -> stands(caller, known.session(), endsAt));
    }

    private boolean stands(Caller caller, @Nullable String session, Instant endsAt) {
        if (!clock.now().isBefore(endsAt)) {
            return false;
        }
        if (session == null) {
            return clients.find(caller.subject())
                    .filter(client -> Scope.withIncluded(client.scopes()).containsAll(caller.scopes()))
                    .isPresent();
        }
        return sessions.find(session)
                .map(SessionStanding.SignedIn::user)
                .filter(user -> user.scopes().containsAll(caller.scopes())
                        && user.labels().equals(caller.labels()))
                .isPresent();
    }
}
