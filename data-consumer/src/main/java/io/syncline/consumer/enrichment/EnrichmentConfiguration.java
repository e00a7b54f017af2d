package io.syncline.consumer.enrichment;

import io.syncline.client.TokenClient;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.sync.ConsumerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EnrichmentProperties.class)
class EnrichmentConfiguration {

    @Bean
    NamedFiles namedFiles(JsonMapper json) {
        return new NamedFiles(json);
    }

    @Bean
    Enricher enricher(
            ConsumerProperties consumer,
            EnrichmentProperties properties,
            Transactions transactions,
            JdbcTemplate jdbc,
            TokenClient tokens,
            JsonMapper json) {
        var jobs = new JdbcEnrichmentJobs(transactions, jdbc);
        var provider = new ProviderClient(consumer.providerUrl(), consumer.readTimeout(), tokens, json);
        return new Enricher(
                jobs,
                new LookUps(jobs, provider, json),
                new Inbox(properties.inboxDir()),
                properties.enrichedDir(),
                json);
    }
}
