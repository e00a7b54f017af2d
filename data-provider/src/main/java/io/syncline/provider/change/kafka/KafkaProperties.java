package io.syncline.provider.change.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The change log on Kafka.
 *
 * @param bootstrapServers null or blank: nothing goes to Kafka
 * @param topicPrefix of the topics; the dataset's name follows
 * @param compacted datasets whose topics keep the last change of each key; a deletion is followed by a tombstone there
 * @param partitions of a topic that is made here; null: as many as the broker gives
 * @param replication of a topic that is made here; null: as the broker has it
 * @param poll how often it is looked for changes that other instances numbered
 * @param batch most changes in one transaction of the broker
 * @param batchChars after so many characters of rows a batch ends
 * @param lease how long a dataset stays with an instance that is not heard of
 * @param maxRetryDelay the longest pause before it is tried again with a broker that was away
 * @param properties of the Kafka client, such as {@code security.protocol}
 */
@ConfigurationProperties("syncline.provider.kafka")
record KafkaProperties(
        @Nullable String bootstrapServers,
        @DefaultValue("syncline.changes.") String topicPrefix,
        @DefaultValue Set<String> compacted,
        @Nullable Integer partitions,
        @Nullable Short replication,
        @DefaultValue("500ms") Duration poll,
        @DefaultValue("500") int batch,
        @DefaultValue("4000000") long batchChars,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("30s") Duration maxRetryDelay,
        @DefaultValue Map<String, String> properties) {

    KafkaProperties {
        if (poll.toMillis() < 1 || lease.toMillis() < 1 || maxRetryDelay.toMillis() < 1) {
            throw new IllegalArgumentException("the times under syncline.provider.kafka are 1 ms or more");
        }
        if (batch < 1 || batchChars < 1) {
            throw new IllegalArgumentException("the bounds under syncline.provider.kafka are all above zero");
        }
    }

    String topic(String dataset) {
        return topicPrefix + dataset;
    }

    String servers() {
        return bootstrapServers == null ? "" : bootstrapServers;
    }
}
