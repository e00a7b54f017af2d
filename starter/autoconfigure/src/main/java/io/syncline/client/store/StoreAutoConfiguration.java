package io.syncline.client.store;

import io.syncline.client.ClientProperties;
import io.syncline.outbox.Delivery;
import io.syncline.outbox.JdbcOutbox;
import io.syncline.outbox.Outbox;
import io.syncline.outbox.OutboxRelay;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;

/** The outbox in the service's own database, and the relay that delivers to every {@link Delivery} bean. */
@AutoConfiguration(after = DataSourceTransactionManagerAutoConfiguration.class)
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnBean(PlatformTransactionManager.class)
@ConditionalOnBooleanProperty(name = "syncline.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ClientProperties.class, StoreProperties.class})
public class StoreAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ClientSchema synclineClientSchema(DataSource dataSource, StoreProperties properties) {
        return ClientSchema.prepare(dataSource, properties.createTables());
    }

    @Bean
    @ConditionalOnMissingBean(Outbox.class)
    JdbcOutbox synclineOutbox(DataSource dataSource, PlatformTransactionManager transactions, ClientSchema schema) {
        return new JdbcOutbox(dataSource, transactions);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @ConditionalOnBean(JdbcOutbox.class)
    OutboxRelay synclineOutboxRelay(
            JdbcOutbox outbox,
            ObjectProvider<Delivery> deliveries,
            StoreProperties properties,
            ClientProperties client) {
        properties.requireLeaseLongerThan(client.readTimeout());
        return new OutboxRelay(outbox, deliveries.orderedStream().toList(), properties.relaySettings());
    }

    @Bean
    @ConditionalOnBean(OutboxRelay.class)
    RelayLifecycle synclineRelayLifecycle(OutboxRelay relay) {
        return new RelayLifecycle(relay);
    }
}
