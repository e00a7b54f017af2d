package io.syncline.provider.request;

import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.JdbcTimes;
import io.syncline.provider.store.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers the second call under one {@code Idempotency-Key} with the first answer. The key is committed together with
 * the work it stands for, or not at all; a refused call leaves it free.
 */
@Repository
public class RequestKeys {

    private static final Duration KEPT = Duration.ofHours(24);

    private static final String FIND = "select fingerprint, answer_body from request_key where key_hash = :key";

    private static final String INSERT = """
            insert into request_key (key_hash, fingerprint, answer_body, created_at)
            values (:key, :fingerprint, :body, :now)
            """;

    private static final String PURGE = "delete from request_key where created_at < :before";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final DatabaseClock clock;
    private final JsonMapper json;

    RequestKeys(JdbcClient jdbc, TransactionTemplate transaction, DatabaseClock clock, JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.json = json;
    }

    /**
     * Does the work in one transaction, or gives back what it answered when it was done under this key.
     *
     * @param key null: the work is done
     * @param request what the request asks for; another request under the same key is refused with 422
     * @param work from the transaction's time to the answer
     */
    public <T> Outcome<T> once(
            Caller caller,
            String path,
            @Nullable String key,
            String request,
            Class<T> type,
            Function<Instant, T> work) {
        if (key == null) {
            return new Outcome<>(inTransaction(work), false);
        }
        var hash = Sha256.hex(String.join("\n", caller.subject(), "POST", path, key));
        var fingerprint = Sha256.hex(request);
        var earlier = find(hash, fingerprint, type);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            var answer = inTransaction(now -> {
                var done = work.apply(now);
                store(hash, fingerprint, json.writeValueAsString(done), now);
                return done;
            });
            return new Outcome<>(answer, false);
        } catch (DuplicateKeyException twin) {
            // Another request under the same key was quicker; ours was rolled back.
            return find(hash, fingerprint, type).orElseThrow(() -> twin);
        }
    }

    /** Deletes what is too old to be repeated. */
    public int purge(Instant now) {
        return jdbc.sql(PURGE)
                .param("before", JdbcTimes.toJdbc(now.minus(KEPT)))
                .update();
    }

    private <T> T inTransaction(Function<Instant, T> work) {
        var answer = transaction.execute(status -> work.apply(clock.now()));
        if (answer == null) {
            throw new IllegalStateException("A request's work answered nothing");
        }
        return answer;
    }

    private void store(String hash, String fingerprint, String answer, Instant now) {
        jdbc.sql(INSERT)
                .param("key", hash)
                .param("fingerprint", fingerprint)
                .param("body", answer)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    private <T> Optional<Outcome<T>> find(String hash, String fingerprint, Class<T> type) {
        return jdbc.sql(FIND)
                .param("key", hash)
                .query((row, number) -> new Stored(row.getString("fingerprint"), row.getString("answer_body")))
                .optional()
                .map(stored -> {
                    if (!stored.fingerprint().equals(fingerprint)) {
                        throw ProblemException.of(
                                        422,
                                        "idempotency-key-reused",
                                        "This Idempotency-Key stands for another request")
                                .detail("Use a new key for a new request")
                                .error("header", "Idempotency-Key", "was used with another body", "reused");
                    }
                    return new Outcome<>(json.readValue(stored.answer(), type), true);
                });
    }

    /** @param repeated whether the work was done by an earlier request under the same key */
    public record Outcome<T>(T answer, boolean repeated) {}

    private record Stored(String fingerprint, String answer) {}
}
