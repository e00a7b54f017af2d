package io.syncline.provider.social;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.syncline.contracts.ChangeEvent.Operation;
import io.syncline.contracts.ChangePage;
import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A part of the published graph and all published tweets: every row that is loaded is read back from the feeds. */
class RealPeopleIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Path DATA =
            Path.of(Optional.ofNullable(System.getenv("SYNCLINE_SAMPLE_DATA")).orElse("../../shared/data"));

    @TempDir
    Path home;

    @Test
    void whatIsLoadedIsWhatTheFeedsTell() throws Exception {
        assumeThat(DATA.resolve("tweets-538"))
                .as("the published graph and tweets; SYNCLINE_SAMPLE_DATA names their folder")
                .isDirectory();
        var settings = Map.of(
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1",
                "syncline.provider.sample.max-users", "3000",
                "syncline.provider.sample.max-likes", "1");
        try (var platform = new FakePlatform();
                var provider = new RunningProvider(platform, home, settings)) {
            var load = provider.context().getBean(SampleLoad.class);

            var counts = load.run(DATA, () -> true);

            // 3,207 and 3,232 tweets, each with one favourite at least.
            assertThat(counts)
                    .containsEntry("users", 3000L)
                    .containsEntry("tweets", 6439L)
                    .containsEntry("likes", 6439L);
            assertThat(counts.get("follows")).isPositive().isEven();
            assertThat(load.run(DATA, () -> true))
                    .allSatisfy((dataset, added) -> assertThat(added).isZero());
            counts.forEach(
                    (dataset, count) -> assertThat(created(provider, dataset)).isEqualTo(count));
            var damaged = provider.get("/datasets/tweets/rows/" + tweetWithBytesThatAreNoUtf8(provider))
                    .json();
            assertThat(damaged.get("text").stringValue()).contains("\u0089\u00db");
        }
    }

    private static String tweetWithBytesThatAreNoUtf8(RunningProvider provider) {
        return provider.jdbc()
                .sql("select min(tweet_id) from tweet where tweet_text like ?")
                .param("%\u0089\u00db%")
                .query(String.class)
                .single();
    }

    /** Changes of the feed, each of which makes a row that was not there. */
    private static long created(RunningProvider provider, String dataset) {
        var rows = new HashMap<String, Object>();
        long seq = 0;
        var after = "";
        while (true) {
            var answer = provider.get("/datasets/" + dataset + "/changes?limit=200" + after);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            var page = JSON.readValue(answer.bytes(), ChangePage.class);
            if (page.items().isEmpty()
                    && provider.jdbc()
                                    .sql("select count(*) from change_waiting")
                                    .query(Long.class)
                                    .single()
                            == 0) {
                return rows.size();
            }
            for (var event : page.items()) {
                assertThat(event.seq()).isEqualTo(++seq);
                assertThat(event.op()).isEqualTo(Operation.CREATED);
                assertThat(rows.put(event.key(), event.id())).isNull();
            }
            after = "&after=" + page.nextCursor();
        }
    }
}
