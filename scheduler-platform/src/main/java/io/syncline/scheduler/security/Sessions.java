package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Signing in and out. A refresh token is good once; shown again after its exchange, it ends the session. */
@Component
final class Sessions {

    /** An answer may be lost, and two requests of one person may refresh at once: so long a spent token is no theft. */
    static final Duration REFRESH_GRACE = Duration.ofSeconds(10);

    /** Further sign-ins of one person end the oldest session. */
    private static final int MOST_OF_ONE_PERSON = 20;

    private static final String SESSION = "session";

    private final JdbcUsers users;
    private final JdbcSessions sessions;
    private final SignInDelays delays;
    private final Passwords passwords;
    private final SessionStanding standing;
    private final SessionProperties properties;
    private final DatabaseClock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    Sessions(
            JdbcUsers users,
            JdbcSessions sessions,
            SignInDelays delays,
            Passwords passwords,
            SessionStanding standing,
            SessionProperties properties,
            DatabaseClock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.users = users;
        this.sessions = sessions;
        this.delays = delays;
        this.passwords = passwords;
        this.standing = standing;
        this.properties = properties;
        this.clock = clock;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * From where a person comes, as the portal tells it.
     *
     * @param client the client that opens the session
     */
    record Origin(
            String client,
            @Nullable String remoteAddress,
            @Nullable String userAgent) {}

    /**
     * A session as it stands after a sign-in or a refresh.
     *
     * @param refreshToken in clear text, told once
     * @param refreshUntil when the session ends unless it is refreshed
     */
    record Opened(Session session, User user, String refreshToken, Instant refreshUntil) {
        @Override
        public String toString() {
            return "Opened[" + session.id() + "]";
        }
    }

    /** Opens a session for the person of this name and password. Every refusal looks and takes the same. */
    Opened signIn(String name, String password, Origin origin) {
        var attempt = delays.begin(name, origin.remoteAddress());
        var account = Keys.isKey(name) ? users.account(name) : Optional.<JdbcUsers.Account>empty();
        var hash = account.map(JdbcUsers.Account::passwordHash).orElse(null);
        var known = passwords.matches(password, hash);
        var opened = known ? inTransaction(() -> open(name, hash, origin)) : Optional.<Opened>empty();
        if (opened.isEmpty()) {
            throw refused(name, account.isPresent(), origin.remoteAddress(), attempt);
        }
        delays.succeeded(attempt);
        return opened.get();
    }

    private Optional<Opened> open(String name, @Nullable String hash, Origin origin) {
        return users.lock(name)
                .filter(present -> present.user().canSignIn() && Objects.equals(present.passwordHash(), hash))
                .map(present -> openFor(present.user(), origin));
    }

    /** Within a transaction that holds the user's row. */
    Opened openFor(User user, Origin origin) {
        return openFor(user, origin, clock.now());
    }

    /** @param signedInAt when the person last showed who they are, which an issuer may have asked for earlier */
    Opened openFor(User user, Origin origin, Instant signedInAt) {
        var now = clock.now();
        sessions.forgetOld(now);
        delays.forgetOld(now);
        var standingNow = sessions.standing(user.key(), now, properties.idle(), MOST_OF_ONE_PERSON);
        if (standingNow.size() == MOST_OF_ONE_PERSON) {
            sessions.end(standingNow.get(standingNow.size() - 1).id(), "too-many", now);
            standing.forgetAll();
        }
        var session = new Session(
                Ids.next(),
                user.key(),
                origin.client(),
                now,
                now,
                signedInAt.isAfter(now) ? now : signedInAt,
                now.plus(properties.longest()),
                null,
                origin.remoteAddress(),
                origin.userAgent());
        sessions.insert(session);
        users.signedIn(user.key(), now);
        events.publishEvent(
                SecurityChanged.of(user.key(), "sign-in", SESSION, session.id()).because(from(origin.remoteAddress())));
        return withNewToken(session, user, now);
    }

    /** Exchanges a refresh token for the next one; empty when its session is over, which is all that is told. */
    Optional<Opened> refresh(String refreshToken, String client) {
        var hash = SecretHashes.sha256(refreshToken);
        return inTransaction(() -> sessions.refreshToken(hash)
                .flatMap(token -> sessions.lock(token.session()))
                .filter(session -> session.client().equals(client))
                .flatMap(session -> refresh(session, hash)));
    }

    private Optional<Opened> refresh(Session session, String hash) {
        // Read anew: another refresh may have held the session's row.
        var token = sessions.refreshToken(hash).orElseThrow();
        var now = clock.now();
        if (!session.stands(now)) {
            return Optional.empty();
        }
        if (now.isAfter(session.refreshedAt().plus(properties.idle()))) {
            end(session, session.user(), "idle", now);
            return Optional.empty();
        }
        var user = users.find(session.user()).filter(User::canSignIn);
        if (user.isEmpty()) {
            end(session, session.user(), "account-changed", now);
            return Optional.empty();
        }
        var spentAt = token.spentAt();
        if (spentAt == null) {
            sessions.spendTokens(session.id(), now);
        } else if (now.isAfter(spentAt.plus(REFRESH_GRACE))) {
            end(session, session.user(), "refresh-token-reused", now);
            return Optional.empty();
        }
        sessions.refreshed(session.id(), now);
        return Optional.of(withNewToken(refreshed(session, now), user.get(), now));
    }

    /** The person shows the password again, within the session. */
    Session signInAgain(String sessionId, String password) {
        var session = sessions.find(sessionId).orElseThrow(() -> Problems.unauthorized(true));
        var attempt = delays.begin(session.user(), session.remoteAddress());
        var account = users.account(session.user());
        var hash = account.map(JdbcUsers.Account::passwordHash).orElse(null);
        if (!passwords.matches(password, hash)) {
            throw refused(session.user(), account.isPresent(), session.remoteAddress(), attempt);
        }
        var again = inTransaction(() -> sessions.lock(sessionId)
                .filter(present -> present.stands(clock.now()))
                .map(present -> signedInAgain(present, clock.now())));
        delays.succeeded(attempt);
        return again.orElseThrow(() -> Problems.unauthorized(true));
    }

    /** Within a transaction that holds the session's row. */
    Session signedInAgain(Session session, Instant at) {
        var now = clock.now();
        var signedInAt = at.isAfter(now) ? now : at;
        sessions.signedInAgain(session.id(), signedInAt, now);
        standing.forgetAll();
        events.publishEvent(SecurityChanged.of(session.user(), "sign-in-again", SESSION, session.id()));
        return new Session(
                session.id(),
                session.user(),
                session.client(),
                session.createdAt(),
                now,
                signedInAt,
                session.endsAt(),
                null,
                session.remoteAddress(),
                session.userAgent());
    }

    /** The session, unchanged by others until the end of the transaction. */
    Optional<Session> lock(String id) {
        return sessions.lock(id).filter(this::stands);
    }

    Optional<Session> find(String id) {
        return sessions.find(id).filter(this::stands);
    }

    /** The person's sessions that stand, newest first. */
    List<Session> of(String user) {
        return sessions.standing(user, clock.now(), properties.idle(), MOST_OF_ONE_PERSON);
    }

    /** Ends the session: its refresh token at once, its access tokens within 60 s on every node. */
    void end(Session session, String actor) {
        inTransaction(() -> {
            end(session, actor, actor.equals(session.user()) ? "sign-out" : "ended-by-another", clock.now());
            return session;
        });
    }

    private void end(Session session, String actor, String why, Instant now) {
        if (sessions.end(session.id(), why, now)) {
            var action = why.equals("sign-out") ? why : "end";
            events.publishEvent(
                    SecurityChanged.of(actor, action, SESSION, session.id()).because(why + " of " + session.user()));
        }
        standing.forgetAll();
    }

    private boolean stands(Session session) {
        var now = clock.now();
        return session.stands(now) && !now.isAfter(session.refreshedAt().plus(properties.idle()));
    }

    private Opened withNewToken(Session session, User user, Instant now) {
        var token = SecretHashes.newRefreshToken();
        sessions.addToken(session.id(), SecretHashes.sha256(token), now);
        var idleEnd = now.plus(properties.idle());
        return new Opened(session, user, token, idleEnd.isBefore(session.endsAt()) ? idleEnd : session.endsAt());
    }

    private static Session refreshed(Session session, Instant now) {
        return new Session(
                session.id(),
                session.user(),
                session.client(),
                session.createdAt(),
                now,
                session.signedInAt(),
                session.endsAt(),
                null,
                session.remoteAddress(),
                session.userAgent());
    }

    /** A name that is no account's is not kept: people type passwords there. */
    private ProblemException refused(String name, boolean exists, @Nullable String address, SignInDelays.Try attempt) {
        var who = exists ? name : "unknown";
        inTransaction(() -> {
            events.publishEvent(SecurityChanged.of(who, "sign-in-refused", "user", who)
                    .because(
                            attempt.delay().isZero()
                                    ? from(address)
                                    : from(address) + "; further tries wait "
                                            + attempt.delay().toSeconds() + " s"));
            return who;
        });
        return refusal();
    }

    static ProblemException refusal() {
        return ProblemException.of(403, "sign-in-refused", "Sign-in refused")
                .detail("The name or the password is wrong, or the account may not sign in.");
    }

    private static String from(@Nullable String address) {
        return address == null ? "from an unknown address" : "from " + address;
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
