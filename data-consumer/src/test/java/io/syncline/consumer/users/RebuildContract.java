package io.syncline.consumer.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.client.Reports;
import io.syncline.consumer.changes.FakeFeed;
import io.syncline.consumer.changes.Feeds;
import io.syncline.consumer.users.Generation.Purpose;
import io.syncline.consumer.users.Generation.State;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/** Rebuilds beside the live view and reconciliations with the source, on every database. */
abstract class RebuildContract {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path spool;

    private final List<StatusReport> reported = new CopyOnWriteArrayList<>();
    private final Reports reports = (key, report) -> reported.add(report);
    private final List<SmartLifecycle> feeds = new ArrayList<>();
    private ViewFixture fixture;
    private JdbcTemplate jdbc;
    private FakeFeed provider;
    private Source source;

    abstract DataSource dataSource();

    @BeforeEach
    void open() throws IOException {
        fixture = ViewFixture.empty(dataSource());
        jdbc = new JdbcTemplate(dataSource());
        provider = new FakeFeed();
    }

    @AfterEach
    void close() {
        feeds.forEach(SmartLifecycle::stop);
        provider.close();
    }

    private void given(Source given) {
        source = given;
        provider.serve(given);
        provider.add(given.log());
    }

    private void follow() {
        feeds.add(Feeds.following(provider.url(), fixture, "feed-" + feeds.size()));
    }

    private void followed() {
        await().atMost(SOON).until(() -> fixture.answers().equals(source.expected()));
    }

    private RebuildSteps steps() {
        return fixture.rebuildSteps(provider, spool, reports, "one");
    }

    private Generation generation(long number) {
        return fixture.transactions()
                .call(now -> new JdbcGenerations(jdbc).find(number).orElseThrow());
    }

    private long live() {
        return fixture.transactions().call(now -> new JdbcGenerations(jdbc).live());
    }

    /** Works until the generation is in this state, as the worker of an instance does. */
    private void workUntil(RebuildSteps steps, long number, State state) {
        await().pollInterval(Duration.ofMillis(5)).atMost(SOON).until(() -> {
            steps.work();
            return generation(number).state() == state;
        });
    }

    private int rows(String table, long number) {
        Integer rows =
                jdbc.queryForObject("select count(*) from " + table + " where generation = ?", Integer.class, number);
        return rows == null ? 0 : rows;
    }

    @Test
    void aRebuiltViewTakesThePlaceOfTheLiveOneWhichIsDeleted() {
        given(Source.random(new Random(11), 10, 300));
        follow();
        followed();

        fixture.rebuilds().open(Purpose.REBUILD, "r");
        workUntil(steps(), 2, State.LIVE);

        assertThat(live()).isEqualTo(2);
        assertThat(fixture.answers()).isEqualTo(source.expected());
        workUntil(steps(), 1, State.DELETED);
        assertThat(rows("user_view", 1)).isZero();
        assertThat(rows("user_fact", 1)).isZero();
        provider.change(source, () -> {
            source.user("late", "Late");
            source.follow("late", "u1");
        });
        followed();
    }

    @Test
    void aLogThatIsGoneIsReplacedByTheExtractAndFollowedBehindIt() {
        given(Source.random(new Random(12), 10, 300));
        provider.purgedTo = 1;
        follow();
        await().atMost(SOON)
                .until(() ->
                        Feeds.progress(fixture).progress().values().stream().allMatch(one -> one.gone()));

        fixture.rebuilds().openIfGone();
        fixture.rebuilds().openIfGone();
        workUntil(steps(), 2, State.LIVE);
        assertThat(fixture.answers()).isEqualTo(source.expected());

        provider.change(source, () -> source.user("late", "Late"));
        followed();
        assertThat(jdbc.queryForObject("select count(*) from parked_change", Integer.class))
                .isZero();
        assertThat(jdbc.queryForObject("select count(*) from view_generation", Integer.class))
                .isEqualTo(2);
    }

    @Test
    void aRebuildUnderLoadNeverLetsAReaderGoBackInTime() throws Exception {
        given(Source.random(new Random(13), 8, 200));
        source.inRealTime();
        provider.change(source, () -> source.user("star", "Star"));
        follow();
        followed();
        var over = new AtomicBoolean();
        Callable<Void> load = () -> {
            var random = new Random(99);
            for (int i = 0; !over.get() || i < 300; i++) {
                int number = i;
                provider.change(source, () -> {
                    source.follow("fan" + number, "star");
                    source.unfollow("u1", "u" + random.nextInt(8));
                    source.follow("u1", "u" + random.nextInt(8));
                    source.tweet("t" + random.nextInt(20), "u" + random.nextInt(8));
                });
                // As fast as the view can follow, and no faster: the load ends with the rebuild.
                await().pollInterval(Duration.ofMillis(2))
                        .atMost(SOON)
                        .until(() -> Feeds.progress(fixture)
                                        .progress()
                                        .get("follows")
                                        .seq()
                                > source.seq("follows") - 40);
            }
            return null;
        };
        Callable<Long> reader = () -> {
            long last = 0;
            while (!over.get()) {
                long now = fixture.reads().find("star").orElseThrow().user().followerCount();
                assertThat(now).isGreaterThanOrEqualTo(last);
                last = now;
            }
            return last;
        };
        var threads = Executors.newFixedThreadPool(2);
        try {
            var loading = threads.submit(load);
            var reading = threads.submit(reader);
            for (long generation = 2; generation <= 3; generation++) {
                fixture.rebuilds().open(Purpose.REBUILD, "r" + generation);
                workUntil(steps(), generation, State.LIVE);
            }
            over.set(true);
            loading.get(60, TimeUnit.SECONDS);
            assertThat(reading.get(60, TimeUnit.SECONDS)).isPositive();
        } finally {
            threads.shutdownNow();
        }

        followed();
        workUntil(steps(), 1, State.DELETED);
        workUntil(steps(), 2, State.DELETED);
        assertThat(rows("user_fact", 1) + rows("user_fact", 2)).isZero();
    }

    @Test
    void aDeathAtAnyStepOfARebuildIsTakenUpWhereItWas() {
        given(Source.random(new Random(14), 4, 40));
        follow();
        followed();

        long number = 1;
        boolean died;
        int step = 1;
        do {
            number++;
            var opened = number;
            fixture.rebuilds().open(Purpose.REBUILD, "r" + number);
            var failing = ViewFixture.dyingAt(dataSource(), step);
            try {
                var dying = failing.rebuildSteps(provider, spool, reports, "dying");
                await().pollInterval(Duration.ofMillis(5)).atMost(SOON).until(() -> {
                    dying.work();
                    return failing.died() || generation(opened).state() == State.LIVE;
                });
            } catch (DataAccessException | TransactionException e) {
                assertThat(failing.died()).isTrue();
            }
            died = failing.died();
            // Its lease runs out, and another instance goes on.
            jdbc.update(
                    "update view_generation set lease_until = timestamp with time zone '2020-01-01 00:00:00+00:00'");
            workUntil(steps(), number, State.LIVE);
            assertThat(fixture.answers()).as("died at step " + step).isEqualTo(source.expected());
            assertThat(live()).isEqualTo(number);
            step += 9;
        } while (died);
        assertThat(step).isGreaterThan(60);
    }

    @Test
    void anExtractThatTheProviderForgotIsOrderedAnew() {
        given(Source.random(new Random(15), 6, 100));
        follow();
        followed();
        fixture.rebuilds().open(Purpose.REBUILD, "r");
        jdbc.update("update generation_source set extract_id = 'nowhere' where dataset = 'likes'");

        workUntil(steps(), 2, State.LIVE);

        assertThat(fixture.answers()).isEqualTo(source.expected());
    }

    @Test
    void oneRebuildAtATimeAndTheSameKeyIsTheSameOne() {
        given(new Source());
        var first = fixture.rebuilds().open(Purpose.REBUILD, "r");

        assertThat(first).isInstanceOf(Rebuilds.Opened.New.class);
        assertThat(fixture.rebuilds().open(Purpose.REBUILD, "r")).isInstanceOf(Rebuilds.Opened.Known.class);
        assertThat(fixture.rebuilds().open(Purpose.RECONCILE, "s")).isInstanceOf(Rebuilds.Opened.Busy.class);
    }

    private StatusReport reconciled(String key) {
        fixture.rebuilds().open(Purpose.RECONCILE, key);
        await().pollInterval(Duration.ofMillis(5)).atMost(SOON).until(() -> {
            steps().work();
            return !reported.isEmpty();
        });
        assertThat(reported).hasSize(1);
        return reported.remove(0);
    }

    @Test
    void aViewThatIsAsTheSourceBalancesAndStays() {
        given(Source.random(new Random(16), 10, 300));
        follow();
        followed();

        var report = reconciled("k");

        long users = source.table("users").size();
        assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(report.reconciliation()).isEqualTo(new Reconciliation(users, users, 0L, 0L, 0L));
        assertThat(live()).isEqualTo(1);
        workUntil(steps(), 2, State.DELETED);
        assertThat(rows("user_view", 2)).isZero();
    }

    @Test
    void countersThatDriftedAreFoundAndSetRight() {
        given(Source.random(new Random(17), 10, 300));
        follow();
        followed();
        jdbc.update("update user_view set follower_count = follower_count + 5, tweet_count = 0 where user_id = 'u1'");
        jdbc.update("update user_view set like_count = like_count - 1 where user_id = 'u2'");

        var report = reconciled("k");

        assertThat(report.reconciliation().different()).isEqualTo(2);
        assertThat(report.result()).containsEntry("recounted", 2L).containsEntry("replaced", false);
        assertThat(fixture.answers()).isEqualTo(source.expected());
        assertThat(live()).isEqualTo(1);
    }

    @Test
    void whatTheViewNeverHeardOfIsFoundAndTheViewReplaced() {
        given(Source.random(new Random(18), 10, 300));
        follow();
        followed();
        // A follow and a user that came and were lost, a user that is gone at the source, a profile that differs.
        source.user("lost", "Lost");
        var follow = source.table("follows").keySet().iterator().next();
        var ends = follow.split(",");
        jdbc.update("delete from user_fact where fact_key = ? and kind = 'FOLLOW'", follow);
        jdbc.update("update user_view set following_count = following_count - 1 where user_id = ?", ends[0]);
        jdbc.update("update user_view set follower_count = follower_count - 1 where user_id = ?", ends[1]);
        jdbc.update(
                "update user_view set name = null where user_id = (select min(user_id) from user_view where known = 1)");

        var report = reconciled("k");

        assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(report.reconciliation().missing()).isEqualTo(1);
        assertThat(report.reconciliation().different()).isPositive();
        assertThat(report.result()).containsEntry("factsMissing", 1L).containsEntry("replaced", true);
        assertThat(live()).isEqualTo(2);
        assertThat(fixture.answers()).isEqualTo(source.expected());
        assertThat(reconciled("again").reconciliation().isBalanced(0)).isTrue();
    }
}
