package io.syncline.consumer.users;

import java.util.TreeMap;

/** By how much a user's counters move. */
record Counts(long tweets, long following, long followers, long likes) {

    static final Counts NONE = new Counts(0, 0, 0, 0);

    boolean isNone() {
        return equals(NONE);
    }

    Counts plus(Counts other) {
        return new Counts(
                tweets + other.tweets, following + other.following, followers + other.followers, likes + other.likes);
    }

    /** The moves of many users, in the order in which their rows are written by everybody. */
    static final class Moves {

        private final TreeMap<String, Counts> byUser = new TreeMap<>();

        void add(Fact fact, int by) {
            var user = fact.userId();
            var other = fact.otherId();
            if (user == null) {
                return;
            }
            switch (fact.kind()) {
                case TWEET -> move(user, new Counts(by, 0, 0, 0));
                case LIKE -> move(user, new Counts(0, 0, 0, by));
                case FOLLOW -> {
                    move(user, new Counts(0, by, 0, 0));
                    if (other != null) {
                        move(other, new Counts(0, 0, by, 0));
                    }
                }
            }
        }

        private void move(String user, Counts by) {
            byUser.merge(user, by, Counts::plus);
        }

        TreeMap<String, Counts> result() {
            byUser.values().removeIf(Counts::isNone);
            return byUser;
        }
    }
}
