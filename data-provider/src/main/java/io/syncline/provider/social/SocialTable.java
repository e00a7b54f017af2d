package io.syncline.provider.social;

import java.util.List;

/** The tables of this room and the datasets that they are served as. */
enum SocialTable {
    USERS(
            "users",
            "app_user",
            List.of(
                    "userId",
                    "username",
                    "name",
                    "description",
                    "location",
                    "webPageUrl",
                    "joinedDate",
                    "profileImageUrl",
                    "backgroundImageUrl")),
    TWEETS("tweets", "tweet", List.of("tweetId", "authorId", "text", "url", "createdAt")),
    FOLLOWS("follows", "follow", List.of("followerId", "followedId", "followedAt")),
    LIKES("likes", "tweet_like", List.of("tweetId", "userId", "authorId", "likedAt"));

    private final String dataset;
    private final String table;
    private final List<String> columns;

    SocialTable(String dataset, String table, List<String> columns) {
        this.dataset = dataset;
        this.table = table;
        this.columns = columns;
    }

    String dataset() {
        return dataset;
    }

    String table() {
        return table;
    }

    /** In the order in which rows are handed around here. */
    List<String> columns() {
        return columns;
    }
}
