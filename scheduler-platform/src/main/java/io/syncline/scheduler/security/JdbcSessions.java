package io.syncline.scheduler.security;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of sessions and of their refresh tokens, which are kept as hashes. */
@Component
final class JdbcSessions {

    private static final Duration KEPT_AFTER_END = Duration.ofHours(24);

    private static final String COLUMNS = """
            session_id, user_key, client_key, created_at, refreshed_at, signed_in_at, ends_at, ended_at,
            remote_address, user_agent
            """;

    private static final String FIND = "select " + COLUMNS + " from user_session where session_id = :id";

    private static final String LOCK = FIND + " for update";

    private static final String STANDING_OF = "select " + COLUMNS + """
             from user_session
             where user_key = :user and ended_at is null and ends_at > :now and refreshed_at > :idleSince
             order by session_id desc
             fetch first :limit rows only
            """;

    private static final String INSERT = """
            insert into user_session
                   (session_id, user_key, client_key, created_at, refreshed_at, signed_in_at, ends_at,
                    remote_address, user_agent)
            values (:id, :user, :client, :now, :now, :signedInAt, :endsAt, :address, :agent)
            """;

    private static final String REFRESHED = "update user_session set refreshed_at = :now where session_id = :id";

    private static final String SIGNED_IN = """
            update user_session set signed_in_at = :at, refreshed_at = :now where session_id = :id
            """;

    private static final String END = """
            update user_session set ended_at = :now, end_reason = :reason where session_id = :id and ended_at is null
            """;

    private static final String END_ALL = """
            update user_session set ended_at = :now, end_reason = :reason
             where user_key = :user and ended_at is null and session_id <> :kept
            """;

    private static final String END_ALL_OF = """
            update user_session set ended_at = :now, end_reason = :reason
             where ended_at is null and user_key in (select user_key from app_user where issuer_key = :issuer)
            """;

    private static final String FIND_TOKEN =
            "select session_id, issued_at, spent_at from refresh_token where token_hash = :hash";

    private static final String ADD_TOKEN = """
            insert into refresh_token (token_hash, session_id, issued_at) values (:hash, :session, :now)
            """;

    private static final String SPEND_TOKENS = """
            update refresh_token set spent_at = :now where session_id = :session and spent_at is null
            """;

    private static final String FORGET_TOKENS = """
            delete from refresh_token
             where session_id in (select session_id from user_session where ends_at < :before)
            """;

    private static final String FORGET_SESSIONS = "delete from user_session where ends_at < :before";

    private final JdbcClient jdbc;

    JdbcSessions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param spentAt when it was exchanged for the next one */
    record RefreshToken(
            String session, Instant issuedAt, @Nullable Instant spentAt) {}

    Optional<Session> find(String id) {
        return jdbc.sql(FIND)
                .param("id", id)
                .query((row, number) -> session(row))
                .optional();
    }

    /** The session, unchanged by others until the end of the transaction. */
    Optional<Session> lock(String id) {
        return jdbc.sql(LOCK)
                .param("id", id)
                .query((row, number) -> session(row))
                .optional();
    }

    /** The person's sessions that stand, newest first. */
    List<Session> standing(String user, Instant now, Duration idle, int limit) {
        return jdbc.sql(STANDING_OF)
                .param("user", user)
                .param("now", JdbcTimes.toJdbc(now))
                .param("idleSince", JdbcTimes.toJdbc(now.minus(idle)))
                .param("limit", limit)
                .query((row, number) -> session(row))
                .list();
    }

    void insert(Session session) {
        jdbc.sql(INSERT)
                .param("id", session.id())
                .param("user", session.user())
                .param("client", session.client())
                .param("now", JdbcTimes.toJdbc(session.createdAt()))
                .param("signedInAt", JdbcTimes.toJdbc(session.signedInAt()))
                .param("endsAt", JdbcTimes.toJdbc(session.endsAt()))
                .param("address", session.remoteAddress())
                .param("agent", session.userAgent())
                .update();
    }

    void refreshed(String id, Instant now) {
        jdbc.sql(REFRESHED).param("id", id).param("now", JdbcTimes.toJdbc(now)).update();
    }

    void signedInAgain(String id, Instant at, Instant now) {
        jdbc.sql(SIGNED_IN)
                .param("id", id)
                .param("at", JdbcTimes.toJdbc(at))
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    boolean end(String id, String reason, Instant now) {
        return jdbc.sql(END)
                        .param("id", id)
                        .param("reason", reason)
                        .param("now", JdbcTimes.toJdbc(now))
                        .update()
                == 1;
    }

    int endAll(String user, String reason, Instant now) {
        return endAllBut("-", user, reason, now);
    }

    /** Ends the sessions of all people of an issuer. */
    void endAllOf(String issuer, String reason, Instant now) {
        jdbc.sql(END_ALL_OF)
                .param("issuer", issuer)
                .param("reason", reason)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    int endAllBut(String kept, String user, String reason, Instant now) {
        return jdbc.sql(END_ALL)
                .param("user", user)
                .param("kept", kept)
                .param("reason", reason)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    Optional<RefreshToken> refreshToken(String hash) {
        return jdbc.sql(FIND_TOKEN)
                .param("hash", hash)
                .query((row, number) -> new RefreshToken(
                        row.getString("session_id"),
                        JdbcTimes.instant(row, "issued_at"),
                        JdbcTimes.instantOrNull(row, "spent_at")))
                .optional();
    }

    /** All refresh tokens that the session had are spent. */
    void spendTokens(String session, Instant now) {
        jdbc.sql(SPEND_TOKENS)
                .param("session", session)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    void addToken(String session, String hash, Instant now) {
        jdbc.sql(ADD_TOKEN)
                .param("hash", hash)
                .param("session", session)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    /** Forgets what ended a day ago. */
    void forgetOld(Instant now) {
        var before = JdbcTimes.toJdbc(now.minus(KEPT_AFTER_END));
        jdbc.sql(FORGET_TOKENS).param("before", before).update();
        jdbc.sql(FORGET_SESSIONS).param("before", before).update();
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString("session_id"),
                row.getString("user_key"),
                row.getString("client_key"),
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instant(row, "refreshed_at"),
                JdbcTimes.instant(row, "signed_in_at"),
                JdbcTimes.instant(row, "ends_at"),
                JdbcTimes.instantOrNull(row, "ended_at"),
                row.getString("remote_address"),
                row.getString("user_agent"));
    }
}
