package io.syncline.scheduler.dispatch;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.SameToken;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.CallbackTokenProperties;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.store.SteadyClock;
import io.syncline.scheduler.testing.InMemoryTables;
import io.syncline.scheduler.testing.OneNode;
import io.syncline.scheduler.testing.TestDatabase;
import io.syncline.tracing.Spans;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** Dispatch of one simulated node without its threads: the real rounds and the real writer of outcomes, step by step. */
public final class SimulatedDispatch {

    private static final DispatchProperties PROPERTIES = new DispatchProperties(
            true,
            Duration.ofMillis(500),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            500,
            Duration.ZERO,
            Duration.ofSeconds(30));

    private final Runs runs;
    private final Rounds rounds;
    private final OutcomeWriter outcomes;

    /** An outcome as it was committed. */
    public record Written(
            String taskRunId,
            boolean cancel,
            int attempt,
            int round,
            long fence,
            String outcome,
            @Nullable Integer status,
            boolean applied) {}

    /** @param calls the table of calls, shared by all nodes */
    public SimulatedDispatch(
            Runs runs,
            Downstreams downstreams,
            SteadyClock clock,
            PlatformTransactionManager transactions,
            InMemoryTables database,
            List<Object> calls,
            LongSupplier nanos,
            Random random,
            MeterRegistry meters) {
        this(
                runs,
                downstreams,
                clock,
                transactions,
                rows -> rows.forEach(row -> database.append(calls, row)),
                nanos,
                random,
                meters);
    }

    private SimulatedDispatch(
            Runs runs,
            Downstreams downstreams,
            SteadyClock clock,
            PlatformTransactionManager transactions,
            Calls calls,
            LongSupplier nanos,
            Random random,
            MeterRegistry meters) {
        this.runs = runs;
        var syncCall = new SyncCall(
                (taskRunId, attempt, expiresAt) -> taskRunId + "." + attempt,
                new CallbackTokenProperties(Duration.ofHours(24)),
                new SameToken());
        outcomes = new OutcomeWriter(runs, calls, transactions, PROPERTIES, meters);
        rounds = new Rounds(runs, downstreams, syncCall, outcomes, clock, PROPERTIES, Spans.UNTOLD, nanos, random);
        rounds.begin();
    }

    /** Over the tables of a database, in a time that stands still between two steps. */
    public static SimulatedDispatch onTables(
            TestDatabase database, Runs runs, Downstreams downstreams, SteadyClock clock, MeterRegistry meters) {
        var calls = new JdbcCalls(
                new NamedParameterJdbcTemplate(database.dataSource()),
                SqlDialect.of(database.dataSource()),
                new OneNode("test-node"));
        return new SimulatedDispatch(
                runs, downstreams, clock, database.transactions(), calls, () -> 0, new Random(42), meters);
    }

    /** @param poll whether it looks for work that nobody announced */
    public int round(Set<String> systems, boolean poll) {
        return rounds.make(new WakeUp.Call(systems, poll));
    }

    public boolean isHungry() {
        return rounds.isHungry();
    }

    /** Writes what there is; returns how long to wait before more is tried. */
    public Duration write() {
        try {
            return outcomes.writeNext(0, 0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void renewLeases() {
        runs.renewLeases(outcomes.inHand());
    }

    public boolean hasCallsInHand() {
        return !outcomes.inHand().isEmpty();
    }

    public static Written written(Object row) {
        var call = (CallRow) row;
        return new Written(
                call.taskRunId(),
                call.kind().equals("CANCEL"),
                call.attempt(),
                call.round(),
                call.fence(),
                call.outcome(),
                call.status(),
                call.applied());
    }
}
