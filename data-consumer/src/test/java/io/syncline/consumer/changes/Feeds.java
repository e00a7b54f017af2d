package io.syncline.consumer.changes;

import io.syncline.client.TokenClient;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.users.ViewFixture;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Feeds over HTTP for tests. */
public final class Feeds {

    public static final List<String> DATASETS = List.of("users", "tweets", "follows", "likes");

    private Feeds() {}

    private static final class AnyToken implements TokenClient {
        @Override
        public String accessToken(String... scopes) {
            return "token";
        }

        @Override
        public void refused(String token) {}
    }

    public static ProviderClient provider(URI url) {
        return new ProviderClient(
                url,
                Duration.ofSeconds(10),
                new AnyToken(),
                JsonMapper.builder().build());
    }

    static JdbcPositions positions(ViewFixture on, String instance) {
        return new JdbcPositions(
                on.transactions(), JdbcClient.create(on.dataSource()), instance, Duration.ofSeconds(15));
    }

    static HttpFeed http(URI url, ViewFixture on, String instance) {
        return new HttpFeed(
                provider(url),
                new ChangeReader(JsonMapper.builder().build()),
                on.target(),
                positions(on, instance),
                new JdbcParkedChanges(JdbcClient.create(on.dataSource())),
                new ChangesProperties(
                        true,
                        Duration.ofMillis(20),
                        37,
                        Duration.ofSeconds(15),
                        Duration.ofMillis(20),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50)));
    }

    /** A feed that follows until it is stopped. */
    public static SmartLifecycle following(URI url, ViewFixture on, String instance) {
        var feed = http(url, on, instance);
        feed.start();
        return feed;
    }

    public static FeedProgress progress(ViewFixture on) {
        return new FeedProgress(JdbcClient.create(on.dataSource()), HttpFeed.FEED, DATASETS);
    }
}
