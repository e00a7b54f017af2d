package io.syncline.systemtests.load;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a user is counted to have: own tweets, followed people, followers, and likes of own tweets. */
public record Counts(long tweets, long following, long followers, long likes) {

    public static final Counts NONE = new Counts(0, 0, 0, 0);

    /** As {@code GET /users/{id}} of the consumer answers. */
    public static Counts of(JsonNode user) {
        return new Counts(
                user.path("tweetCount").asLong(-1),
                user.path("followingCount").asLong(-1),
                user.path("followerCount").asLong(-1),
                user.path("likeCount").asLong(-1));
    }

    Counts plus(Counts other) {
        return new Counts(
                tweets + other.tweets, following + other.following, followers + other.followers, likes + other.likes);
    }

    static void add(Map<String, Counts> counts, String userId, Counts more) {
        counts.merge(userId, more, Counts::plus);
    }
}
