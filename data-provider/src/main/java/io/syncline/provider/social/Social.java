package io.syncline.provider.social;

import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.store.DatabaseClock;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes people, tweets, follows and likes: each call is one transaction, with a change for each row that differs. */
@Service
class Social {

    /** Two writers of one row, one of whom finds it made by the other, or both in each other's way. */
    private static final int TRIES = 5;

    private final SocialRows rows;
    private final JdbcSocialKeys keys;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    Social(SocialRows rows, JdbcSocialKeys keys, DatabaseClock clock, TransactionTemplate transaction) {
        this.rows = rows;
        this.keys = keys;
        this.clock = clock;
        this.transaction = transaction;
    }

    /** @param created whether there was no such row before */
    record Written(boolean created, @Nullable String[] row) {}

    /** @param row without {@code joinedDate} the one that it has, or today */
    Written putUser(@Nullable String[] row) {
        return inTransaction(() -> {
            if (row[6] == null) {
                row[6] = rows.find(SocialTable.USERS, String.valueOf(row[0]))
                        .map(existing -> existing[6])
                        .orElseGet(() -> clock.now()
                                .atOffset(ZoneOffset.UTC)
                                .toLocalDate()
                                .toString());
            }
            return put(SocialTable.USERS, row);
        });
    }

    /** A tweet keeps its author. */
    Written putTweet(@Nullable String[] row) {
        return inTransaction(() -> {
            var existing = rows.find(SocialTable.TWEETS, String.valueOf(row[0]));
            if (existing.isPresent() && !String.valueOf(existing.get()[1]).equals(row[1])) {
                throw ProblemException.of(409, "author-differs", "A tweet keeps its author")
                        .detail("The tweet is of author " + existing.get()[1] + "; delete it first");
            }
            if (row[4] == null) {
                row[4] = existing.map(old -> old[4]).orElseGet(this::now);
            }
            return put(SocialTable.TWEETS, row);
        });
    }

    Written follow(String followerId, String followedId, @Nullable String since) {
        return inTransaction(() -> {
            var time = since != null
                    ? since
                    : rows.find(SocialTable.FOLLOWS, followerId, followedId)
                            .map(existing -> existing[2])
                            .orElseGet(this::now);
            return put(SocialTable.FOLLOWS, new @Nullable String[] {followerId, followedId, time});
        });
    }

    Written like(String tweetId, String userId, @Nullable String since) {
        return inTransaction(() -> {
            var author = keys.author(tweetId)
                    .orElseThrow(() -> ProblemException.of(404, "no-such-tweet", "There is no such tweet")
                            .detail("Only a tweet that exists can be liked"));
            var time = since != null
                    ? since
                    : rows.find(SocialTable.LIKES, tweetId, userId)
                            .map(existing -> existing[3])
                            .orElseGet(this::now);
            return put(SocialTable.LIKES, new @Nullable String[] {tweetId, userId, author, time});
        });
    }

    private Written put(SocialTable table, @Nullable String[] row) {
        var counts = rows.put(table, List.<@Nullable String[]>of(row));
        return new Written(counts.created() == 1, row);
    }

    private String now() {
        return clock.now().truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** The user with all that hangs on it. @return whether there was one */
    boolean deleteUser(String userId) {
        return inTransaction(() -> {
            if (rows.find(SocialTable.USERS, userId).isEmpty()) {
                return false;
            }
            deleteAll(SocialTable.LIKES, () -> keys.likesBy(userId));
            var tweets = keys.tweetsBy(userId);
            while (!tweets.isEmpty()) {
                tweets.forEach(tweet -> deleteTweetRows(tweet[0]));
                tweets = keys.tweetsBy(userId);
            }
            deleteAll(SocialTable.FOLLOWS, () -> keys.followedBy(userId));
            deleteAll(SocialTable.FOLLOWS, () -> keys.followersOf(userId));
            return rows.delete(SocialTable.USERS, List.<String[]>of(new String[] {userId})) == 1;
        });
    }

    /** The tweet with its likes. */
    boolean deleteTweet(String tweetId) {
        return inTransaction(() -> rows.find(SocialTable.TWEETS, tweetId).isPresent() && deleteTweetRows(tweetId));
    }

    private boolean deleteTweetRows(String tweetId) {
        rows.find(SocialTable.TWEETS, tweetId);
        deleteAll(SocialTable.LIKES, () -> keys.likesOf(tweetId));
        return rows.delete(SocialTable.TWEETS, List.<String[]>of(new String[] {tweetId})) == 1;
    }

    boolean delete(SocialTable table, String... key) {
        return inTransaction(() -> rows.delete(table, List.<String[]>of(key)) == 1);
    }

    private void deleteAll(SocialTable table, Supplier<List<String[]>> some) {
        var found = some.get();
        while (!found.isEmpty()) {
            rows.delete(table, found);
            found = some.get();
        }
    }

    /** Again where another writer was in the way, which it will not be the next time. */
    private <T> T inTransaction(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                var answer = transaction.execute(status -> work.get());
                if (answer == null) {
                    throw new IllegalStateException("A write answered nothing");
                }
                return answer;
            } catch (DataIntegrityViolationException | ConcurrencyFailureException inTheWay) {
                if (attempt == TRIES) {
                    throw refusal(inTheWay);
                }
            }
        }
    }

    private static RuntimeException refusal(DataAccessException inTheWay) {
        if (inTheWay instanceof DuplicateKeyException) {
            return ProblemException.of(409, "username-taken", "Another user has this username")
                    .detail("Choose another username")
                    .because(inTheWay);
        }
        if (inTheWay instanceof DataIntegrityViolationException) {
            return ProblemException.of(409, "reference-missing", "The user or tweet that this refers to does not exist")
                    .detail("Put the user or tweet first")
                    .because(inTheWay);
        }
        return inTheWay;
    }
}
