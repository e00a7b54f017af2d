package io.syncline.consumer.users;

import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.UnusableChangeException;
import org.jspecify.annotations.Nullable;

/**
 * Something that counters count: a tweet, a follow or a like.
 *
 * @param userId whose it is: the tweet's author, who follows, the liked tweet's author; null only of what is absent
 * @param otherId who is followed; null of anything else
 */
record Fact(
        Kind kind,
        String key,
        long seq,
        boolean present,
        @Nullable String userId,
        @Nullable String otherId) {

    static final int LONGEST_ID = 64;
    private static final int LONGEST_KEY = 255;

    enum Kind {
        TWEET("tweets", "authorId", null),
        FOLLOW("follows", "followerId", "followedId"),
        LIKE("likes", "authorId", null);

        private final String dataset;
        private final String userField;
        private final @Nullable String otherField;

        Kind(String dataset, String userField, @Nullable String otherField) {
            this.dataset = dataset;
            this.userField = userField;
            this.otherField = otherField;
        }

        String dataset() {
            return dataset;
        }

        static Kind of(String dataset) {
            for (var kind : values()) {
                if (kind.dataset.equals(dataset)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("the view counts nothing of dataset " + dataset);
        }
    }

    static Fact of(Change change) {
        var kind = Kind.of(change.dataset());
        if (change.key().length() > LONGEST_KEY) {
            throw new UnusableChangeException("the key is longer than " + LONGEST_KEY + " characters");
        }
        if (!change.present()) {
            return new Fact(kind, change.key(), change.seq(), false, null, null);
        }
        var user = checked(kind.userField, change.field(kind.userField));
        var other = kind.otherField == null ? null : checked(kind.otherField, change.field(kind.otherField));
        return new Fact(kind, change.key(), change.seq(), true, user, other);
    }

    static String checked(String field, @Nullable String id) {
        if (id == null || id.isBlank()) {
            throw new UnusableChangeException(field + " is missing");
        }
        if (id.length() > LONGEST_ID) {
            throw new UnusableChangeException(field + " is longer than " + LONGEST_ID + " characters");
        }
        return id;
    }
}
