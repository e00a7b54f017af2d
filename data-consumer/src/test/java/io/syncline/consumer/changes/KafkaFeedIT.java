package io.syncline.consumer.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.consumer.users.Databases;
import io.syncline.consumer.users.Source;
import io.syncline.consumer.users.ViewFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import tools.jackson.databind.json.JsonMapper;

/** Instances that follow changes over the topics of a real broker into the view. */
class KafkaFeedIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> DATASETS = List.of("users", "tweets", "follows", "likes");
    private static final int PARTITIONS = 3;

    private static EmbeddedKafkaKraftBroker broker;
    private static KafkaProducer<byte[], byte[]> producer;

    private final JsonMapper json = JsonMapper.builder().build();
    private final String prefix = "c" + UUID.randomUUID() + ".";
    private final List<KafkaFeed> instances = new ArrayList<>();
    private ViewFixture fixture;
    private JdbcTemplate jdbc;

    @BeforeAll
    static void startBroker() {
        broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);
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
        fixture = ViewFixture.empty(Databases.h2());
        jdbc = new JdbcTemplate(fixture.dataSource());
        DATASETS.forEach(dataset -> broker.addTopics(prefix + dataset));
    }

    @AfterEach
    void stop() {
        instances.forEach(KafkaFeed::stop);
    }

    private KafkaFeed start(ChangeTarget target) {
        var positions = new JdbcPositions(
                fixture.transactions(), JdbcClient.create(fixture.dataSource()), "any", Duration.ofSeconds(15));
        var feed = new KafkaFeed(
                new ChangeReader(json),
                target,
                positions,
                new JdbcParkedChanges(JdbcClient.create(fixture.dataSource())),
                fixture.transactions(),
                new KafkaProperties(
                        broker.getBrokersAsString(),
                        prefix,
                        "view-" + prefix,
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Map.of("session.timeout.ms", "3000", "heartbeat.interval.ms", "500")),
                new SimpleMeterRegistry());
        instances.add(feed);
        feed.start();
        return feed;
    }

    private void send(List<Change> changes) throws Exception {
        for (var change : changes) {
            sendRaw(change.dataset(), change.key(), json.writeValueAsString(FakeFeed.event(change)));
        }
    }

    private void sendRaw(String dataset, String key, @Nullable String value) throws Exception {
        producer.send(new ProducerRecord<>(
                        prefix + dataset,
                        key.getBytes(StandardCharsets.UTF_8),
                        value == null ? null : value.getBytes(StandardCharsets.UTF_8)))
                .get(20, TimeUnit.SECONDS);
    }

    private long committed() {
        return broker.<Long>doWithAdminFunction(admin -> {
            try {
                Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets("view-" + prefix)
                        .partitionsToOffsetAndMetadata()
                        .get();
                return offsets.values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void reached(long records) {
        await().atMost(SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(records));
    }

    /** A view whose transactions fail as a test wants it. */
    private record Disturbed(ChangeTarget view, Consumer<List<Change>> disturbance) implements ChangeTarget {
        @Override
        public List<String> datasets() {
            return view.datasets();
        }

        @Override
        public void check(Change change) {
            view.check(change);
        }

        @Override
        public void apply(String dataset, List<Change> changes, Consumer<Instant> also) {
            disturbance.accept(changes);
            view.apply(dataset, changes, also);
        }
    }

    @Test
    void instancesThatComeAndGoGiveTheRecount() throws Exception {
        var source = Source.random(new Random(3), 10, 300);
        var log = source.log();
        send(log.subList(0, log.size() / 2));
        var first = start(fixture.target());
        start(fixture.target());
        await().atMost(SOON).until(() -> committed() > 20);

        first.stop();
        send(log.subList(log.size() / 2, log.size()));
        send(log.subList(log.size() / 3, log.size()));

        reached(log.size() + log.size() - log.size() / 3);
        assertThat(fixture.answers()).isEqualTo(source.expected());
        // Partitions without any record are at their end too.
        var progress = new FeedProgress(JdbcClient.create(jdbc), KafkaFeed.FEED + "%", DATASETS);
        await().atMost(SOON)
                .until(() -> progress.asOf()
                        .filter(asOf -> asOf.isAfter(Source.BEGINNING.plus(Duration.ofHours(1))))
                        .isPresent());
    }

    @Test
    void whatIsNoChangeIsParkedATombstoneIsNotAndNeitherHoldsUp() throws Exception {
        var source = new Source();
        source.user("1", "Ann");
        source.user("2", "Bob");
        sendRaw("users", "1", "{\"seq\":");
        sendRaw("users", "1", null);
        sendRaw("users", "1", "{\"seq\":1,\"key\":\"1\",\"op\":\"TRUNCATED\",\"dataset\":\"users\"}");
        send(source.log());

        start(fixture.target());

        reached(5);
        assertThat(fixture.answers()).isEqualTo(source.expected());
        assertThat(jdbc.queryForList("select reason from parked_change", String.class))
                .hasSize(2)
                .contains("op must be CREATED, UPDATED or DELETED");
    }

    @Test
    void aChangeThatTheDatabaseNeverTakesIsParkedAlone() throws Exception {
        var source = new Source();
        source.user("1", "Ann");
        source.user("2", "never");
        source.user("3", "Cy");
        send(source.log());

        start(new Disturbed(fixture.target(), changes -> {
            if (changes.stream().anyMatch(change -> "never".equals(change.field("name")))) {
                throw new DataIntegrityViolationException("as the test wants it");
            }
        }));

        reached(3);
        assertThat(fixture.answers()).containsOnlyKeys("1", "3");
        assertThat(jdbc.queryForObject("select count(*) from parked_change", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void aDatabaseThatIsAwayHoldsUpAndSkipsNothing() throws Exception {
        var source = Source.random(new Random(4), 5, 40);
        send(source.log());
        var failures = new AtomicInteger(9);

        start(new Disturbed(fixture.target(), changes -> {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new TransientDataAccessResourceException("away");
            }
        }));

        reached(source.log().size());
        assertThat(fixture.answers()).isEqualTo(source.expected());
        assertThat(jdbc.queryForObject("select count(*) from parked_change", Integer.class))
                .isZero();
    }
}
