package io.syncline.provider;

import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import io.syncline.provider.store.SqlDialect;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The database, handed out only once its schema is the one that this program needs. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean
    DataSource dataSource(DataSourceProperties properties, Environment environment) {
        var dataSource = properties
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
        dataSource.setPoolName("provider");
        // The pool closes its settings with the first connection, which the schema check below takes.
        Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(dataSource));
        var migrate = environment.getProperty("syncline.database.migrate", Boolean.class);
        SchemaMigrations.prepare(dataSource, "provider", migrate);
        return dataSource;
    }

    @Bean
    SqlDialect sqlDialect(DataSource dataSource) {
        return SqlDialect.of(dataSource);
    }
}
