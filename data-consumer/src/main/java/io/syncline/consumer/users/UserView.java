package io.syncline.consumer.users;

import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.ChangeTarget;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.users.JdbcFacts.Moved;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;

/**
 * Applies changes to the view. What a change says counts once, whoever applies it and however often it comes: of each
 * fact the number of its last change is kept, also when it is gone, and counters move only when its presence turns, in
 * the same transaction.
 *
 * <p>Everybody writes in one order, so that nobody waits for each other in a circle: generation by generation; facts by
 * key, new ones first; then users by id, new ones first. A transaction is of one dataset, so it writes a user's row once.
 */
class UserView implements ChangeTarget {

    private static final Logger LOG = LoggerFactory.getLogger(UserView.class);
    private static final int MOST_TRIES = 30;

    private final Transactions transactions;
    private final JdbcGenerations generations;
    private final JdbcFacts facts;
    private final JdbcUserRows users;
    private final Consumer<Applied> applied;

    UserView(
            Transactions transactions,
            JdbcGenerations generations,
            JdbcFacts facts,
            JdbcUserRows users,
            Consumer<Applied> applied) {
        this.transactions = transactions;
        this.generations = generations;
        this.facts = facts;
        this.users = users;
        this.applied = applied;
    }

    /**
     * Changes that can be read now.
     *
     * @param startedAt of the transaction, in database time
     * @param startedNanos the same moment by this process' own clock
     */
    record Applied(List<Change> changes, Instant startedAt, long startedNanos) {}

    @Override
    public List<String> datasets() {
        return List.of(
                Profile.DATASET, Fact.Kind.TWEET.dataset(), Fact.Kind.FOLLOW.dataset(), Fact.Kind.LIKE.dataset());
    }

    @Override
    public void check(Change change) {
        if (change.dataset().equals(Profile.DATASET)) {
            Profile.of(change);
        } else {
            Fact.of(change);
        }
    }

    @Override
    public void apply(String dataset, List<Change> changes, Consumer<Instant> also) {
        var latest = Latest.of(dataset, changes);
        var done = repeated(now -> {
            if (!changes.isEmpty()) {
                generations.kept().forEach(generation -> latest.applyTo(this, generation));
            }
            long nanos = System.nanoTime();
            also.accept(now);
            return new Applied(changes, now, nanos);
        });
        applied.accept(done);
    }

    /** Applies to one generation alone, in its caller's transaction. */
    void applyTo(long generation, String dataset, List<Change> changes) {
        Latest.of(dataset, changes).applyTo(this, generation);
    }

    /** Does a move again that met another instance's. */
    <T> T repeated(java.util.function.Function<Instant, T> move) {
        for (int tries = 1; ; tries++) {
            try {
                return transactions.call(move);
            } catch (ConcurrencyFailureException | DuplicateKeyException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                LOG.debug("the view was written by another instance meanwhile, try {}", tries, e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextInt(1, 5 + 5 * tries)));
            }
        }
    }

    /** The newest change of each key, in the order of the keys. */
    private record Latest(SortedMap<String, Fact> facts, SortedMap<String, Profile> profiles) {

        static Latest of(String dataset, List<Change> changes) {
            var latest = new Latest(new TreeMap<>(), new TreeMap<>());
            for (var change : changes) {
                if (!change.dataset().equals(dataset)) {
                    throw new IllegalArgumentException(
                            "changes of " + change.dataset() + " came together with those of " + dataset);
                }
                if (dataset.equals(Profile.DATASET)) {
                    var profile = Profile.of(change);
                    latest.profiles.merge(profile.userId(), profile, (a, b) -> b.seq() > a.seq() ? b : a);
                } else {
                    latest.facts.merge(change.key(), Fact.of(change), (a, b) -> b.seq() > a.seq() ? b : a);
                }
            }
            return latest;
        }

        void applyTo(UserView view, long generation) {
            if (!facts.isEmpty()) {
                view.count(generation, facts);
            }
            if (!profiles.isEmpty()) {
                view.users.introduce(generation, profiles.keySet());
                view.users.tell(generation, profiles);
            }
        }
    }

    private void count(long generation, SortedMap<String, Fact> latest) {
        var kind = latest.values().iterator().next().kind();
        var held = facts.find(generation, kind, new ArrayList<>(latest.keySet()));
        var added = new ArrayList<Fact>();
        var moved = new ArrayList<Moved>();
        var moves = new Counts.Moves();
        for (var fact : latest.values()) {
            var before = held.get(fact.key());
            if (before == null) {
                added.add(fact);
            } else if (fact.seq() > before.seq()) {
                moved.add(new Moved(before, fact));
                if (before.present()) {
                    moves.add(before, -1);
                }
            } else {
                continue;
            }
            if (fact.present()) {
                moves.add(fact, 1);
            }
        }
        facts.insert(generation, added);
        facts.update(generation, moved);
        var turned = moves.result();
        users.introduce(generation, turned.keySet());
        users.move(generation, turned);
    }
}
