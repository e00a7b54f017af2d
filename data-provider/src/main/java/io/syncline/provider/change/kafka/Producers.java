package io.syncline.provider.change.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How a producer of one dataset's records is opened. */
@FunctionalInterface
interface Producers {

    /** @return one whose opening ends all that went before it under the same transactional id */
    Producer<byte[], byte[]> open(Map<String, Object> settings);

    static Producers real() {
        return settings -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Idempotent, acknowledged by all, and with an id by which the brokers themselves refuse an instance that another
     * one has followed.
     */
    static Map<String, Object> settings(KafkaProperties properties, String dataset) {
        var settings = new HashMap<String, Object>(properties.properties());
        settings.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 8 * 1024 * 1024);
        settings.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5000);
        settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, properties.servers());
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        // Of several batches on their way the first may have to wait for the end of the transaction before it; the
        // others
        // would then be refused as out of order, and sent again later (KAFKA-18202).
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, properties.topic(dataset));
        return settings;
    }
}
