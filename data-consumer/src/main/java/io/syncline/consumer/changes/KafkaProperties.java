package io.syncline.consumer.changes;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Changes over Kafka instead of the provider's feed.
 *
 * @param bootstrapServers null or blank: changes come over HTTP
 * @param topicPrefix of the topics; the dataset's name follows
 * @param groupId of the consumers, the same on all instances
 * @param lookEvery between two looks whether the end of the topics is reached
 * @param maxRetryDelay the longest pause before records are tried again that could not be applied
 * @param properties of the Kafka client, such as {@code security.protocol}
 */
@ConfigurationProperties("syncline.kafka")
record KafkaProperties(
        @Nullable String bootstrapServers,
        @DefaultValue("syncline.changes.") String topicPrefix,
        @DefaultValue("syncline-user-view") String groupId,
        @DefaultValue("PT1S") Duration lookEvery,
        @DefaultValue("PT30S") Duration maxRetryDelay,
        @DefaultValue Map<String, String> properties) {

    boolean isOn() {
        return bootstrapServers != null && !bootstrapServers.isBlank();
    }
}
