package io.syncline.scheduler.observe;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.contracts.Reconciliation;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.run.IncomingReport;
import io.syncline.scheduler.run.Judging;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gauges read, on every database. */
abstract class ClusterGaugesContract {

    private static final String CREDENTIAL = """
            insert into sync_system_credential (system_key, credential_name, auth_type, revision, expires_at)
            values (:system, :name, 'mtls', 1, :expires)
            """;

    private final SettableClock clock = SettableClock.atNoon();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private TestDatabase database;
    private Runs runs;
    private ClusterGauges gauges;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void gauges() {
        database = emptyDatabase();
        runs = TestRuns.on(database, groups, clock);
        gauges = new ClusterGauges(new JdbcStanding(database.jdbc()), groups, new TwoNodes(), clock::now, meters);
    }

    @Test
    void activeAndOverdueRunsAreShownByGroupAndAGroupWithNoneShowsZero() {
        var daily = group(aGroup("daily")
                .with(aSyncTask("a").overdueAfter(Duration.ofMinutes(1)))
                .build());
        group(aGroup("idle").with(aSyncTask("a")).build());
        start(daily, "k1");
        clock.advance(Duration.ofMinutes(2));
        start(daily, "k2");
        runs.sweep();

        gauges.refresh();

        assertThat(gauge("syncline.runs.active", "group", "daily")).isEqualTo(2);
        assertThat(gauge("syncline.runs.overdue", "group", "daily")).isEqualTo(1);
        assertThat(gauge("syncline.runs.active", "group", "idle")).isZero();
        assertThat(gauge("syncline.dispatch.oldest.due.age.seconds", "system", DOWNSTREAM))
                .isEqualTo(120);
    }

    @Test
    void theLastSuccessIsThatOfTheLastCompletedRunAndTheTargetTheGroups() {
        var daily = group(aGroup("daily")
                .with(aSyncTask("a"))
                .freshness(Duration.ofHours(26))
                .build());
        start(daily, "k1");
        report(completed());
        var success = clock.now();
        clock.advance(Duration.ofHours(1));
        start(daily, "k2");
        report(ReportFixture.failed().retryable(false));

        gauges.refresh();

        assertThat(gauge("syncline.last.success.timestamp.seconds", "group", "daily"))
                .isEqualTo(success.getEpochSecond());
        assertThat(gauge("syncline.freshness.target.seconds", "group", "daily")).isEqualTo(26 * 3600);
    }

    @Test
    void rowsOffBalanceStandUntilTheNextSuccess() {
        var daily = group(aGroup("daily").with(aSyncTask("a")).build());
        start(daily, "k1");
        report(completed().reconciled(1000, 990, 12, 2, 5));
        gauges.refresh();
        assertThat(gauge("syncline.reconciliation.mismatch.rows", "group", "daily"))
                .isEqualTo(19);

        clock.advance(Duration.ofMinutes(1));
        start(daily, "k2");
        report(completed());
        gauges.refresh();
        assertThat(gauge("syncline.reconciliation.mismatch.rows", "group", "daily"))
                .isZero();
    }

    @Test
    void theDifferenceOfTheCountsCountsWhereNobodyLookedCloser() {
        assertThat(ClusterGauges.offBy(new Reconciliation(100L, 90L, null, null, null)))
                .isEqualTo(10);
        assertThat(ClusterGauges.offBy(new Reconciliation(100L, 100L, 3L, 3L, 0L)))
                .isEqualTo(6);
    }

    @Test
    void theOutboxShowsWhatWaitsAndWhatWasGivenUp() {
        message("m1", "alert", "PENDING", clock.now().minusSeconds(90));
        message("m2", "alert", "PENDING", clock.now().minusSeconds(10));
        message("m3", "webhook", "DEAD", clock.now());

        gauges.refresh();

        assertThat(gauge("syncline.outbox.pending")).isEqualTo(2);
        assertThat(gauge("syncline.outbox.oldest.age.seconds")).isEqualTo(90);
        assertThat(gauge("syncline.dead.letters", "kind", "webhook")).isEqualTo(1);
        assertThat(gauge("syncline.dead.letters", "kind", "alert")).isZero();
    }

    @Test
    void nodesThatLeftAreNotSilentAndSystemsShowTheFirstEndOfTheirCertificates() {
        system("crm");
        credential("crm", "old", clock.now().plus(Duration.ofDays(10)));
        credential("crm", "new", clock.now().plus(Duration.ofDays(90)));

        gauges.refresh();

        assertThat(gauge("syncline.node.last.checkin.timestamp.seconds", "node", "node-1"))
                .isEqualTo(SettableClock.NOON.getEpochSecond());
        assertThat(meters.find("syncline.node.last.checkin.timestamp.seconds")
                        .tag("node", "node-2")
                        .gauge())
                .isNull();
        assertThat(gauge("syncline.credential.expiry.timestamp.seconds", "system", "crm"))
                .isEqualTo(clock.now().plus(Duration.ofDays(10)).getEpochSecond());
    }

    private double gauge(String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }

    private TaskGroup group(TaskGroup group) {
        database.jdbc()
                .sql("insert into task_group (group_key, latest_version, created_at) values (:key, 1, :now)")
                .param("key", group.key())
                .param("now", JdbcTimes.toJdbc(clock.now()))
                .update();
        return groups.put(group);
    }

    private void start(TaskGroup group, String orderingKey) {
        system(DOWNSTREAM);
        runs.start(List.of(new NewRun(group, null, orderingKey, false, "t-" + orderingKey, "{}", null)));
    }

    private void system(String key) {
        var known = database.jdbc()
                .sql("select system_key from sync_system")
                .query(String.class)
                .list();
        if (!known.contains(key)) {
            database.jdbc()
                    .sql("""
                            insert into sync_system (system_key, version_number, document, changed_at, changed_by)
                            values (:key, 1, '{}', :now, 'test')
                            """)
                    .param("key", key)
                    .param("now", JdbcTimes.toJdbc(clock.now()))
                    .update();
        }
    }

    private void report(ReportFixture report) {
        var claim = runs.claim(DOWNSTREAM, 1).get(0);
        var told = report.id("c-" + claim.taskRunId()).attempt(claim.attempt()).build();
        Judging.judge(runs, List.of(new IncomingReport(claim.taskRunId(), told)));
    }

    private void message(String id, String kind, String state, Instant createdAt) {
        database.jdbc()
                .sql("""
                        insert into outbox_message (id, kind, ordering_key, key_sequence, state, deliveries, fence, due_at, created_at)
                        values (:id, :kind, :id, 1, :state, 0, 0, :at, :at)
                        """)
                .param("id", id)
                .param("kind", kind)
                .param("state", state)
                .param("at", JdbcTimes.toJdbc(createdAt))
                .update();
    }

    private void credential(String system, String name, Instant expiresAt) {
        database.jdbc()
                .sql(CREDENTIAL)
                .param("system", system)
                .param("name", name)
                .param("expires", JdbcTimes.toJdbc(expiresAt))
                .update();
    }

    /** The second one has signed off. */
    private static final class TwoNodes implements Nodes {

        @Override
        public String self() {
            return "node-1";
        }

        @Override
        public List<Node> all() {
            return List.of(node("node-1", null), node("node-2", SettableClock.NOON));
        }

        private static Node node(String id, @Nullable Instant stoppedAt) {
            return new Node(id, SettableClock.NOON, SettableClock.NOON, stoppedAt, stoppedAt == null, null, 1, null);
        }

        @Override
        public int liveCount() {
            return 1;
        }

        @Override
        public int share(int clusterLimit) {
            return clusterLimit;
        }
    }
}
