package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.RetentionProperties;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.TestDatabase;
import java.util.Random;
import java.util.function.Consumer;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Runs of one node on a test's database, for the tests of the rooms above. */
public final class TestRuns {

    private TestRuns() {}

    public static RunRetention retention(TestDatabase database, DatabaseClock clock, RetentionProperties days) {
        return new RunRetention(
                new NamedParameterJdbcTemplate(database.dataSource()),
                SqlDialect.of(database.dataSource()),
                database.transaction(),
                clock,
                days);
    }

    public static Runs on(TestDatabase database, TaskGroups groups, DatabaseClock clock) {
        return on(database, groups, clock, "test-node", work -> {});
    }

    public static Runs on(
            TestDatabase database, TaskGroups groups, DatabaseClock clock, String node, Consumer<DueWork> wakeUp) {
        return on(database, groups, clock, node, wakeUp, runs -> {});
    }

    public static Runs on(
            TestDatabase database,
            TaskGroups groups,
            DatabaseClock clock,
            String node,
            Consumer<DueWork> wakeUp,
            Consumer<RunsMoved> moved) {
        var store = new JdbcRunStore(
                new NamedParameterJdbcTemplate(database.dataSource()),
                SqlDialect.of(database.dataSource()),
                database.transaction(),
                clock,
                new RunRows(groups),
                node);
        return new Runs(store, groups, new Random(42), wakeUp, moved, HeardSignals.DEAF, node);
    }
}
