package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What callers may do now, for work that goes on after their request has been answered. */
@Component
public class Standing {

    private final JdbcUsers users;
    private final Clients clients;
    private final SteadyClock clock;

    Standing(JdbcUsers users, Clients clients, SteadyClock clock) {
        this.users = users;
        this.clients = clients;
        this.clock = clock;
    }

    /** Whose groups the caller reaches now; empty when it is gone, or no longer has the scope. */
    public Optional<Labels> labels(String subject, boolean isPerson, Scope needed) {
        return isPerson
                ? users.find(subject)
                        .filter(user -> user.enabled() && user.scopes().contains(needed))
                        .map(User::labels)
                : clients.find(subject)
                        .filter(client -> client.standsAt(clock.now())
                                && Scope.withIncluded(client.scopes()).contains(needed))
                        .map(client -> Labels.ALL);
    }
}
