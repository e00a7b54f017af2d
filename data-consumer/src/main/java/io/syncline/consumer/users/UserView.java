package io.syncline.consumer.users;

import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.ChangeTarget;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.users.JdbcFacts.Moved;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
     * @param changes without those that came late or again
     * @param ignored how many did
     * @param startedAt of the transaction, in database time
     * @param startedNanos the same moment by this process' own clock
     */
    record Applied(List<Change> changes, int ignored, Instant startedAt, long startedNanos) {}

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
            long nanos = System.nanoTime();
            Set<String> late = Set.of();
            if (!changes.isEmpty()) {
                for (var generation : generations.kept()) {
                    late = latest.applyTo(this, generation);
                }
            }
            also.accept(now);
            var known = late;
            var readable = known.isEmpty()
                    ? changes
                    : changes.stream()
                            .filter(change -> !known.contains(Latest.key(change)))
                            .toList();
            return new Applied(readable, changes.size() - readable.size(), now, nanos);
        });
        applied.accept(done);
    }

    /** Applies to one generation alone, in its caller's transaction. */
    void applyTo(long generation, String dataset, List<Change> changes) {
        var unused = Latest.of(dataset, changes).applyTo(this, generation);
    }

    /** Does a move again that met another instance's. */
    <T extends @Nullable Object> T repeated(Function<Instant, T> move) {
        for (int tries = 1; ; tries++) {
            try {
                return transactions.call(move);
            } catch (ConcurrencyFailureException | DuplicateKeyException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                LOG.debug("the view was written by another instance meanwhile, try {}", tries, e);
                var jitter = ThreadLocalRandom.current().nextDouble(0.1, 1.0);
                LockSupport.parkNanos((long) (jitter * TimeUnit.MILLISECONDS.toNanos(5 + 5 * tries)));
            }
        }
    }

    /** Reads of one moment. */
    <T> T snapshot(Supplier<T> reads) {
        return transactions.snapshot(reads);
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

        static String key(Change change) {
            return change.dataset().equals(Profile.DATASET) ? Profile.of(change).userId() : change.key();
        }

        /** The keys of which the generation had a change as new already. */
        Set<String> applyTo(UserView view, long generation) {
            if (!facts.isEmpty()) {
                return view.count(generation, facts);
            }
            if (!profiles.isEmpty()) {
                view.users.introduce(generation, profiles.keySet());
                return view.users.tell(generation, profiles);
            }
            return Set.of();
        }
    }

    private Set<String> count(long generation, SortedMap<String, Fact> latest) {
        var kind = latest.values().iterator().next().kind();
        var held = facts.find(generation, kind, new ArrayList<>(latest.keySet()));
        var late = new HashSet<String>();
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
                late.add(fact.key());
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
        return late;
    }
}
