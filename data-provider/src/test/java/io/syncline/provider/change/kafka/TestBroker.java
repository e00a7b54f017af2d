package io.syncline.provider.change.kafka;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** A real broker in this process. It makes no topic by itself. */
final class TestBroker implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final EmbeddedKafkaKraftBroker broker;

    /** Where nobody listens. */
    static int freePort() {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestBroker() {
        broker = new EmbeddedKafkaKraftBroker(1, 3);
        broker.brokerProperty("auto.create.topics.enable", "false");
        broker.brokerProperty("num.partitions", "3");
        broker.brokerProperty("transaction.state.log.replication.factor", "1");
        broker.brokerProperty("transaction.state.log.min.isr", "1");
        broker.brokerProperty("transaction.state.log.num.partitions", "2");
        broker.afterPropertiesSet();
    }

    String servers() {
        return broker.getBrokersAsString();
    }

    String setting(String topic, String name) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return broker.<String>doWithAdminFunction(admin -> {
            try {
                return admin.describeConfigs(List.of(resource))
                        .all()
                        .get()
                        .get(resource)
                        .get(name)
                        .value();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What a reader of committed records has, once there are at least so many: each partition in its order. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic, int atLeast) {
        var settings = Map.<String, Object>of("bootstrap.servers", servers(), "isolation.level", "read_committed");
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            // The topic is made by the publisher.
            var found = await().atMost(SOON)
                    .until(() -> consumer.partitionsFor(topic, SOON), parts -> parts != null && !parts.isEmpty());
            var partitions = found.stream()
                    .map(part -> new TopicPartition(part.topic(), part.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + SOON.toNanos();
            while (records.size() < atLeast && System.nanoTime() - end < 0) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            // Whatever came at once with the last of them.
            consumer.poll(Duration.ofMillis(300)).forEach(records::add);
        }
        return records;
    }

    @Override
    public void close() {
        broker.destroy();
    }
}
