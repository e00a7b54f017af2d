package io.syncline.provider.change.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.Ids;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Nothing of it is there without brokers. */
@Configuration(proxyBeanMethods = false)
@Conditional(KafkaConfiguration.OnBrokers.class)
@EnableConfigurationProperties(KafkaProperties.class)
class KafkaConfiguration {

    static final class OnBrokers implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("syncline.provider.kafka.bootstrap-servers", "")
                    .isBlank();
        }
    }

    @Bean
    Publisher changePublisher(
            ChangeLog log,
            Datasets datasets,
            JdbcClient jdbc,
            DatabaseClock clock,
            KafkaProperties properties,
            MeterRegistry registry,
            JsonMapper json) {
        refuseUnknown(properties, datasets);
        var publications = new JdbcPublications(jdbc, clock, Ids.next(), properties.lease());
        var topics = new Topics(properties);
        var meters = new PublisherMeters(
                registry,
                datasets.all().stream()
                        .filter(Dataset::changes)
                        .map(Dataset::name)
                        .toList());
        return new Publisher(
                publications,
                properties,
                dataset -> new DatasetPublisher(
                        dataset, log, publications, topics, Producers.real(), properties, meters, json));
    }

    private static void refuseUnknown(KafkaProperties properties, Datasets datasets) {
        for (var name : properties.compacted()) {
            if (datasets.find(name).filter(Dataset::changes).isEmpty()) {
                throw new IllegalArgumentException("syncline.provider.kafka.compacted names '" + name
                        + "', which is no dataset with changes: true");
            }
        }
    }
}
