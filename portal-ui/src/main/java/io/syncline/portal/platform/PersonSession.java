package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One person's stay at the platform: who it is and the two tokens, which never leave the server. A refresh token is good
 * once, so one caller refreshes while the others wait and take what came of it.
 */
public final class PersonSession {

    private static final Logger LOG = LoggerFactory.getLogger(PersonSession.class);
    private static final Duration BEFORE_END = Duration.ofMinutes(1);
    // The platform counts a person as idle from the last refresh: refresh often enough that it sees who is busy.
    private static final int REFRESHES_IN_REFRESH_LIFE = 5;

    private final HttpSessions sessions;
    private final Clock clock;
    private final Instant openedAt;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Tokens tokens;
    private volatile Instant signedInAt;
    private volatile boolean ended;

    PersonSession(HttpSessions sessions, SessionAnswer answer, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
        this.openedAt = clock.instant();
        this.tokens = Tokens.of(answer, openedAt);
        this.signedInAt = openedAt;
    }

    public Person person() {
        return tokens.person;
    }

    /** When the person signed in. */
    public Instant openedAt() {
        return openedAt;
    }

    /** When the person last showed who they are, within the session as well. */
    public Instant signedInAt() {
        return signedInAt;
    }

    /** Takes the token that says so in place of the one held. */
    void signedInAgain(String accessToken, long expiresIn) {
        refreshing.lock();
        try {
            var now = clock.instant();
            tokens = standing().with(accessToken, now.plusSeconds(expiresIn), now);
            signedInAt = now;
        } finally {
            refreshing.unlock();
        }
    }

    /** A token that is good for a while; throws {@link SessionEndedException} when the platform gives none any more. */
    String accessToken() {
        var held = standing();
        var now = clock.instant();
        if (now.isBefore(held.refreshAt)) {
            return held.access;
        }
        try {
            return replacing(held).access;
        } catch (PlatformException trouble) {
            if (trouble.kind() == Kind.UNAVAILABLE && now.isBefore(held.endsAt)) {
                return held.access;
            }
            throw trouble;
        }
    }

    /** Another token in place of one that the platform refused. */
    String insteadOf(String refused) {
        var held = standing();
        return held.access.equals(refused) ? replacing(held).access : held.access;
    }

    /** Ends it here and at the platform; that the platform does not hear of it is logged and no failure. */
    public void end() {
        if (ended) {
            return;
        }
        try {
            sessions.end(this);
        } catch (PlatformException trouble) {
            LOG.warn(
                    "The platform did not take a sign-out; the session there ends by itself: {}", trouble.getMessage());
        } catch (SessionEndedException already) {
            LOG.debug("The session had ended at the platform before the sign-out");
        } finally {
            ended = true;
        }
    }

    private Tokens standing() {
        if (ended) {
            throw new SessionEndedException(null);
        }
        return tokens;
    }

    private Tokens replacing(Tokens old) {
        refreshing.lock();
        try {
            var held = standing();
            if (held != old) {
                return held;
            }
            tokens = Tokens.of(sessions.refresh(held.refresh), clock.instant());
            return tokens;
        } catch (SessionEndedException over) {
            ended = true;
            throw over;
        } finally {
            refreshing.unlock();
        }
    }

    @Override
    public String toString() {
        return "PersonSession[" + tokens.person.user() + "]";
    }

    private record Tokens(String access, String refresh, Instant refreshAt, Instant endsAt, Person person) {

        static Tokens of(SessionAnswer answer, Instant now) {
            var endsAt = now.plusSeconds(answer.expiresIn());
            var beforeEnd = endsAt.minus(BEFORE_END);
            var toStayBusy = now.plusSeconds(answer.refreshExpiresIn() / REFRESHES_IN_REFRESH_LIFE);
            return new Tokens(
                    answer.accessToken(),
                    answer.refreshToken(),
                    beforeEnd.isBefore(toStayBusy) ? beforeEnd : toStayBusy,
                    endsAt,
                    answer.person());
        }

        /** The refresh token stays, and so does the time by which it is to be used. */
        Tokens with(String accessToken, Instant until, Instant now) {
            var beforeEnd = until.minus(BEFORE_END);
            var soonest = beforeEnd.isBefore(now) ? now : beforeEnd;
            return new Tokens(accessToken, refresh, soonest.isBefore(refreshAt) ? soonest : refreshAt, until, person);
        }

        @Override
        public String toString() {
            return "Tokens[hidden]";
        }
    }
}
