package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import org.springframework.stereotype.Component;

/** Decides whether a caller gets in where a route declares who may. */
@Component
final class Doorkeeper {

    private final PortalProperties portal;
    private final SessionProperties sessions;
    private final SteadyClock clock;

    Doorkeeper(PortalProperties portal, SessionProperties sessions, SteadyClock clock) {
        this.portal = portal;
        this.sessions = sessions;
        this.clock = clock;
    }

    boolean letsIn(Route.Access access, Caller caller) {
        if (access instanceof Route.Public || access instanceof Route.Callback) {
            return true;
        }
        if (caller.grant() != null) {
            return false;
        }
        if (access instanceof Route.Portal) {
            return caller.person() == null && caller.subject().equals(portal.clientId());
        }
        if (access instanceof Route.Person person) {
            return caller.person() != null || person.or().stream().anyMatch(caller::has);
        }
        if (access instanceof Route.Webhook webhook) {
            return webhook.scopes().stream().anyMatch(caller::has);
        }
        return access instanceof Route.AnyOf any && any.letsIn(caller);
    }

    /** Refuses a person whose last sign-in is too long ago for what they are about to change. */
    void requireRecentSignIn(Caller caller) {
        var person = caller.person();
        if (person == null || !clock.now().isAfter(person.signedInAt().plus(sessions.recentSignIn()))) {
            return;
        }
        throw ProblemException.of(403, "sign-in-again", "Sign in again")
                .detail(
                        "This change takes a recent sign-in: POST /api/v1/sessions/current/sign-in, then send it again.")
                .member("maxAgeSeconds", sessions.recentSignIn().toSeconds());
    }
}
