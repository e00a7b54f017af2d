package io.syncline.client.sync;

import io.syncline.client.StartRefusedException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** Refuses to start a service whose sync tasks would silently have no route, as there is no one database for them. */
@AutoConfiguration(after = SyncAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnMissingBean(SyncRoutes.class)
@ConditionalOnBooleanProperty(name = "syncline.client.enabled", matchIfMissing = true)
class UnservedTasksAutoConfiguration {

    @Bean
    static SmartInitializingSingleton synclineUnservedTasks(ConfigurableListableBeanFactory beans) {
        return () -> SyncTasks.anyHandler(beans).ifPresent(handler -> {
            throw new StartRefusedException(
                    "The sync handler " + handler + " has no route: the starter keeps accepted calls in the service's "
                            + "database, and there is no DataSource, or more than one and none is primary.",
                    "Configure spring.datasource.url and a JDBC driver; of several DataSource beans mark one as "
                            + "@Primary; and leave a PlatformTransactionManager for it.");
        });
    }
}
