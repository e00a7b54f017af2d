package io.syncline.consumer.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.UnusableChangeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** What the view says after any delivery of any history, on every database. */
abstract class UserViewContract {

    ViewFixture fixture;
    private final Source source = new Source();

    abstract DataSource dataSource();

    @BeforeEach
    void empty() {
        fixture = ViewFixture.empty(dataSource());
    }

    private void deliver(List<Change> changes) {
        ViewFixture.apply(fixture.view(), changes);
    }

    @Test
    void countersAreThoseOfTheSource() {
        source.user("1", "Ann");
        source.user("2", "Bob");
        source.follow("1", "2");
        source.tweet("10", "1");
        source.tweet("11", "1");
        source.like("10", "2", "1");

        deliver(source.log());

        assertThat(fixture.answers())
                .isEqualTo(source.expected())
                .containsEntry("1", List.of("Ann", 2L, 1L, 0L, 1L))
                .containsEntry("2", List.of("Bob", 0L, 0L, 1L, 0L));
    }

    @Test
    void everyFieldOfAProfileIsThere() {
        deliver(List.of(new Change(
                "users",
                1,
                "7",
                true,
                Map.of(
                        "userid", "7",
                        "username", "ann",
                        "name", "Ann \"é\"",
                        "description", "d",
                        "location", "l",
                        "webpageurl", "w",
                        "joineddate", "2020-02-29",
                        "profileimageurl", "p",
                        "backgroundimageurl", "b"),
                Source.BEGINNING)));

        assertThat(fixture.reads().find("7").orElseThrow().user())
                .isEqualTo(new UserInformation(
                        "7", "ann", "Ann \"é\"", "d", "l", "w", "2020-02-29", "p", "b", 0, 0, 0, 0));
    }

    @Test
    void whatHappensToAUserBeforeTheyAreKnownIsCountedAndShownWithThem() {
        source.user("1", "Ann");
        source.user("2", "Bob");
        source.follow("1", "2");
        source.tweet("10", "2");
        var log = source.log();

        deliver(log.subList(2, 4));
        assertThat(fixture.answers()).isEmpty();
        deliver(log.subList(0, 2));

        assertThat(fixture.answers()).isEqualTo(source.expected());
    }

    @Test
    void anOlderChangeOfAKeyAfterANewerOneIsIgnored() {
        source.user("1", "Ann");
        source.user("2", "Bob");
        source.follow("1", "2");
        source.unfollow("1", "2");
        source.user("1", "Anna");

        var reversed = new ArrayList<>(source.log());
        Collections.reverse(reversed);
        reversed.forEach(change -> deliver(List.of(change)));

        assertThat(fixture.answers()).isEqualTo(source.expected()).containsEntry("1", List.of("Anna", 0L, 0L, 0L, 0L));
    }

    @Test
    void followUnfollowFollowIsOneFollow() {
        source.user("1", "Ann");
        source.user("2", "Bob");
        source.follow("1", "2");
        source.unfollow("1", "2");
        source.follow("1", "2");

        deliver(source.log());
        deliver(source.log());
        source.log().forEach(change -> deliver(List.of(change)));

        assertThat(fixture.answers()).isEqualTo(source.expected()).containsEntry("2", List.of("Bob", 0L, 0L, 1L, 0L));
    }

    @Test
    void aTweetThatIsGivenToAnotherAuthorMovesBetweenThem() {
        source.user("1", "Ann");
        source.user("2", "Bob");
        source.tweet("10", "1");
        deliver(source.log());

        source.tweet("10", "2");
        deliver(source.log());

        assertThat(fixture.answers()).isEqualTo(source.expected());
    }

    @Test
    void whoFollowsThemselvesIsTheirOwnFollower() {
        source.user("1", "Ann");
        source.follow("1", "1");

        deliver(source.log());

        assertThat(fixture.answers()).containsEntry("1", List.of("Ann", 0L, 1L, 1L, 0L));
    }

    @Test
    void aUserWhoIsGoneIsNotFoundAndIsCountedStillWhenBackAgain() {
        source.user("1", "Ann");
        source.tweet("10", "1");
        source.delete("users", "1");
        deliver(source.log());
        assertThat(fixture.answers()).isEmpty();

        source.user("1", "Ann again");
        deliver(source.log());

        assertThat(fixture.answers()).isEqualTo(Map.of("1", List.of("Ann again", 1L, 0L, 0L, 0L)));
    }

    @Test
    void theVersionChangesWithTheRowAndOnlyThen() {
        source.user("1", "Ann");
        deliver(source.log());
        var first = fixture.reads().find("1").orElseThrow().version();

        deliver(source.log());
        assertThat(fixture.reads().find("1").orElseThrow().version()).isEqualTo(first);
        source.tweet("10", "1");
        deliver(source.log());

        assertThat(fixture.reads().find("1").orElseThrow().version()).isNotEqualTo(first);
    }

    @Test
    void whatCanNeverBeAppliedIsToldBeforeTheDatabaseIsAsked() {
        var view = fixture.view();
        assertThatThrownBy(() -> view.check(change("follows", Map.of("followerid", "1"))))
                .isInstanceOf(UnusableChangeException.class)
                .hasMessageContaining("followedId");
        assertThatThrownBy(() -> view.check(change("tweets", Map.of("authorid", "x".repeat(65)))))
                .isInstanceOf(UnusableChangeException.class)
                .hasMessageContaining("authorId");
        assertThatThrownBy(() -> view.check(change("users", Map.of("userid", "1", "description", "x".repeat(4001)))))
                .isInstanceOf(UnusableChangeException.class)
                .hasMessageContaining("description");
    }

    private static Change change(String dataset, Map<String, String> row) {
        return new Change(dataset, 1, "k", true, Map.copyOf(row), Source.BEGINNING);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anyHistoryInAnyDeliveryByAnyNumberOfInstancesGivesTheRecount(long seed) throws Exception {
        var random = new Random(seed);
        var history = Source.random(random, 12, 600);
        assertThat(history.table("follows")).isNotEmpty();
        assertThat(history.table("users")).isNotEmpty();
        int instances = 1 + (int) (seed % 3);

        var deliveries = new ArrayList<Callable<Void>>();
        var shares = new ArrayList<List<Change>>();
        for (int i = 0; i < instances; i++) {
            shares.add(new ArrayList<>());
        }
        for (var change : history.log()) {
            // At least once, to anybody, now and then to several.
            for (int copies = random.nextInt(4) == 0 ? 3 : 1; copies > 0; copies--) {
                shares.get(random.nextInt(instances)).add(change);
            }
        }
        for (var share : shares) {
            Collections.shuffle(share, random);
            var sizes = new Random(random.nextLong());
            deliveries.add(() -> {
                var view = fixture.view();
                for (int from = 0; from < share.size(); ) {
                    int to = Math.min(share.size(), from + 1 + sizes.nextInt(60));
                    ViewFixture.apply(view, share.subList(from, to));
                    from = to;
                }
                return null;
            });
        }
        var threads = Executors.newFixedThreadPool(instances);
        try {
            for (var delivery : threads.invokeAll(deliveries, 60, TimeUnit.SECONDS)) {
                delivery.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(fixture.answers()).as("seed " + seed).isEqualTo(history.expected());
        assertThat(fixture.sumOf("following_count"))
                .isEqualTo(fixture.sumOf("follower_count"))
                .isEqualTo(history.table("follows").size());
        assertThat(fixture.sumOf("tweet_count"))
                .isEqualTo(history.table("tweets").size());
        assertThat(fixture.sumOf("like_count")).isEqualTo(history.table("likes").size());
    }

    @Test
    void aDeathAtAnyStepLosesNothingAndDoublesNothing() {
        source.user("1", "Ann");
        source.user("2", "Bob");
        source.follow("1", "2");
        source.follow("2", "1");
        deliver(source.log());
        source.unfollow("1", "2");
        source.follow("1", "3");
        source.user("3", "Cy");
        source.follow("3", "1");

        int step = 0;
        boolean died;
        do {
            step++;
            var failing = new FailingDataSource(dataSource(), step);
            try {
                ViewFixture.apply(ViewFixture.on(failing).view(), source.log());
            } catch (DataAccessException | TransactionException e) {
                assertThat(failing.died()).isTrue();
            }
            died = failing.died();
            deliver(source.log());
            assertThat(fixture.answers()).as("died at step " + step).isEqualTo(source.expected());
            // The next death meets work again.
            source.unfollow("1", "3");
            source.follow("1", "3");
            source.tweet("t" + step, "1");
        } while (died);
        assertThat(step).isGreaterThan(10);
    }
}
