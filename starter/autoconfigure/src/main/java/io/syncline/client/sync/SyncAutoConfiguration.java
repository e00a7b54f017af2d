package io.syncline.client.sync;

import io.syncline.client.ClientProperties;
import io.syncline.client.Reports;
import io.syncline.client.platform.PlatformAutoConfiguration;
import io.syncline.client.platform.TracedPosts;
import io.syncline.client.store.ClientSchema;
import io.syncline.client.store.StoreAutoConfiguration;
import io.syncline.outbox.Outbox;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The idempotent sync endpoint for every handler of the application. */
@AutoConfiguration(
        after = {StoreAutoConfiguration.class, PlatformAutoConfiguration.class},
        afterName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean({Outbox.class, ClientSchema.class})
@ConditionalOnBooleanProperty(name = "syncline.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SyncProperties.class)
class SyncAutoConfiguration {

    private final WireJson json = new WireJson();

    @Bean
    @ConditionalOnMissingBean
    JdbcWorks synclineJdbcWorks(DataSource dataSource, ClientSchema schema) {
        return new JdbcWorks(dataSource, json, schema.hasRoomForTracestate());
    }

    @Bean
    @ConditionalOnMissingBean(Reports.class)
    Works synclineReports(JdbcWorks works, Outbox outbox, PlatformTransactionManager transactions) {
        return new Works(works, outbox, json, transactions);
    }

    @Bean
    @ConditionalOnMissingBean
    CallbackDelivery synclineCallbackDelivery(JdbcWorks works, TracedPosts posts, SyncProperties properties) {
        return new CallbackDelivery(works, posts, json, properties.refusedCallbacks(), Clock.systemUTC());
    }

    @Bean
    @ConditionalOnMissingBean
    SyncTasks synclineSyncTasks(ConfigurableListableBeanFactory beans, ClientProperties properties) {
        return new SyncTasks(beans, properties);
    }

    @Bean
    @ConditionalOnBean(Works.class)
    @ConditionalOnMissingBean
    SyncExecutor synclineSyncExecutor(Works works, SyncTasks tasks, SyncProperties properties) {
        return new SyncExecutor(works, tasks, properties);
    }

    @Bean
    @ConditionalOnBean(SyncExecutor.class)
    @ConditionalOnMissingBean
    SyncController synclineSyncController(
            Works works, SyncExecutor executor, SyncTasks tasks, SyncProperties properties) {
        return new SyncController(new SyncRequestReader(json), works, executor, tasks, properties, json);
    }

    @Bean
    @ConditionalOnBean(SyncController.class)
    @ConditionalOnMissingBean
    SyncRoutes synclineSyncRoutes(
            SyncTasks tasks,
            SyncController controller,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
        return new SyncRoutes(tasks, controller, mapping);
    }
}
