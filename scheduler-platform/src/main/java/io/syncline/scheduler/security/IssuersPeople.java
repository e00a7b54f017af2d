package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How people of an issuer sign in; a change of it ends their sessions, for nobody vouches for them as before. */
@Component
final class IssuersPeople {

    private final JdbcPeopleIssuers issuers;
    private final JdbcUsers users;
    private final JdbcSessions sessions;
    private final SessionStanding standing;
    private final LastAdmin lastAdmin;
    private final DatabaseClock clock;

    IssuersPeople(
            JdbcPeopleIssuers issuers,
            JdbcUsers users,
            JdbcSessions sessions,
            SessionStanding standing,
            LastAdmin lastAdmin,
            DatabaseClock clock) {
        this.issuers = issuers;
        this.users = users;
        this.sessions = sessions;
        this.standing = standing;
        this.lastAdmin = lastAdmin;
        this.clock = clock;
    }

    Optional<PeopleIssuer> find(String issuerKey) {
        return issuers.find(issuerKey);
    }

    boolean nameIssuer(String issuerKey) {
        return users.namesIssuer(issuerKey);
    }

    /** Within a transaction, first of all. */
    void begin() {
        lastAdmin.lock();
    }

    /** Within a transaction; refuses (409) to leave no administrator who can sign in. */
    void put(String issuerKey, @Nullable PeopleIssuer settings, boolean issuerDiffers) {
        if (issuerDiffers || !Objects.equals(issuers.find(issuerKey).orElse(null), settings)) {
            issuers.put(issuerKey, settings);
            sessions.endAllOf(issuerKey, "issuer-changed", clock.now());
            standing.forgetAll();
            if (settings == null && users.namesIssuer(issuerKey)) {
                lastAdmin.requireOne();
            }
        }
    }
}
