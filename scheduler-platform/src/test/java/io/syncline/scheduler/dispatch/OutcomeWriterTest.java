package io.syncline.scheduler.dispatch;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.run.CallOutcome;
import io.syncline.scheduler.run.CallResult;
import io.syncline.scheduler.run.ClaimedTask;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.OneNode;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class OutcomeWriterTest {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SettableClock clock = SettableClock.atNoon();
    private final Unreliable unreliable = new Unreliable(DATABASE.dataSource());
    private final TestDatabase database = new TestDatabase(unreliable);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Runs runs;
    private OutcomeWriter writer;

    /** Gives no connection the next few times. */
    private static final class Unreliable extends DelegatingDataSource {
        private final AtomicInteger failures = new AtomicInteger();

        private Unreliable(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new SQLNonTransientConnectionException("the database is away", "08001");
            }
            return super.getConnection();
        }
    }

    @BeforeEach
    void open() {
        var jdbc = new NamedParameterJdbcTemplate(unreliable);
        List.of("call", "callback", "journal", "task_run", "run", "run_slot")
                .forEach(table -> jdbc.update("delete from " + table, Map.of()));
        runs = TestRuns.on(database, groups, clock);
        writer = new OutcomeWriter(
                runs,
                new JdbcCalls(jdbc, SqlDialect.H2, new OneNode("node")),
                database.transactions(),
                new DispatchProperties(
                        true,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        500,
                        Duration.ZERO,
                        Duration.ofSeconds(1)),
                meters);
    }

    private List<ClaimedTask> claims() {
        var group = groups.put(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), anAsyncTask("c")));
        runs.start(List.of(new NewRun(group, "k", "k", Ids.next(), "{}", null)));
        return runs.claim(DOWNSTREAM, 10);
    }

    private CallRow row(ClaimedTask claim, String outcome) {
        return new CallRow(
                Ids.next(),
                claim.taskRunId(),
                claim.runId(),
                "SYNC",
                claim.attempt(),
                claim.round(),
                claim.fence(),
                clock.now(),
                5,
                "http://one",
                202,
                outcome,
                null,
                true,
                null);
    }

    private void accepted(ClaimedTask claim) {
        writer.add(new CallOutcome(claim, new CallResult.Accepted()), row(claim, "ACCEPTED"));
    }

    private List<String> states() {
        return DATABASE.jdbc()
                .sql("select state from task_run order by task_no")
                .query(String.class)
                .list();
    }

    private int applied(int flag) {
        return DATABASE.jdbc()
                .sql("select count(*) from call where applied = ?")
                .param(flag)
                .query(Integer.class)
                .single();
    }

    @Test
    void outcomesAndTheirCallsAreWrittenTogether() throws InterruptedException {
        claims().forEach(this::accepted);
        assertThat(writer.awaitWritten(1)).isFalse();

        writer.writeNext(1000, 0);

        assertThat(states()).containsExactly("RUNNING", "RUNNING", "RUNNING");
        assertThat(applied(1)).isEqualTo(3);
        assertThat(writer.awaitWritten(1)).isTrue();
    }

    @Test
    void nothingIsLostWhileTheDatabaseIsAway() throws InterruptedException {
        claims().forEach(claim -> {
            writer.expect(claim);
            accepted(claim);
        });
        unreliable.failures.set(4);

        assertThat(writer.writeNext(1000, 0)).isEqualTo(Duration.ofMillis(50));
        assertThat(writer.inHand()).hasSize(3);
        assertThat(writer.writeNext(1000, 0)).isEqualTo(Duration.ofMillis(100));
        writer.writeNext(1000, 0);
        writer.writeNext(1000, 0);
        assertThat(writer.writeNext(1000, 0)).isZero();

        assertThat(unreliable.failures.get()).isZero();
        assertThat(states()).containsExactly("RUNNING", "RUNNING", "RUNNING");
        assertThat(applied(1)).isEqualTo(3);
    }

    @Test
    void oneBadRowDoesNotHoldUpTheOthers() throws InterruptedException {
        var claims = claims();
        accepted(claims.get(0));
        writer.add(new CallOutcome(claims.get(1), new CallResult.Accepted()), row(claims.get(1), "X".repeat(40)));
        accepted(claims.get(2));

        writer.writeNext(1000, 0);

        assertThat(applied(1)).isEqualTo(2);
        assertThat(states()).containsExactlyInAnyOrder("RUNNING", "CALLING", "RUNNING");
        assertThat(writer.awaitWritten(1)).isTrue();
    }

    @Test
    void aCallWhoseOutcomeCannotBeWrittenIsMadeAgainAlthoughItsNodeLives() throws InterruptedException {
        var claims = claims();
        claims.forEach(writer::expect);
        accepted(claims.get(0));
        writer.add(new CallOutcome(claims.get(1), new CallResult.Accepted()), row(claims.get(1), "X".repeat(40)));
        writer.writeNext(1000, 0);
        assertThat(writer.inHand()).containsExactly(claims.get(2));

        for (int seconds = 0; seconds < 15; seconds += 3) {
            clock.advance(Duration.ofSeconds(3));
            runs.renewLeases(writer.inHand());
        }

        assertThat(runs.claim(DOWNSTREAM, 10))
                .extracting(ClaimedTask::taskRunId)
                .containsExactly(claims.get(1).taskRunId());
    }

    @Test
    void aStaleOutcomeIsCountedAndItsCallShownAsNotApplied() throws InterruptedException {
        var claims = claims();
        clock.advance(Runs.LEASE);
        runs.claim(DOWNSTREAM, 10);

        claims.forEach(this::accepted);
        writer.writeNext(1000, 0);

        assertThat(applied(0)).isEqualTo(3);
        assertThat(meters.counter("syncline.stale.outcomes").count()).isEqualTo(3);
        assertThat(states()).containsOnly("CALLING");
    }
}
