package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** First answers to calls under an Idempotency-Key, kept for a day. */
@Component
public class FirstAnswers implements Expiring {

    static final Duration KEPT = Duration.ofHours(24);

    /** No call takes longer; one that began before this has died with its node. */
    static final Duration LONGEST_CALL = Duration.ofSeconds(60);

    private static final int MOST_BATCHES = 20;

    private final JdbcFirstAnswers rows;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    FirstAnswers(JdbcFirstAnswers rows, DatabaseClock clock, PlatformTransactionManager transactions) {
        this.rows = rows;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Removes answers whose day is over, in small batches. */
    @Override
    public void purge() {
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            Integer removed =
                    transaction.execute(status -> rows.purge(clock.now().minus(KEPT)));
            if (removed == null || removed == 0) {
                return;
            }
        }
    }

    /**
     * Begins a call, or finds the answer to the first one.
     *
     * @throws ProblemException 422 when the first call said something else, 409 while it is being answered
     */
    Begun begin(String callHash, String fingerprint) {
        var now = now();
        if (isFree(callHash, fingerprint, now)) {
            return new Begun(now, Optional.empty());
        }
        var first = rows.find(callHash).orElseThrow(FirstAnswers::inProgress);
        var unanswered = first.status() == null;
        if (first.begunAt().plus(unanswered ? LONGEST_CALL : KEPT).isBefore(now)) {
            if (Boolean.TRUE.equals(transaction.execute(status -> rows.takeOver(first, fingerprint, now)))) {
                return new Begun(now, Optional.empty());
            }
            throw inProgress();
        }
        if (!first.fingerprint().equals(fingerprint)) {
            throw ProblemException.of(422, "idempotency-key-reused", "The idempotency key was used for another call")
                    .detail("Take a new key for a call with another query or body.")
                    .headerError("Idempotency-Key", "was used with another query or body", "key-reused");
        }
        if (unanswered) {
            throw inProgress();
        }
        return new Begun(now, Optional.of(first));
    }

    private boolean isFree(String callHash, String fingerprint, Instant now) {
        try {
            transaction.executeWithoutResult(status -> rows.begin(callHash, fingerprint, now));
            return true;
        } catch (DuplicateKeyException e) {
            // The expected answer to a second call; it ends the transaction, so it is caught outside of it.
            return false;
        }
    }

    void keep(FirstAnswer answer) {
        transaction.executeWithoutResult(status -> rows.keep(answer, clock.now()));
    }

    /** The call came to no final answer: the next one with its key begins anew. */
    void free(String callHash) {
        transaction.executeWithoutResult(status -> rows.free(callHash));
    }

    private Instant now() {
        return java.util.Objects.requireNonNull(transaction.execute(status -> clock.now()));
    }

    private static ProblemException inProgress() {
        return ProblemException.of(409, "request-in-progress", "The first call with this key is being answered")
                .detail("Repeat the call in a second.")
                .header("Retry-After", "1");
    }

    /** A call that may go on, or the answer that it gets instead. */
    record Begun(Instant at, Optional<FirstAnswer> answer) {}
}
