package io.syncline.scheduler.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.quartz.autoconfigure.QuartzDataSource;
import org.springframework.boot.quartz.autoconfigure.QuartzTransactionManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** One DataSource and one transaction manager for the rooms, with several pools behind; Quartz has a pair of its own. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean(destroyMethod = "close")
    ConnectionPools connectionPools(DataSourceProperties source, DatabaseProperties properties) {
        return new ConnectionPools(source, properties);
    }

    @Bean
    @Primary
    DataSource dataSource(ConnectionPools pools) {
        var routing = new AbstractRoutingDataSource() {
            @Override
            protected Object determineCurrentLookupKey() {
                return ConnectionPool.current();
            }
        };
        routing.setTargetDataSources(new HashMap<>(pools.routed()));
        routing.afterPropertiesSet();
        return routing;
    }

    @Bean
    @Primary
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    /**
     * Hands its connections out with autocommit on: Quartz switches it off itself where it commits by itself, and elsewhere
     * takes part in a transaction of {@link #quartzTransactionManager}. With autocommit off, what is scheduled outside of
     * one would be rolled back in silence when the connection goes back to its pool.
     */
    @Bean(destroyMethod = "", defaultCandidate = false)
    @QuartzDataSource
    HikariDataSource quartzDataSource(ConnectionPools pools) {
        return pools.quartz();
    }

    @Bean(defaultCandidate = false)
    @QuartzTransactionManager
    PlatformTransactionManager quartzTransactionManager(@QuartzDataSource DataSource quartzDataSource) {
        return new JdbcTransactionManager(quartzDataSource);
    }

    @Bean
    SchemaHealth schemaHealthIndicator(DataSource dataSource) {
        return SchemaHealth.of(dataSource);
    }

    @Bean
    SignalConnections signalConnections(ConnectionPools pools) {
        return new SignalConnections(pools.signals());
    }

    @Bean
    SqlDialect sqlDialect(ConnectionPools pools) {
        return pools.dialect();
    }

    @Bean
    DatabaseClock databaseClock(DataSource dataSource, SqlDialect dialect) {
        return new JdbcDatabaseClock(JdbcClient.create(dataSource), dialect);
    }

    @Bean
    NodeHeartbeat nodes(ConnectionPools pools, NodeProperties properties, ObjectProvider<ShareGate> gates) {
        var configured = properties.id();
        return new NodeHeartbeat(
                configured == null ? Ids.next() : configured,
                new JdbcNodeRows(JdbcClient.create(pools.heartbeat()), pools.dialect()),
                () -> gates.stream().allMatch(ShareGate::fits));
    }

    @Bean
    SmartInitializingSingleton poolMeters(ConnectionPools pools, ObjectProvider<MeterRegistry> registries) {
        return () -> registries.ifAvailable(registry -> pools.routed()
                .values()
                .forEach(pool -> pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry))));
    }
}
