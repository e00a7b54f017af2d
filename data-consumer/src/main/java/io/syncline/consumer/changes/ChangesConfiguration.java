package io.syncline.consumer.changes;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.client.TokenClient;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.sync.ConsumerProperties;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Changes come over Kafka once brokers are named, over the provider's feed otherwise. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ChangesProperties.class, KafkaProperties.class})
class ChangesConfiguration {

    @Bean
    FeedProgress feedProgress(JdbcClient jdbc, KafkaProperties kafka, ChangeTarget target) {
        return new FeedProgress(jdbc, kafka.isOn() ? KafkaFeed.FEED + "%" : HttpFeed.FEED, target.datasets());
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "syncline.consumer.changes.enabled", matchIfMissing = true)
    SmartLifecycle changeFeed(
            ConsumerProperties consumer,
            ChangesProperties properties,
            KafkaProperties kafka,
            ChangeTarget target,
            Transactions transactions,
            JdbcClient jdbc,
            TokenClient tokens,
            JsonMapper json,
            MeterRegistry meters) {
        var instance = "changes-" + UUID.randomUUID().toString().substring(0, 8);
        var positions = new JdbcPositions(transactions, jdbc, instance, properties.lease());
        var parked = new JdbcParkedChanges(jdbc);
        var reader = new ChangeReader(json);
        if (kafka.isOn()) {
            return new KafkaFeed(reader, target, positions, parked, transactions, kafka, meters);
        }
        var provider = new ProviderClient(consumer.providerUrl(), consumer.readTimeout(), tokens, json);
        return new HttpFeed(provider, reader, target, positions, parked, properties);
    }
}
