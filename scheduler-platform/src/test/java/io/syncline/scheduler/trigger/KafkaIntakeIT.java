package io.syncline.scheduler.trigger;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** Nodes of a cluster on one topic of a real broker. */
class KafkaIntakeIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.h2();

    private static EmbeddedKafkaKraftBroker broker;
    private static KafkaProducer<byte[], byte[]> producer;

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final HeardSignals signals = new HeardSignals();
    private final List<KafkaIntake> nodes = new ArrayList<>();
    private final List<Object> published = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final String topic = "t" + UUID.randomUUID();

    @BeforeAll
    static void startBroker() throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        broker = new EmbeddedKafkaKraftBroker(1, 2);
        broker.kafkaPorts(port);
        broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
        broker.brokerProperty("group.min.session.timeout.ms", "1000");
        broker.afterPropertiesSet();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.getBrokersAsString(), "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close(Duration.ofSeconds(2));
        broker.destroy();
    }

    @BeforeEach
    void open() {
        var jdbc = new NamedParameterJdbcTemplate(DATABASE.dataSource());
        List.of("journal", "task_run", "run", "run_slot", "trigger_verification", "trigger_message")
                .forEach(table -> jdbc.update("delete from " + table, Map.of()));
        groups.put(aGroup("daily").with(aSyncTask("a")).triggeredBy("/billing", "ready"));
        broker.addTopics(topic);
    }

    @AfterEach
    void stop() {
        nodes.forEach(KafkaIntake::stop);
    }

    private KafkaIntake startNode() {
        var jdbc = new NamedParameterJdbcTemplate(DATABASE.dataSource());
        // The first reads of the time fail as often as the test says: the database is away.
        DatabaseClock clock = () -> {
            if (failures.get() > 0 && failures.decrementAndGet() >= 0) {
                throw new TransientDataAccessResourceException("away");
            }
            return SettableClock.NOON;
        };
        Runs runs = TestRuns.on(DATABASE, groups, clock);
        var intake = new Intake(
                new JdbcTriggerMessages(jdbc, SqlDialect.of(DATABASE.dataSource())),
                new JdbcVerifications(jdbc),
                signals,
                groups,
                new OneOwner(),
                runs,
                clock,
                DATABASE.transactions(),
                new SimpleMeterRegistry(),
                published::add);
        var properties = new KafkaProperties(
                broker.getBrokersAsString(),
                List.of(topic),
                "intake-" + topic,
                "billing",
                Map.of(),
                Duration.ofSeconds(1),
                Map.of("session.timeout.ms", "3000", "heartbeat.interval.ms", "500"));
        var node = new KafkaIntake(intake, properties, new SimpleMeterRegistry());
        nodes.add(node);
        node.start();
        return node;
    }

    /** One source that another system keeps for itself. */
    private static final class OneOwner implements Systems {
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
            return source.equals("/crm") ? Set.of("crm") : Set.of();
        }
    }

    private void send(int partition, Map<String, String> headers, @Nullable String body) throws Exception {
        var all = new RecordHeaders();
        headers.forEach((name, text) -> all.add(name, text.getBytes(StandardCharsets.UTF_8)));
        producer.send(new ProducerRecord<>(
                        topic,
                        partition,
                        (byte[]) null,
                        body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                        all))
                .get(20, TimeUnit.SECONDS);
    }

    private void send(int partition, String id) throws Exception {
        send(
                partition,
                Map.of("content-type", "application/cloudevents+json"),
                "{\"specversion\":\"1.0\",\"id\":\"" + id
                        + "\",\"source\":\"/billing\",\"type\":\"ready\",\"subject\":\"" + id
                        + "\",\"data\":{\"n\":1}}");
    }

    private List<String> kept(String status) {
        return DATABASE.jdbc()
                .sql("select message_id from trigger_message where status = ? order by trigger_id")
                .param(status)
                .query(String.class)
                .list();
    }

    private long committed(int partition) {
        return broker.<Long>doWithAdminFunction(admin -> {
            try {
                Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets("intake-" + topic)
                        .partitionsToOffsetAndMetadata()
                        .get();
                var offset = offsets.get(new TopicPartition(topic, partition));
                return offset == null ? 0L : offset.offset();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whatIsNoEventIsKeptAndHoldsNothingUpAndBothModesAreTheSameMessage() throws Exception {
        send(0, "1");
        send(0, Map.of("content-type", "application/json"), "{\"what\": \"is this\"}");
        send(0, Map.of("content-type", "application/cloudevents-batch+json"), "[]");
        send(0, Map.of("content-type", "application/cloudevents+json"), "{\"specversion\":");
        send(
                0,
                Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        "1",
                        "ce_source",
                        "/billing",
                        "ce_type",
                        "ready",
                        "ce_subject",
                        "1",
                        "content-type",
                        "application/json; charset=utf-8",
                        "traceparent",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                "{ \"n\": 1.0 }");
        send(0, Map.of("ce_specversion", "1.0", "ce_id", "9", "ce_source", "/crm", "ce_type", "ready"), null);
        send(0, "2");
        var node = startNode();

        await().atMost(SOON).untilAsserted(() -> assertThat(committed(0)).isEqualTo(7));

        assertThat(kept("ACCEPTED")).containsExactly("1", "2");
        assertThat(kept("REJECTED")).containsExactly("1", "2", "3");
        assertThat(kept("CONFLICT")).isEmpty();
        assertThat(published).singleElement().isInstanceOf(ForeignSource.class);
        assertThat(signals.raised()).hasSize(3);
        assertThat(node.isConnected()).isTrue();
        assertThat(DATABASE.jdbc()
                        .sql("select distinct client_id || ' ' || system_key || ' ' || transport from trigger_message")
                        .query(String.class)
                        .list())
                .containsExactly("kafka:" + topic + " billing KAFKA");
    }

    @Test
    void aDatabaseThatIsAwayHoldsItsPartitionUpAndSkipsNothing() throws Exception {
        failures.set(8);
        for (int i = 0; i < 5; i++) {
            send(0, "a" + i);
        }
        startNode();

        await().atMost(SOON).untilAsserted(() -> assertThat(committed(0)).isEqualTo(5));

        assertThat(failures).hasValue(0);
        assertThat(kept("ACCEPTED")).containsExactly("a0", "a1", "a2", "a3", "a4");
        assertThat(kept("REJECTED")).isEmpty();
    }

    @Test
    void nodesThatComeAndGoAndABrokerThatIsAwayLoseNothingAndStartNothingTwice() throws Exception {
        var first = startNode();
        for (int i = 0; i < 10; i++) {
            send(i % 2, "b" + i);
        }
        var second = startNode();
        for (int i = 10; i < 40; i++) {
            send(i % 2, "b" + i);
        }
        await().atMost(SOON).until(() -> kept("ACCEPTED").size() >= 20);
        first.stop();
        for (int i = 40; i < 60; i++) {
            send(i % 2, "b" + i);
        }
        await().atMost(SOON).until(() -> kept("ACCEPTED").size() == 60);

        var server = broker.getCluster().brokers().get(0);
        server.shutdown();
        server.awaitShutdown();
        await().atMost(SOON).until(() -> !second.isConnected());
        server.startup();
        for (int i = 60; i < 80; i++) {
            send(i % 2, "b" + i);
        }

        await().atMost(SOON).until(() -> kept("ACCEPTED").size() == 80);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(committed(0) + committed(1)).isEqualTo(80));
        assertThat(kept("REJECTED")).isEmpty();
        assertThat(DATABASE.jdbc()
                        .sql("select count(*) from run")
                        .query(Integer.class)
                        .single())
                .isEqualTo(80);
    }
}
