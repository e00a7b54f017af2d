package io.syncline.consumer.store;

import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;

/** Hands out the database only when its schema is the one of this program. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource dataSource(
            DataSourceProperties properties, @Value("${syncline.database.migrate:#{null}}") @Nullable Boolean migrate) {
        var plain = new DriverManagerDataSource(properties.determineUrl());
        plain.setUsername(properties.determineUsername());
        plain.setPassword(properties.determinePassword());
        SchemaMigrations.prepare(plain, "consumer", migrate);
        return properties
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
    }

    @Bean
    SqlDialect sqlDialect(DataSource dataSource) {
        return SqlDialect.of(dataSource);
    }

    @Bean
    Transactions transactions(SqlDialect dialect, JdbcClient jdbc, PlatformTransactionManager manager) {
        return new Transactions(dialect, jdbc, manager);
    }
}
