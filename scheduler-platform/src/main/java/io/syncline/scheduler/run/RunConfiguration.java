package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.RetentionProperties;
import io.syncline.scheduler.store.SqlDialect;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class RunConfiguration {

    @Bean
    Runs runs(
            NamedParameterJdbcOperations jdbc,
            SqlDialect dialect,
            PlatformTransactionManager transactions,
            DatabaseClock clock,
            TaskGroups groups,
            Nodes nodes,
            ApplicationEventPublisher events,
            AlertSignals alerts) {
        var store = new JdbcRunStore(
                jdbc, dialect, new TransactionTemplate(transactions), clock, new RunRows(groups), nodes.self());
        return new Runs(
                store,
                groups,
                new java.util.Random(),
                events::publishEvent,
                events::publishEvent,
                alerts,
                nodes.self());
    }

    @Bean
    RunRetention runRetention(
            NamedParameterJdbcOperations jdbc,
            SqlDialect dialect,
            PlatformTransactionManager transactions,
            DatabaseClock clock,
            RetentionProperties retention) {
        return new RunRetention(jdbc, dialect, new TransactionTemplate(transactions), clock, retention);
    }
}
