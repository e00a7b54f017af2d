package io.syncline.provider.social;

import java.nio.charset.Charset;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Published data to fill the tables with, once after the start.
 *
 * @param folder with {@code github-follow-graph} and {@code tweets-538} in it; nothing is loaded without it
 * @param tweetsCharset of the tweets' files, whose bytes an old export has damaged: in ISO-8859-1 every byte has a character
 *     of its own, so nothing of them is lost. A byte that has none in the charset ends the load with its line
 * @param maxUsers of the graph, from its beginning; follows of others are left out
 * @param maxTweets of each file, from its beginning
 * @param maxLikes of one tweet; it has as many as it has favourites, but at most one from each user
 */
@ConfigurationProperties("syncline.provider.sample")
record SampleProperties(
        @Nullable Path folder,
        @DefaultValue("ISO-8859-1") Charset tweetsCharset,
        @DefaultValue("1000000") int maxUsers,
        @DefaultValue("1000000") int maxTweets,
        @DefaultValue("20") int maxLikes) {

    SampleProperties {
        if (maxUsers < 1 || maxTweets < 0 || maxLikes < 0) {
            throw new IllegalArgumentException("syncline.provider.sample.max-users is 1 or more, the others 0 or more");
        }
    }
}
