package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Whether a session still stands and what its person may do now, looked up at most every 20 s: its tokens end well within
 * 60 s of a sign-out or of a change of the account, on every node.
 */
@Component
final class SessionStanding {

    private static final long FRESH_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int MOST_REMEMBERED = 10_000;

    private final JdbcSessions sessions;
    private final JdbcUsers users;
    private final SteadyClock clock;
    private final LongSupplier nanos;
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

    record SignedIn(Session session, User user) {}

    private record Known(Optional<SignedIn> signedIn, long atNanos) {}

    @Autowired
    SessionStanding(JdbcSessions sessions, JdbcUsers users, SteadyClock clock) {
        this(sessions, users, clock, System::nanoTime);
    }

    SessionStanding(JdbcSessions sessions, JdbcUsers users, SteadyClock clock, LongSupplier nanos) {
        this.sessions = sessions;
        this.users = users;
        this.clock = clock;
        this.nanos = nanos;
    }

    Optional<SignedIn> find(String session) {
        var now = nanos.getAsLong();
        var last = known.get(session);
        if (last == null || now - last.atNanos() >= FRESH_NANOS) {
            last = new Known(read(session), now);
            if (known.size() >= MOST_REMEMBERED) {
                known.clear();
            }
            known.put(session, last);
        }
        return last.signedIn().filter(signedIn -> signedIn.session().stands(clock.now()));
    }

    private Optional<SignedIn> read(String id) {
        return sessions.find(id)
                .filter(session -> session.endedAt() == null)
                .flatMap(session ->
                        users.find(session.user()).filter(User::enabled).map(user -> new SignedIn(session, user)));
    }

    /** This node has changed sessions or people itself and need not wait. */
    void forgetAll() {
        known.clear();
    }
}
