package io.syncline.scheduler.ops;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcFirstAnswers {

    private static final String BEGIN =
            "insert into idempotent_call (call_hash, fingerprint, begun_at) values (:call, :fingerprint, :now)";

    private static final String FIND = """
            select call_hash, fingerprint, begun_at, answer_code, content_type, location, body
            from idempotent_call
            where call_hash = :call
            """;

    /** A call whose node died leaves no answer; after a while the next one with its key may begin anew. */
    private static final String TAKE_OVER = """
            update idempotent_call
            set begun_at = :now, fingerprint = :fingerprint, answered_at = null, answer_code = null, content_type = null,
                location = null, body = null
            where call_hash = :call and begun_at = :begunAt
            """;

    private static final String KEEP = """
            update idempotent_call
            set answered_at = :now, answer_code = :status, content_type = :contentType, location = :location, body = :body
            where call_hash = :call and begun_at = :begunAt and answer_code is null
            """;

    private static final String FREE = "delete from idempotent_call where call_hash = :call and answer_code is null";

    private static final String OLD =
            "select call_hash from idempotent_call where begun_at < :before order by begun_at fetch first 500 rows only";

    private static final String PURGE =
            "delete from idempotent_call where call_hash in (:calls) and begun_at < :before";

    private final JdbcClient jdbc;

    JdbcFirstAnswers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws org.springframework.dao.DuplicateKeyException when the key is not free */
    void begin(String callHash, String fingerprint, Instant now) {
        jdbc.sql(BEGIN)
                .param("call", callHash)
                .param("fingerprint", fingerprint)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    Optional<FirstAnswer> find(String callHash) {
        return jdbc.sql(FIND)
                .param("call", callHash)
                .query((row, number) -> new FirstAnswer(
                        row.getString("call_hash"),
                        row.getString("fingerprint"),
                        JdbcTimes.instant(row, "begun_at"),
                        row.getObject("answer_code", Integer.class),
                        row.getString("content_type"),
                        row.getString("location"),
                        row.getString("body")))
                .optional();
    }

    boolean takeOver(FirstAnswer old, String fingerprint, Instant now) {
        return jdbc.sql(TAKE_OVER)
                        .param("call", old.callHash())
                        .param("begunAt", JdbcTimes.toJdbc(old.begunAt()))
                        .param("fingerprint", fingerprint)
                        .param("now", JdbcTimes.toJdbc(now))
                        .update()
                == 1;
    }

    void keep(FirstAnswer answer, Instant now) {
        jdbc.sql(KEEP)
                .param("call", answer.callHash())
                .param("begunAt", JdbcTimes.toJdbc(answer.begunAt()))
                .param("now", JdbcTimes.toJdbc(now))
                .param("status", answer.status())
                .param("contentType", answer.contentType())
                .param("location", answer.location())
                .param("body", nullIfEmpty(answer.body()))
                .update();
    }

    void free(String callHash) {
        jdbc.sql(FREE).param("call", callHash).update();
    }

    int purge(Instant before) {
        var old = jdbc.sql(OLD)
                .param("before", JdbcTimes.toJdbc(before))
                .query(String.class)
                .list();
        return old.isEmpty()
                ? 0
                : jdbc.sql(PURGE)
                        .param("calls", old)
                        .param("before", JdbcTimes.toJdbc(before))
                        .update();
    }

    private static @Nullable String nullIfEmpty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
