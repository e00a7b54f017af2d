package io.syncline.scheduler.alert;

import io.syncline.outbox.JdbcOutbox;
import io.syncline.outbox.OutboxRelay;
import io.syncline.outbox.RelaySettings;
import io.syncline.scheduler.catalog.Channels;
import io.syncline.scheduler.catalog.CredentialExpiries;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.outbound.MailServers;
import io.syncline.scheduler.outbound.Posts;
import io.syncline.scheduler.run.Backlogs;
import io.syncline.scheduler.security.ClientExpiries;
import io.syncline.scheduler.security.KeyExpiries;
import io.syncline.scheduler.security.PlatformProperties;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Nodes;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;

/** Puts the parts of this room together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AlertProperties.class)
class AlertConfiguration {

    private static final int DELIVERIES_AT_ONCE = 16;

    @Bean
    JdbcOutbox alertOutbox(DataSource dataSource, PlatformTransactionManager transactions) {
        return new JdbcOutbox(dataSource, onBulkConnections(transactions));
    }

    /** What the relay does by itself takes no connection from those who wait for an answer. */
    private static PlatformTransactionManager onBulkConnections(PlatformTransactionManager transactions) {
        return new PlatformTransactionManager() {
            @Override
            public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
                return ConnectionPool.BULK.call(() -> transactions.getTransaction(definition));
            }

            @Override
            public void commit(TransactionStatus status) {
                transactions.commit(status);
            }

            @Override
            public void rollback(TransactionStatus status) {
                transactions.rollback(status);
            }
        };
    }

    @Bean
    Messages alertMessages(
            JdbcIncidents incidents, JdbcOutbox alertOutbox, PlatformProperties platform, AlertProperties properties) {
        return new Messages(incidents, alertOutbox, platform.publicUrl(), properties.runLink());
    }

    @Bean
    PlatformConditions platformConditions(
            JdbcSignals signals,
            JdbcIncidents incidents,
            JdbcDeadLetters deadLetters,
            Nodes nodes,
            Backlogs backlogs,
            CredentialExpiries credentials,
            ClientExpiries clients,
            KeyExpiries keys,
            AlertProperties properties) {
        return new PlatformConditions(
                signals, incidents, deadLetters, nodes, backlogs, credentials, clients, keys, properties);
    }

    @Bean
    Incidents incidents(
            JdbcSignals signals,
            JdbcIncidents rows,
            JdbcSilences silences,
            Messages messages,
            PlatformConditions platform,
            TaskGroups groups,
            DatabaseClock clock,
            TransactionOperations transactions,
            AlertProperties properties) {
        return new Incidents(signals, rows, silences, messages, platform, groups, clock, transactions, properties);
    }

    @Bean
    MailHealth mailHealthIndicator() {
        return new MailHealth(System::nanoTime);
    }

    @Bean
    AlertDelivery alertDelivery(
            Messages messages,
            Channels channels,
            MailServers servers,
            MailHealth mailHealth,
            Posts posts,
            JdbcIncidents incidents,
            DatabaseClock clock,
            PlatformProperties platform,
            AlertProperties properties) {
        return new AlertDelivery(
                messages,
                channels,
                new MailSender(servers, mailHealth),
                new HttpSender(posts, clock, platform.publicUrl(), properties.closeAfter()),
                incidents,
                clock);
    }

    @Bean
    AlertTicker alertTicker(Incidents incidents, AlertProperties properties) {
        return new AlertTicker(incidents, properties.tick());
    }

    @Bean
    RelayLifecycle alertRelay(JdbcOutbox alertOutbox, AlertDelivery delivery) {
        var settings = new RelaySettings(
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                DELIVERIES_AT_ONCE,
                Duration.ofDays(1),
                Duration.ofDays(30),
                Duration.ofSeconds(10));
        return new RelayLifecycle(new OutboxRelay(alertOutbox, List.of(delivery), settings));
    }
}
