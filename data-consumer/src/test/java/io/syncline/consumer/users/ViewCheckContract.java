package io.syncline.consumer.users;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.client.SyncResult;
import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.Feeds;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a check of the view's freshness finds, on every database. */
abstract class ViewCheckContract {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private ViewFixture fixture;
    private JdbcTemplate jdbc;
    private Freshness freshness;
    private Instant now;

    abstract DataSource dataSource();

    @BeforeEach
    void empty() {
        fixture = ViewFixture.empty(dataSource());
        jdbc = new JdbcTemplate(dataSource());
        freshness = freshness("one");
        now = fixture.transactions().call(time -> time);
        Feeds.DATASETS.forEach(dataset -> read(dataset, now));
    }

    private Freshness freshness(String instance) {
        return new Freshness(
                fixture.transactions(),
                JdbcClient.create(dataSource()),
                instance,
                ViewFixture.PROPERTIES.freshness(),
                meters);
    }

    private void read(String dataset, Instant asOf) {
        jdbc.update("delete from change_position where dataset = ?", dataset);
        jdbc.update(
                "insert into change_position (dataset, feed, last_seq, gone, fence, as_of) values (?, 'HTTP', 1, 0, 1, ?)",
                dataset,
                toJdbc(asOf));
    }

    /** Changes that took so long until they could be read. */
    private void applied(Freshness on, int changes, Duration took) {
        var startedAt = now;
        var all = IntStream.rangeClosed(1, changes)
                .mapToObj(seq ->
                        new Change("users", seq, "u" + seq, true, Map.of("userid", "u" + seq), startedAt.minus(took)))
                .toList();
        on.accept(new UserView.Applied(all, 0, startedAt, System.nanoTime()));
    }

    private SyncResult check() {
        freshness.note();
        var check = new ViewCheck(fixture.transactions(), Feeds.progress(fixture), freshness, ViewFixture.PROPERTIES);
        return fixture.transactions().call(check::judge);
    }

    private SyncResult.Failed breach() {
        var result = check();
        assertThat(result).isInstanceOf(SyncResult.Failed.class);
        var failed = (SyncResult.Failed) result;
        assertThat(failed.retryable()).isFalse();
        return failed;
    }

    @Test
    void aFreshViewPasses() {
        applied(freshness, 100, Duration.ofMillis(100));

        assertThat(check())
                .isInstanceOfSatisfying(
                        SyncResult.Completed.class,
                        done -> assertThat(done.result())
                                .containsEntry("changes", 100L)
                                .containsEntry("late", 0L));
        assertThat(meters.get("syncline.view.freshness").timer().count()).isEqualTo(100);
    }

    @Test
    void fiveOfAHundredMayBeLateAndSixMayNotWhicheverInstanceTheyCameTo() {
        applied(freshness, 95, Duration.ofMillis(100));
        applied(freshness, 4, Duration.ofSeconds(5));
        var other = freshness("other");
        applied(other, 1, Duration.ofSeconds(5));
        other.note();
        assertThat(check()).isInstanceOf(SyncResult.Completed.class);

        applied(freshness, 1, Duration.ofSeconds(5));

        assertThat(breach().message()).contains("6 of 101 changes took longer than PT1S");
    }

    @Test
    void aSingleChangeThatTookTooLongIsABreach() {
        applied(freshness, 1000, Duration.ofMillis(100));
        applied(freshness, 1, Duration.ofSeconds(11));

        assertThat(breach().message()).contains("a change took PT11").contains("longer than PT10S");
    }

    @Test
    void whatWasMeasuredBeforeTheIntervalCountsNoMore() {
        applied(freshness, 1, Duration.ofHours(1));
        freshness.note();
        jdbc.update("update view_freshness set measured_at = ?", toJdbc(now.minus(Duration.ofMinutes(6))));

        assertThat(check()).isInstanceOf(SyncResult.Completed.class);
    }

    @Test
    void aFeedThatIsBehindGoneOrNeverReadIsABreachThoughNoChangeComes() {
        read("likes", now.minusSeconds(30));
        assertThat(breach().message()).contains("likes are read up to");

        jdbc.update("update change_position set gone = 1 where dataset = 'likes'");
        assertThat(breach().message()).contains("does not keep the next changes of likes");

        jdbc.update("delete from change_position where dataset = 'likes'");
        assertThat(breach().message()).contains("likes were never read");
    }

    @Test
    void theStatusSaysWhatACheckWouldFindAndHowFarEachFeedIs() {
        read("likes", now.minusSeconds(30));
        applied(freshness, 10, Duration.ofMillis(100));
        freshness.note();
        var progress = Feeds.progress(fixture);
        var check = new ViewCheck(fixture.transactions(), progress, freshness, ViewFixture.PROPERTIES);

        var view = new ViewStatus(fixture.transactions(), check, progress, jdbc).view();

        assertThat(view.breaches()).singleElement().asString().contains("likes are read up to");
        assertThat(view.asOf()).isEqualTo(now.minusSeconds(30));
        assertThat(view.generation()).isEqualTo(1);
        assertThat(view.parked()).isZero();
        assertThat(view.recent().changes()).isEqualTo(10);
        assertThat(view.recent().late()).isZero();
        assertThat(view.feeds())
                .hasSize(4)
                .allMatch(feed -> feed.seq() == 1 && !feed.gone())
                .extracting(ViewStatus.Feed::dataset)
                .containsExactlyInAnyOrderElementsOf(Feeds.DATASETS);
        assertThat(view.lastWork().purpose()).isEqualTo("FIRST");
        assertThat(view.lastWork().state()).isEqualTo("LIVE");
    }

    @Test
    void theStatusShowsARebuildWhileItGoesOn() {
        var progress = Feeds.progress(fixture);
        var check = new ViewCheck(fixture.transactions(), progress, freshness, ViewFixture.PROPERTIES);
        fixture.rebuilds().open(Generation.Purpose.REBUILD, "rebuild-one");

        var view = new ViewStatus(fixture.transactions(), check, progress, jdbc).view();

        assertThat(view.generation()).isEqualTo(1);
        assertThat(view.lastWork().rebuildId()).isEqualTo("rebuild-one");
        assertThat(view.lastWork().state()).isEqualTo("FILLING");
        assertThat(view.lastWork().endedAt()).isNull();
    }

    @Test
    void aParkedChangeIsABreach() {
        jdbc.update(
                "insert into parked_change (dataset, feed, feed_position, reason, parked_at) values ('users', 'HTTP', '7', 'r', ?)",
                toJdbc(now));

        assertThat(breach().message()).contains("1 changes were parked");
    }

    @Test
    void aChangeThatCameBeforeIsNotMeasuredAgain() {
        var source = new Source();
        source.user("1", "Ann");
        source.follow("1", "1");
        var view = fixture.view(freshness);
        ViewFixture.apply(view, source.log());

        ViewFixture.apply(view, source.log());

        assertThat(meters.get("syncline.view.freshness").timer().count()).isEqualTo(2);
        assertThat(meters.get("syncline.view.changes")
                        .tag("outcome", "ignored")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void nothingMeasuredIsNoBreach() {
        assertThat(check()).isInstanceOf(SyncResult.Completed.class);
        assertThat(meters.get("syncline.view.freshness").timer().count()).isZero();
    }
}
