package io.syncline.provider.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.faults.Calls;
import io.syncline.faults.FaultyDataSource;
import io.syncline.provider.dataset.ProviderProperties;
import io.syncline.provider.request.RequestKeys;
import io.syncline.provider.store.SqlDialect;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Datasets, their change logs and what stores them, without threads, over a database whose calls can be made to fail. */
public final class SweptParts implements AutoCloseable {

    private static final ThreadLocal<FaultyDataSource> STARTING = new ThreadLocal<>();

    private final FaultyDataSource source;
    private final ConfigurableApplicationContext context;

    /**
     * @param driver of a database with the provider's tables and those of the datasets
     * @param abort as {@link FaultyDataSource} takes it
     */
    public SweptParts(DataSource driver, Calls jdbc, @Nullable String abort, String... settings) {
        source = new FaultyDataSource(driver, jdbc, abort);
        STARTING.set(source);
        try {
            context = new SpringApplicationBuilder(Parts.class)
                    .web(WebApplicationType.NONE)
                    .run(Stream.concat(Stream.of("--spring.main.banner-mode=off"), Stream.of(settings))
                            .toArray(String[]::new));
        } finally {
            STARTING.remove();
        }
        // Its threads would call too.
        context.stop();
    }

    public FaultyDataSource source() {
        return source;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }

    @TestConfiguration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ProviderProperties.class)
    @ConfigurationPropertiesScan("io.syncline.provider.change")
    @ComponentScan(
            basePackages = {"io.syncline.provider.change", "io.syncline.provider.dataset", "io.syncline.provider.store"
            },
            excludeFilters = @ComponentScan.Filter(TestConfiguration.class))
    @Import(RequestKeys.class)
    static class Parts {

        @Bean
        DataSource dataSource() {
            return STARTING.get().dataSource();
        }

        @Bean
        SqlDialect sqlDialect(DataSource dataSource) {
            return SqlDialect.of(dataSource);
        }

        @Bean
        JdbcTemplate jdbcTemplate(DataSource dataSource) {
            return new JdbcTemplate(dataSource);
        }

        @Bean
        JdbcClient jdbcClient(JdbcTemplate template) {
            return JdbcClient.create(template);
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        TransactionTemplate transactionTemplate(PlatformTransactionManager manager) {
            return new TransactionTemplate(manager);
        }

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        JsonMapper jsonMapper() {
            return JsonMapper.builder().build();
        }
    }
}
