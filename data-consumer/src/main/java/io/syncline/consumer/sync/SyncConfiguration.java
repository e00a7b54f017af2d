package io.syncline.consumer.sync;

import io.syncline.client.Reports;
import io.syncline.client.TokenClient;
import io.syncline.consumer.store.Transactions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConsumerProperties.class)
class SyncConfiguration {

    @Bean
    Datasets datasets(ConsumerProperties properties) {
        return new Datasets(properties.datasets());
    }

    @Bean
    SyncEngine syncEngine(
            ConsumerProperties properties,
            Datasets datasets,
            Transactions transactions,
            JdbcTemplate jdbc,
            TokenClient tokens,
            Reports reports,
            JsonMapper json) {
        return SyncEngines.create(properties, datasets, transactions, jdbc, tokens, reports, json);
    }
}
