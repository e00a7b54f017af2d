package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The inbox on a test's database, for the tests of the rooms above. */
public final class TestIntakes {

    private TestIntakes() {}

    public static Intake on(TestDatabase database, TaskGroups groups, DatabaseClock clock) {
        var jdbc = new NamedParameterJdbcTemplate(database.dataSource());
        return new Intake(
                new JdbcTriggerMessages(jdbc),
                new JdbcVerifications(jdbc),
                HeardSignals.DEAF,
                groups,
                new NoSystems(),
                TestRuns.on(database, groups, clock),
                clock,
                database.transactions(),
                new SimpleMeterRegistry(),
                event -> {});
    }

    /** Sends an event in structured mode. */
    public static Judgement send(Intake intake, String event) {
        return intake.accept(
                CloudEventReader.structured(event.getBytes(StandardCharsets.UTF_8)),
                new Sender("sender", null, "REST", null));
    }

    private static final class NoSystems implements Systems {
        @Override
        public Optional<SyncSystem> find(String key) {
            return Optional.empty();
        }

        @Override
        public List<SyncSystem> all() {
            return List.of();
        }

        @Override
        public Set<String> ownersOf(String source) {
            return Set.of();
        }
    }
}
