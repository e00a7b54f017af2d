package io.syncline.systemtests;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The cluster's topic, as upstream systems write to it and as the nodes read from it. */
final class Topic implements AutoCloseable {

    static final String STRUCTURED = "application/cloudevents+json";

    /** Of the nodes, unless they are told otherwise. */
    private static final String GROUP = "syncline-intake";

    private static final long SOON = 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;

    Topic(Cluster cluster) {
        var config = Map.<String, Object>of("bootstrap.servers", cluster.brokers());
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        admin = Admin.create(config);
    }

    /** Returns the record's offset; null: Kafka chooses the partition. */
    long send(@Nullable Integer partition, Map<String, String> headers, String body) {
        var all = new RecordHeaders();
        headers.forEach((name, text) -> all.add(name, text.getBytes(StandardCharsets.UTF_8)));
        try {
            return producer.send(new ProducerRecord<>(
                            Cluster.TOPIC, partition, (byte[]) null, body.getBytes(StandardCharsets.UTF_8), all))
                    .get(SOON, TimeUnit.SECONDS)
                    .offset();
        } catch (InterruptedException | ExecutionException | TimeoutException trouble) {
            throw new AssertionError("the record was not written", trouble);
        }
    }

    long sendStructured(int partition, Map<String, Object> event) {
        return send(partition, Map.of("content-type", STRUCTURED), JSON.writeValueAsString(event));
    }

    /** From where the nodes would read the partition on. */
    long committed(int partition) {
        try {
            var offset = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(SOON, TimeUnit.SECONDS)
                    .get(new TopicPartition(Cluster.TOPIC, partition));
            return offset == null ? 0 : offset.offset();
        } catch (InterruptedException | ExecutionException | TimeoutException trouble) {
            throw new AssertionError("the brokers did not tell the offsets", trouble);
        }
    }

    /** Nodes that hold a partition now. */
    long readers() {
        try {
            return admin
                    .describeConsumerGroups(List.of(GROUP))
                    .describedGroups()
                    .get(GROUP)
                    .get(SOON, TimeUnit.SECONDS)
                    .members()
                    .stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .count();
        } catch (InterruptedException | ExecutionException | TimeoutException trouble) {
            throw new AssertionError("the brokers did not tell the members", trouble);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
    }
}
