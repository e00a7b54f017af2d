package io.syncline.scheduler.trigger;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The intake over Kafka.
 *
 * @param bootstrapServers null or blank: this node takes nothing from Kafka
 * @param topics whose records are trigger messages
 * @param groupId of the consumers, the same on all nodes
 * @param system whose messages the topics hold, as if its client had sent them; null: only sources that no system reserves
 * @param systems the same for single topics, by name
 * @param maxRetryDelay the longest pause before a record is tried again that could not be stored
 * @param properties of the Kafka client, such as {@code security.protocol}
 */
@ConfigurationProperties("syncline.kafka")
record KafkaProperties(
        @Nullable String bootstrapServers,
        @DefaultValue("syncline.triggers") List<String> topics,
        @DefaultValue("syncline-intake") String groupId,
        @Nullable String system,
        @DefaultValue Map<String, String> systems,
        @DefaultValue("30s") Duration maxRetryDelay,
        @DefaultValue Map<String, String> properties) {

    boolean isOn() {
        return bootstrapServers != null && !bootstrapServers.isBlank();
    }

    @Nullable
    String systemOf(String topic) {
        return systems.getOrDefault(topic, system);
    }
}
