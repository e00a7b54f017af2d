package io.syncline.provider.change.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.provider.change.LogInstance;
import io.syncline.provider.change.LogInstance.Database;
import io.syncline.provider.change.LoggedChange;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.Ids;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/** What readers of the topics may rely on, over each database and a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KafkaPublisherContract {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String[] DATASETS = {
        "accounts", "orders", "visits", "rooms", "guests", "plans", "tables", "quiet"
    };

    private final String prefix = "p" + Ids.next() + ".";
    private final List<Publisher> publishers = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private TestBroker broker;
    private LogInstance instance;

    abstract Database database() throws Exception;

    @BeforeAll
    void start() throws Exception {
        var database = database();
        LogInstance.makeTables(database, DATASETS);
        instance = new LogInstance(database, Map.of(), DATASETS);
        broker = new TestBroker();
    }

    @AfterAll
    void stop() {
        if (broker != null) {
            broker.close();
        }
        if (instance != null) {
            instance.close();
        }
    }

    @AfterEach
    void stopPublishers() {
        publishers.forEach(Publisher::stop);
        publishers.clear();
    }

    private Publisher publisher(String servers, int batch, Producers producers) {
        var properties = new KafkaProperties(
                servers,
                prefix,
                Set.of("rooms"),
                null,
                null,
                Duration.ofMillis(50),
                batch,
                4_000_000,
                Duration.ofSeconds(60),
                Duration.ofMillis(400),
                Map.of("max.block.ms", "4000", "delivery.timeout.ms", "4000", "request.timeout.ms", "3000"));
        var publications = new JdbcPublications(
                instance.jdbc(), instance.bean(DatabaseClock.class), Ids.next(), properties.lease());
        var topics = new Topics(properties);
        var published = new PublisherMeters(meters, Set.of());
        var publisher = new Publisher(
                publications,
                properties,
                dataset -> new DatasetPublisher(
                        dataset, instance.log(), publications, topics, producers, properties, published, JSON));
        publishers.add(publisher);
        publisher.start();
        return publisher;
    }

    private Publisher publisher(int batch) {
        return publisher(broker.servers(), batch, Producers.real());
    }

    private void write(String dataset, String id, @Nullable Integer before, @Nullable Integer after) {
        var about = instance.dataset(dataset);
        instance.transaction()
                .executeWithoutResult(status -> instance.changes().record(about, cells(id, before), cells(id, after)));
    }

    private static @Nullable String @Nullable [] cells(String id, @Nullable Integer mark) {
        return mark == null ? null : new String[] {id, mark.toString(), "of " + id};
    }

    /** So many changes of seven rows, numbered on return. */
    private List<LoggedChange> grow(String dataset, int changes) {
        long end = instance.log().feed(dataset).last() + changes;
        for (int i = 0; i < changes; i++) {
            write(dataset, "row-" + i % 7, i < 7 ? null : i - 7, i);
        }
        await().atMost(SOON).until(() -> instance.log().feed(dataset).last() == end);
        return instance.all(dataset);
    }

    private void published(String dataset) {
        await().atMost(SOON)
                .until(() -> position(dataset) == instance.log().feed(dataset).last());
    }

    private long position(String dataset) {
        return instance.jdbc()
                .sql("select published_seq from change_publication where dataset_name = :dataset")
                .param("dataset", dataset)
                .query(Long.class)
                .optional()
                .orElse(-1L);
    }

    private double count(String meter, String dataset) {
        var counter = meters.find(meter).tag("dataset", dataset).counter();
        return counter == null ? 0 : counter.count();
    }

    private static long seq(ConsumerRecord<byte[], byte[]> record) {
        return JSON.readTree(record.value()).get("seq").longValue();
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static String event(LoggedChange change) {
        var text = new StringWriter();
        try (var generator = JSON.createGenerator(text)) {
            change.write(generator);
        }
        return text.toString();
    }

    private static void assertEachOnceInTheOrderOfItsKey(
            List<ConsumerRecord<byte[], byte[]>> records, List<LoggedChange> log) {
        assertThat(records.stream().map(KafkaPublisherContract::seq))
                .containsExactlyInAnyOrderElementsOf(
                        log.stream().map(LoggedChange::seq).toList());
        var last = new HashMap<String, Long>();
        for (var record : records) {
            var before = last.put(key(record), seq(record));
            assertThat(before == null || before < seq(record)).isTrue();
        }
    }

    @Test
    void twoInstancesBringEachChangeOnceInTheOrderOfItsKey() {
        publisher(7);
        publisher(7);

        var log = grow("accounts", 90);
        published("accounts");

        var records = broker.records(prefix + "accounts", log.size());
        assertEachOnceInTheOrderOfItsKey(records, log);
        var byNumber = new HashMap<Long, LoggedChange>();
        log.forEach(change -> byNumber.put(change.seq(), change));
        for (var record : records) {
            var change = byNumber.get(seq(record));
            assertThat(key(record)).isEqualTo(change.key());
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo(event(change));
        }
        assertThat(broker.setting(prefix + "accounts", "cleanup.policy")).isEqualTo("delete");
        assertThat(count("syncline.changes.published", "accounts")).isEqualTo(90);
    }

    /** A producer that dies at some of its commits. */
    private static final class DyingProducer extends KafkaProducer<byte[], byte[]> {
        private final AtomicInteger commits;

        DyingProducer(Map<String, Object> settings, AtomicInteger commits) {
            super(settings, new ByteArraySerializer(), new ByteArraySerializer());
            this.commits = commits;
        }

        @Override
        public void commitTransaction() {
            int commit = commits.incrementAndGet();
            if (commit == 2) {
                flush();
                throw new IllegalStateException("it dies with its records sent, not committed");
            }
            super.commitTransaction();
            if (commit == 4) {
                throw new IllegalStateException("it dies with its records committed, before that is stored");
            }
        }
    }

    @Test
    void whatWasInWorkWhenItDiedIsToldAgainAndNothingIsLost() {
        var log = grow("orders", 50);
        var commits = new AtomicInteger();

        publisher(broker.servers(), 10, settings -> new DyingProducer(settings, commits));
        published("orders");

        // Commits: 1..10, (11..20 undone), 11..20, 21..30 not stored, 21..30 once more, 31..40, 41..50.
        var records = broker.records(prefix + "orders", 60);
        assertThat(commits.get()).isEqualTo(7);
        assertThat(records).hasSize(60);
        assertThat(new TreeSet<>(
                        records.stream().map(KafkaPublisherContract::seq).toList()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, log.size()).boxed().toList());
        var newest = new HashMap<String, Long>();
        records.forEach(record -> newest.put(key(record), seq(record)));
        log.forEach(change -> assertThat(newest.get(change.key())).isGreaterThanOrEqualTo(change.seq()));
    }

    @Test
    void anInstanceThatStoodStillCannotBringOldChangesAfterNewOnes() throws Exception {
        var standing = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        publisher(
                broker.servers(),
                10,
                settings -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public void commitTransaction() {
                        standing.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        super.commitTransaction();
                    }
                });
        grow("visits", 30);
        assertThat(standing.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        instance.jdbc()
                .sql("update change_publication set lease_until = timestamp with time zone '2020-01-01 00:00:00+00:00'"
                        + " where dataset_name = 'visits'")
                .update();

        publisher(10);
        published("visits");
        goOn.countDown();
        await().atMost(SOON).until(() -> count("syncline.changes.publish.failures", "visits") > 0);
        var log = grow("visits", 10);
        published("visits");

        assertEachOnceInTheOrderOfItsKey(broker.records(prefix + "visits", log.size()), log);
    }

    @Test
    void aBrokerThatIsAwayHoldsUpAndLosesNothing() {
        var log = grow("guests", 20);
        publisher("127.0.0.1:" + TestBroker.freePort(), 10, Producers.real());
        await().atMost(SOON).until(() -> count("syncline.changes.publish.failures", "guests") > 0);
        assertThat(position("guests")).isZero();
        stopPublishers();

        var opened = new AtomicInteger();
        publisher(broker.servers(), 10, settings -> {
            // The broker is lost twice before and twice after the first batch.
            if (opened.incrementAndGet() <= 2) {
                throw new KafkaException("no broker");
            }
            return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()) {
                private int begun;

                @Override
                public void beginTransaction() {
                    if (opened.get() <= 4 && ++begun > 1) {
                        throw new KafkaException("no broker any more");
                    }
                    super.beginTransaction();
                }
            };
        });
        published("guests");

        assertEachOnceInTheOrderOfItsKey(broker.records(prefix + "guests", log.size()), log);
        assertThat(opened.get()).isGreaterThan(3);
    }

    /** A broker that dies under a publisher, and one without any memory that takes its place. */
    @Test
    void aBrokerThatDiesIsFollowedByTheNextFromWhereItWasAcknowledged() {
        var log = grow("tables", 20);
        try (var dying = new TestBroker()) {
            publisher(dying.servers(), 10, Producers.real());
            published("tables");
        }
        double failures = count("syncline.changes.publish.failures", "tables");
        var all = grow("tables", 20);
        await().atMost(SOON).until(() -> count("syncline.changes.publish.failures", "tables") > failures);
        assertThat(position("tables")).isEqualTo(log.size());
        stopPublishers();

        publisher(10);
        published("tables");

        assertEachOnceInTheOrderOfItsKey(broker.records(prefix + "tables", 20), all.subList(20, 40));
    }

    @Test
    void aTopicIsThereBeforeItsFirstChange() {
        publisher(10);

        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(broker.setting(prefix + "quiet", "cleanup.policy"))
                        .isEqualTo("delete"));
        assertThat(instance.log().feed("quiet").last()).isZero();
    }

    @Test
    void aCompactedTopicIsMadeSoAndForgetsADeletedRow() {
        publisher(10);
        write("rooms", "1", null, 1);
        write("rooms", "1", 1, null);
        write("rooms", "2", null, 2);
        await().atMost(SOON).until(() -> position("rooms") == 3);

        var records = broker.records(prefix + "rooms", 4);

        assertThat(broker.setting(prefix + "rooms", "cleanup.policy")).isEqualTo("compact");
        var ofFirst = records.stream().filter(record -> key(record).equals("1")).toList();
        assertThat(ofFirst).hasSize(3);
        assertThat(seq(ofFirst.get(0))).isEqualTo(1);
        assertThat(JSON.readTree(ofFirst.get(1).value()).get("op").stringValue())
                .isEqualTo("DELETED");
        assertThat(ofFirst.get(2).value()).isNull();
        assertThat(records).hasSize(4);
    }

    @Test
    void changesThatAreGoneBeforeTheyWerePublishedAreCountedAndTheRestGoesOn() {
        var log = grow("plans", 12);
        instance.jdbc()
                .sql("insert into change_publication (dataset_name, published_seq, fence) values ('plans', 0, 0)")
                .update();
        instance.jdbc()
                .sql("delete from change_event where dataset_name = 'plans' and dataset_seq <= 5")
                .update();
        instance.jdbc()
                .sql("update change_feed set first_seq = 6 where dataset_name = 'plans'")
                .update();

        publisher(10);
        published("plans");

        assertEachOnceInTheOrderOfItsKey(broker.records(prefix + "plans", 7), log.subList(5, 12));
        assertThat(count("syncline.changes.publish.gaps", "plans")).isEqualTo(1);
    }
}
