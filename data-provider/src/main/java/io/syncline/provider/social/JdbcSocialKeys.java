package io.syncline.provider.social;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which rows hang on a user or a tweet. */
@Repository
class JdbcSocialKeys {

    private static final String LIKES_BY = "select tweet_id, user_id from tweet_like where user_id = :id";

    private static final String LIKES_OF = "select tweet_id, user_id from tweet_like where tweet_id = :id";

    private static final String TWEETS_BY = "select tweet_id from tweet where author_id = :id";

    private static final String FOLLOWED_BY = "select follower_id, followed_id from follow where follower_id = :id";

    private static final String FOLLOWERS_OF = "select follower_id, followed_id from follow where followed_id = :id";

    private static final String AUTHOR = "select author_id from tweet where tweet_id = :id";

    private final JdbcClient jdbc;

    JdbcSocialKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<String[]> likesBy(String userId) {
        return some(LIKES_BY, userId, 2);
    }

    List<String[]> likesOf(String tweetId) {
        return some(LIKES_OF, tweetId, 2);
    }

    List<String[]> tweetsBy(String userId) {
        return some(TWEETS_BY, userId, 1);
    }

    List<String[]> followedBy(String userId) {
        return some(FOLLOWED_BY, userId, 2);
    }

    List<String[]> followersOf(String userId) {
        return some(FOLLOWERS_OF, userId, 2);
    }

    Optional<String> author(String tweetId) {
        return jdbc.sql(AUTHOR).param("id", tweetId).query(String.class).optional();
    }

    private List<String[]> some(String sql, String id, int columns) {
        return jdbc.sql(sql)
                .param("id", id)
                .withMaxRows(SocialRows.AT_ONCE)
                .query((row, number) -> {
                    var key = new String[columns];
                    for (int i = 0; i < columns; i++) {
                        key[i] = row.getString(i + 1);
                    }
                    return key;
                })
                .list();
    }
}
