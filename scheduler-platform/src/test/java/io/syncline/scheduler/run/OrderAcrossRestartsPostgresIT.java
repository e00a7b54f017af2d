package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of one key keep the order of their messages whichever nodes come and go. */
class OrderAcrossRestartsPostgresIT {

    private final TestDatabase database = TestDatabase.postgres();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SettableClock clock = SettableClock.atNoon();

    /** Nothing of a former life is left to it but the tables. */
    private Runs restarted(String node) {
        return TestRuns.on(database, groups, clock, node, work -> {});
    }

    @Test
    void runsOfOneKeyNeverOverlapAndNeverOvertakeAcrossRestarts() {
        var group = groups.put(aGroup("daily").with(aSyncTask("a")));
        var order = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            // Each message comes to another process.
            order.add(restarted("node-" + i)
                    .start(List.of(new NewRun(group, "day-" + (9 - i), "customer-7", Ids.next(), "{}", null)))
                    .get(0)
                    .runId());
        }

        var first = restarted("node-a").claim(DOWNSTREAM, 10);
        assertThat(first).extracting(ClaimedTask::runId).containsExactly(order.get(0));
        // node-a dies with the call under way; nobody overtakes before its lease is over, nor afterwards.
        assertThat(restarted("node-b").claim(DOWNSTREAM, 10)).isEmpty();
        clock.advance(Runs.LEASE.plusSeconds(1));
        var takenOver = restarted("node-b").claim(DOWNSTREAM, 10);
        assertThat(takenOver).extracting(ClaimedTask::runId).containsExactly(order.get(0));
        assertThat(takenOver.get(0).attempt()).isEqualTo(1);

        // A failed run does not hold its successors.
        ended(restarted("node-b"), takenOver, failed().retryable(false));
        for (int i = 1; i < 4; i++) {
            var node = restarted("node-" + i);
            node.sweep();
            var next = node.claim(DOWNSTREAM, 10);
            assertThat(next).extracting(ClaimedTask::runId).containsExactly(order.get(i));
            ended(restarted("node-x" + i), next, completed());
        }
        // What the dead node still says of its call is nobody's any more.
        assertThat(restarted("node-a")
                        .record(List.of(new CallOutcome(
                                first.get(0),
                                new CallResult.Reported(completed().build())))))
                .containsExactly(false);
        assertThat(restarted("node-c").claim(DOWNSTREAM, 10)).isEmpty();
    }

    private static void ended(Runs node, List<ClaimedTask> claimed, ReportFixture report) {
        assertThat(node.record(List.of(new CallOutcome(claimed.get(0), new CallResult.Reported(report.build())))))
                .containsExactly(true);
    }
}
