package io.syncline.provider.push;

import io.syncline.outbox.WebhookSigner;
import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.push.JdbcOldSecrets.OldSecret;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.Ids;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes, edits and deletes subscriptions. */
@Service
class Subscriptions {

    private final JdbcSubscriptions stored;
    private final JdbcOldSecrets oldSecrets;
    private final ChangeLog log;
    private final SecretSeal seal;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final PushProperties properties;

    Subscriptions(
            JdbcSubscriptions stored,
            JdbcOldSecrets oldSecrets,
            ChangeLog log,
            SecretSeal seal,
            DatabaseClock clock,
            TransactionTemplate transaction,
            PushProperties properties) {
        this.stored = stored;
        this.oldSecrets = oldSecrets;
        this.log = log;
        this.seal = seal;
        this.clock = clock;
        this.transaction = transaction;
        this.properties = properties;
    }

    /**
     * What is wanted.
     *
     * @param secret null: one is made, or the present one stays
     * @param rotate whether a new secret is made in the place of the present one
     */
    record Wish(
            String dataset,
            String endpoint,
            boolean ordered,
            @Nullable String secret,
            boolean rotate) {}

    /** @param shown the secret, where it was made here: it is shown this once */
    record Outcome(
            Subscription subscription,
            boolean created,
            @Nullable String shown) {}

    Subscription get(String key) {
        return stored.byKey(key).orElseThrow(Subscriptions::unknown);
    }

    /** @param after those whose keys are behind it, in the order of their keys */
    List<Subscription> page(String after, int limit) {
        return stored.page(after, limit);
    }

    /** By key, how many changes of the log are not stored for it yet. */
    Map<String, Long> unstored(Collection<String> keys) {
        return stored.unstored(keys);
    }

    static ProblemException unknown() {
        return ProblemException.of(404, "no-such-subscription", "There is no such subscription")
                .detail("PUT /subscriptions/{key} makes one");
    }

    Outcome put(String key, Wish wish, Preconditions preconditions, String by) {
        try {
            var outcome = transaction.execute(status -> {
                var present = stored.byKey(key);
                preconditions.check(present.map(Subscription::etag).orElse(null));
                return present.isPresent() ? edit(present.get(), wish, by) : create(key, wish, by);
            });
            if (outcome == null) {
                throw new IllegalStateException("an edit without an outcome");
            }
            return outcome;
        } catch (DuplicateKeyException another) {
            throw Preconditions.lost();
        }
    }

    private Outcome create(String key, Wish wish, String by) {
        var now = clock.now();
        var id = Ids.next();
        var secret = wish.secret() == null ? WebhookSigner.newSecret() : wish.secret();
        var made = new Subscription(
                id,
                key,
                wish.dataset(),
                wish.endpoint(),
                wish.ordered(),
                true,
                null,
                seal.seal(secret, id),
                null,
                null,
                null,
                1,
                now,
                now,
                by);
        stored.insert(made, log.feed(wish.dataset()).last());
        return new Outcome(made, true, wish.secret() == null ? secret : null);
    }

    private Outcome edit(Subscription present, Wish wish, String by) {
        if (!present.dataset().equals(wish.dataset())) {
            throw ProblemException.invalid("A subscription stays with its dataset; delete it and make another one")
                    .error("pointer", "/dataset", "is " + present.dataset() + " and stays so", "immutable");
        }
        var now = clock.now();
        var current = seal.open(present.sealedSecret(), present.id());
        var next = wish.secret() != null ? wish.secret() : wish.rotate() ? WebhookSigner.newSecret() : current;
        boolean rotated = !next.equals(current);
        var edited = new Subscription(
                present.id(),
                present.key(),
                present.dataset(),
                wish.endpoint(),
                wish.ordered(),
                true,
                null,
                rotated ? seal.seal(next, present.id()) : present.sealedSecret(),
                rotated ? present.sealedSecret() : present.earlierSecret(),
                rotated ? now.plus(properties.overlap()) : present.earlierUntil(),
                null,
                present.edition() + 1,
                present.createdAt(),
                now,
                by);
        if (!stored.update(edited, present.edition())) {
            throw Preconditions.lost();
        }
        if (rotated) {
            keepEarlier(present, now);
        }
        return new Outcome(edited, false, rotated && wish.secret() == null ? next : null);
    }

    /** A further rotation does not end the time of the secret that the one before replaced. */
    private void keepEarlier(Subscription present, Instant now) {
        var earlier = present.earlierSecret();
        var until = present.earlierUntil();
        if (earlier != null && until != null && until.isAfter(now)) {
            oldSecrets.keep(new OldSecret(present.id(), present.edition(), earlier, until), now);
        }
    }

    void delete(String key, Preconditions preconditions) {
        transaction.executeWithoutResult(status -> {
            var present = get(key);
            preconditions.check(present.etag());
            stored.lock(present.id());
            if (!stored.delete(present.id(), present.edition())) {
                throw Preconditions.lost();
            }
        });
    }

    Instant now() {
        return clock.now();
    }
}
