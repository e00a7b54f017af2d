package io.syncline.consumer.publish;

import io.syncline.consumer.store.Transactions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PublishProperties.class)
class PublishConfiguration {

    @Bean
    PublicationStore publicationStore(PublishProperties properties, JsonMapper json) {
        return new PublicationStore(properties.publishDir(), json);
    }

    @Bean
    Publisher publisher(Transactions transactions, JdbcTemplate jdbc, PublicationStore store) {
        return new Publisher(transactions, new JdbcAggregates(jdbc), store);
    }
}
