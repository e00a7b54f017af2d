package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.mock.web.MockHttpServletRequest;

/** The inbox on a test's database, for the tests of the rooms above. */
public final class TestIntakes {

    private TestIntakes() {}

    public static Intake on(TestDatabase database, TaskGroups groups, DatabaseClock clock) {
        return on(database, groups, clock, TestRuns.on(database, groups, clock));
    }

    public static Intake on(TestDatabase database, TaskGroups groups, DatabaseClock clock, Runs runs) {
        var jdbc = new NamedParameterJdbcTemplate(database.dataSource());
        return new Intake(
                new JdbcTriggerMessages(jdbc, SqlDialect.of(database.dataSource())),
                new JdbcVerifications(jdbc),
                HeardSignals.DEAF,
                groups,
                new NoSystems(),
                runs,
                clock,
                database.transactions(),
                new SimpleMeterRegistry(),
                event -> {});
    }

    /** The door for REST on a test's database: takes a body of a media type and gives what the sender is answered. */
    public static BiFunction<String, String, ResponseEntity<?>> rest(
            TestDatabase database, TaskGroups groups, Intake intake, Runs runs) {
        var jdbc = new NamedParameterJdbcTemplate(database.dataSource());
        var messages = new JdbcTriggerMessages(jdbc, SqlDialect.of(database.dataSource()));
        var waiters = new Waiters(runs, messages, properties(1, Duration.ofSeconds(1)), new SimpleMeterRegistry());
        var gathering = new GatheringIntake(intake, properties(1, Duration.ofSeconds(1)));
        gathering.start();
        var door = new TriggerController(
                intake,
                gathering,
                messages,
                new JdbcVerifications(jdbc),
                runs,
                groups,
                new WaitedAnswers(waiters, messages));
        return (type, body) -> {
            var request = new MockHttpServletRequest("POST", "/api/v1/triggers");
            request.setContentType(type);
            var caller = Caller.machine("sender", "upstream", Set.of(Scope.TRIGGERS_WRITE));
            return (ResponseEntity<?>) door.receive(request, caller, body.getBytes(StandardCharsets.UTF_8));
        };
    }

    static TriggerProperties properties(int maxWaiters, Duration waitPoll) {
        return new TriggerProperties(maxWaiters, waitPoll, 1, 100, Duration.ZERO, 2000, Duration.ofSeconds(2));
    }

    /** The intake over Kafka without its thread; a record that could not be stored is tried again at once. */
    public static java.util.function.Consumer<Consumer<byte[], byte[]>> kafka(Intake intake, String topic) {
        var kafka = new KafkaIntake(
                intake,
                new KafkaProperties(null, List.of(topic), "g", null, Map.of(), Duration.ofNanos(1), Map.of()),
                new SimpleMeterRegistry());
        kafka.start();
        return kafka::round;
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
