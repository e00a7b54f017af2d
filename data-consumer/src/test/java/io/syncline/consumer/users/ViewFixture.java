package io.syncline.consumer.users;

import io.syncline.client.Reports;
import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.FakeFeed;
import io.syncline.consumer.changes.Feeds;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.store.Transactions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The view on a database that holds nothing else. */
public final class ViewFixture {

    private static final List<String> TABLES = List.of(
            "user_view",
            "user_fact",
            "change_position",
            "parked_change",
            "view_freshness",
            "generation_source",
            "view_generation");

    /** As by default, but without pauses and in small batches. */
    static final ViewProperties PROPERTIES = new ViewProperties(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofSeconds(5),
            true,
            Duration.ZERO,
            Duration.ofMinutes(1),
            10,
            Duration.ZERO,
            7);

    final DataSource dataSource;
    final JdbcTemplate jdbc;

    private ViewFixture(DataSource dataSource) {
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
    }

    public static ViewFixture on(DataSource dataSource) {
        return new ViewFixture(dataSource);
    }

    public static ViewFixture empty(DataSource dataSource) {
        var fixture = new ViewFixture(dataSource);
        TABLES.forEach(table -> fixture.jdbc.update("delete from " + table));
        fixture.jdbc.update("""
                insert into view_generation (generation, state, purpose, work_key, fence, tries, due_at, opened_at, live_at)
                values (1, 'LIVE', 'FIRST', 'first', 0, 0, current_timestamp, current_timestamp, current_timestamp)""");
        fixture.jdbc.update("update live_view set generation = 1");
        return fixture;
    }

    /** The same database for a process that dies at its n-th statement. */
    public static ViewFixture dyingAt(DataSource dataSource, int step) {
        return new ViewFixture(new FailingDataSource(dataSource, step));
    }

    public boolean died() {
        return dataSource instanceof FailingDataSource failing && failing.died();
    }

    public DataSource dataSource() {
        return dataSource;
    }

    public Transactions transactions() {
        return new Transactions(
                SqlDialect.of(dataSource), JdbcClient.create(jdbc), new JdbcTransactionManager(dataSource));
    }

    UserView view() {
        return view(applied -> {});
    }

    UserView view(Consumer<UserView.Applied> applied) {
        return new UserView(
                transactions(), new JdbcGenerations(jdbc), new JdbcFacts(jdbc), new JdbcUserRows(jdbc), applied);
    }

    /** The view, for tests of what hands changes to it. */
    public io.syncline.consumer.changes.ChangeTarget target() {
        return view();
    }

    Rebuilds rebuilds() {
        return new Rebuilds(
                transactions(),
                new JdbcGenerations(jdbc),
                new JdbcGenerationSources(JdbcClient.create(jdbc)),
                Feeds.progress(this),
                view());
    }

    RebuildSteps rebuildSteps(FakeFeed provider, Path spool, Reports reports, String instance) {
        return new RebuildSteps(
                view(),
                new JdbcGenerations(jdbc),
                new JdbcGenerationSources(JdbcClient.create(jdbc)),
                new JdbcRecounts(jdbc, new JdbcUserRows(jdbc)),
                new JdbcViewComparisons(jdbc),
                Feeds.progress(this),
                Feeds.provider(provider.url()),
                new Spool(spool),
                new ReconcileReports(reports),
                PROPERTIES,
                instance);
    }

    JdbcUserReads reads() {
        return new JdbcUserReads(jdbc);
    }

    /** Applies changes of any datasets, each dataset by itself. */
    static void apply(UserView view, List<Change> changes) {
        var byDataset = new TreeMap<String, List<Change>>();
        changes.forEach(change -> byDataset
                .computeIfAbsent(change.dataset(), dataset -> new ArrayList<>())
                .add(change));
        byDataset.forEach((dataset, ofDataset) -> view.apply(dataset, ofDataset, (Instant now) -> {}));
    }

    /** What the view answers of everybody: name, tweets, following, followers, likes. */
    public Map<String, List<Object>> answers() {
        var answers = new TreeMap<String, List<Object>>();
        for (var userId : jdbc.queryForList("select distinct user_id from user_view", String.class)) {
            reads().find(userId)
                    .map(JdbcUserReads.Found::user)
                    .ifPresent(user -> answers.put(
                            userId,
                            List.of(
                                    String.valueOf(user.name()),
                                    user.tweetCount(),
                                    user.followingCount(),
                                    user.followerCount(),
                                    user.likeCount())));
        }
        return answers;
    }

    /** The counters of everybody, also of those who are not known: nothing may be left behind. */
    long sumOf(String column) {
        Long sum = jdbc.queryForObject(
                "select coalesce(sum(" + column
                        + "), 0) from user_view where generation = (select generation from live_view)",
                Long.class);
        return sum == null ? 0 : sum;
    }
}
