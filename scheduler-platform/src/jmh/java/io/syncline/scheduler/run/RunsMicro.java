package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.GroupFixture;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A batch of runs on an embedded PostgreSQL: started, claimed, and its outcomes written, each in one transaction. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(jvmArgsAppend = "-D" + TestDatabase.DURABLE + "=true")
public class RunsMicro {

    @Param({"1", "50", "500"})
    public int batch;

    private Runs runs;
    private TaskGroup group;

    @Setup
    public void open() {
        var groups = new FixedTaskGroups();
        group = groups.put(GroupFixture.aGroup("micro").with(anAsyncTask("load")));
        DatabaseClock clock = () -> Instant.now().truncatedTo(ChronoUnit.MICROS);
        var database = TestDatabase.postgres();
        requireDurable(database.jdbc());
        runs = TestRuns.on(database, groups, clock);
    }

    /** The server of the tests forgets what it committed when the machine stops; what is timed here does not. */
    private static void requireDurable(JdbcClient jdbc) {
        var settings = jdbc.sql("select current_setting('fsync') || current_setting('synchronous_commit')")
                .query(String.class)
                .single();
        if (!settings.equals("onon")) {
            throw new IllegalStateException("fsync and synchronous_commit have to be on: " + settings);
        }
    }

    @Benchmark
    public List<Boolean> startClaimAndComplete() {
        runs.start(IntStream.range(0, batch)
                .mapToObj(i -> {
                    var id = Ids.next();
                    return new NewRun(group, id, id, id, "{\"source\":\"/billing\",\"id\":\"1\"}", null);
                })
                .toList());
        var claimed = runs.claim(DOWNSTREAM, batch);
        if (claimed.size() != batch) {
            throw new IllegalStateException("claimed " + claimed.size() + " of " + batch);
        }
        return runs.record(claimed.stream()
                .map(claim -> new CallOutcome(
                        claim, new CallResult.Reported(completed().build())))
                .toList());
    }
}
