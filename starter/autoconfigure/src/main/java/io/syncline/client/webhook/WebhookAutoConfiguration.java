package io.syncline.client.webhook;

import io.syncline.client.store.ClientSchema;
import io.syncline.client.store.StoreAutoConfiguration;
import java.time.Clock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.transaction.PlatformTransactionManager;

/** The verifier of webhooks. Lazy: only a service that takes webhooks needs a secret. */
@AutoConfiguration(after = StoreAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "syncline.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WebhookProperties.class)
public class WebhookAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookAutoConfiguration.class);

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    WebhookVerifier synclineWebhookVerifier(
            WebhookProperties properties,
            ObjectProvider<ClientSchema> schema,
            ObjectProvider<DataSource> dataSource,
            ObjectProvider<PlatformTransactionManager> transactions) {
        return new SignedWebhooks(properties, seen(properties, schema, dataSource, transactions), Clock.systemUTC());
    }

    private static SeenWebhooks seen(
            WebhookProperties properties,
            ObjectProvider<ClientSchema> schema,
            ObjectProvider<DataSource> dataSource,
            ObjectProvider<PlatformTransactionManager> transactions) {
        var tables = schema.getIfAvailable();
        if (tables == null || !tables.hasWebhooks()) {
            LOG.warn(
                    "The ids of webhooks are known to this instance alone and until it stops: there is no webhook_seen");
            return new MemorySeenWebhooks(properties.remember());
        }
        return new JdbcSeenWebhooks(dataSource.getObject(), transactions.getObject(), properties.remember());
    }
}
