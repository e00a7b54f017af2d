package io.syncline.consumer.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.syncline.consumer.provider.ChangesGoneException;
import io.syncline.consumer.users.Source;
import io.syncline.consumer.users.ViewFixture;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/** The provider's feed over HTTP, followed into the view, on every database. */
abstract class HttpFeedContract {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final List<HttpFeed> started = new ArrayList<>();
    private ViewFixture fixture;
    private FakeFeed provider;
    private JdbcTemplate jdbc;

    abstract DataSource dataSource();

    @BeforeEach
    void open() throws IOException {
        fixture = ViewFixture.empty(dataSource());
        jdbc = new JdbcTemplate(dataSource());
        provider = new FakeFeed();
    }

    @AfterEach
    void close() {
        started.forEach(HttpFeed::stop);
        provider.close();
    }

    private HttpFeed feed(ViewFixture on, String instance) {
        return Feeds.http(provider.url(), on, instance);
    }

    private HttpFeed running(String instance) {
        var feed = feed(fixture, instance);
        started.add(feed);
        feed.start();
        return feed;
    }

    private FeedProgress progress() {
        return Feeds.progress(fixture);
    }

    private void reached(Source source) {
        await().atMost(SOON)
                .until(() -> Feeds.DATASETS.stream()
                        .allMatch(dataset -> progress().progress().get(dataset).seq() == source.seq(dataset)));
    }

    @Test
    void aHistoryIsFollowedPageByPageAndWhatComesLaterTooByWhicheverInstance() {
        var source = Source.random(new Random(1), 10, 400);
        provider.add(source.log());
        var first = running("one");
        running("two");
        reached(source);
        assertThat(fixture.answers()).isEqualTo(source.expected());

        int before = source.log().size();
        source.user("late", "Late");
        source.follow("late", "u1");
        first.stop();
        provider.add(source.log().subList(before, source.log().size()));

        reached(source);
        assertThat(fixture.answers()).isEqualTo(source.expected());
        assertThat(progress().asOf()).isPresent();
    }

    @Test
    void aFeedIsTakenOverWhenItsHolderIsNotHeardOfAndWhatTheHolderWritesLateIsRejected() {
        var source = new Source();
        source.user("1", "Ann");
        provider.add(source.log());
        var dead = feed(fixture, "dead");
        var held =
                Feeds.positions(fixture, "dead").claim("users", HttpFeed.FEED).orElseThrow();
        assertThat(Feeds.positions(fixture, "two").claim("users", HttpFeed.FEED))
                .isEmpty();

        jdbc.update("update change_position set lease_until = timestamp with time zone '2020-01-01 00:00:00+00:00'");
        var two = Feeds.positions(fixture, "two").claim("users", HttpFeed.FEED).orElseThrow();
        assertThat(two.fence()).isGreaterThan(held.fence());

        assertThatThrownBy(() -> dead.step(held)).isInstanceOf(FeedLostException.class);
        assertThat(fixture.answers()).isEmpty();
        feed(fixture, "two").step(two);
        assertThat(fixture.answers()).isEqualTo(source.expected());
    }

    @Test
    void aProviderThatIsAwayIsAskedAgainUntilItIsBack() {
        var source = Source.random(new Random(2), 5, 60);
        provider.add(source.log());
        provider.failNext(12);

        running("one");

        reached(source);
        assertThat(fixture.answers()).isEqualTo(source.expected());
    }

    @Test
    void whatIsNoChangeIsParkedWithItsReasonAndHoldsNothingUp() {
        var source = new Source();
        source.user("1", "Ann");
        source.user("2", "Bob");
        provider.add(source.log().subList(0, 1));
        provider.addRaw("users", Map.of("seq", 77, "what", "is this"));
        provider.addRaw("users", "not even an object");
        provider.addRaw("users", Map.of("seq", "no number", "key", "2", "op", "DELETED"));
        provider.add(source.log().subList(1, 2));

        running("one");

        reached(source);
        assertThat(fixture.answers()).isEqualTo(source.expected());
        assertThat(jdbc.queryForList("select reason from parked_change order by reason", String.class))
                .hasSize(3)
                .contains("the event is no JSON object");
        assertThat(progress().parked()).isEqualTo(3);
    }

    @Test
    void numbersThatNeverCameAreToldAndHoldNothingUp() {
        var source = new Source();
        source.user("1", "Ann");
        source.user("2", "Bob");
        source.user("3", "Cy");
        source.user("4", "Di");
        provider.add(List.of(source.log().get(0), source.log().get(3)));

        running("one");

        reached(source);
        assertThat(fixture.answers()).containsOnlyKeys("1", "4");
        assertThat(jdbc.queryForList("select feed_position from parked_change", String.class))
                .containsExactly("2 to 3");
    }

    @Test
    void theViewIsOnlyAsFreshAsTheProviderSaysItsLogIs() {
        var source = new Source();
        source.user("1", "Ann");
        provider.add(source.log());
        var longAgo = Instant.parse("2026-01-02T03:04:05.678901Z");
        provider.asOf = longAgo;
        var one = feed(fixture, "one");

        var first = one.step(
                Feeds.positions(fixture, "one").claim("users", HttpFeed.FEED).orElseThrow());
        var second = one.step(first);

        assertThat(first.asOf()).isEqualTo(longAgo);
        assertThat(second.asOf()).as("an empty page of a log that stands still").isEqualTo(longAgo);
        provider.asOf = longAgo.plusSeconds(7);
        assertThat(one.step(second).asOf()).isEqualTo(longAgo.plusSeconds(7));
        provider.asOf = null;
        assertThat(one.step(second).asOf()).as("a provider that does not tell").isAfter(longAgo.plusSeconds(7));
    }

    @Test
    void aLogThatBeginsBehindThePositionIsSaidToBeGone() {
        provider.purgedTo = 5;
        var held = Feeds.positions(fixture, "one").claim("users", HttpFeed.FEED).orElseThrow();

        assertThatThrownBy(() -> feed(fixture, "one").step(held)).isInstanceOf(ChangesGoneException.class);

        assertThat(progress().progress().get("users").gone()).isTrue();
    }

    @Test
    void aDeathAtAnyStepOfAPageLosesNothingAndDoublesNothing() {
        var source = new Source();
        source.user("1", "Ann");
        source.user("2", "Bob");
        provider.add(source.log());
        var healthy = feed(fixture, "one");
        var users = healthy.step(
                Feeds.positions(fixture, "one").claim("users", HttpFeed.FEED).orElseThrow());
        assertThat(users.seq()).isEqualTo(2);

        int step = 0;
        boolean died;
        do {
            step++;
            int before = source.log().size();
            source.unfollow("1", "2");
            source.follow("1", "2");
            source.follow("2", "x" + step);
            provider.add(source.log().subList(before, source.log().size()));
            var failing = ViewFixture.dyingAt(dataSource(), step);
            try {
                var dying = feed(failing, "one");
                dying.step(Feeds.positions(failing, "one")
                        .claim("follows", HttpFeed.FEED)
                        .orElseThrow());
            } catch (DataAccessException | TransactionException e) {
                assertThat(failing.died()).isTrue();
            }
            died = failing.died();
            healthy.step(Feeds.positions(fixture, "one")
                    .claim("follows", HttpFeed.FEED)
                    .orElseThrow());
            assertThat(fixture.answers()).as("died at step " + step).isEqualTo(source.expected());
        } while (died);
        assertThat(step).isGreaterThan(10);
    }
}
