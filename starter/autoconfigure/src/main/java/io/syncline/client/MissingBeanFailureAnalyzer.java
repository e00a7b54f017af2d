package io.syncline.client;

import io.syncline.outbox.Outbox;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why a bean of the starter is not there when a service asks for it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MissingBeanFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    private static final String DATABASE =
            "Configure the service's database: spring.datasource.url and a JDBC driver on the class path. "
                    + "Of several DataSource beans mark one as @Primary.";

    private static final Map<Class<?>, String> NEEDED_BY = Map.of(
            TriggerSender.class, "sends trigger messages",
            Reports.class, "reports on its work",
            Outbox.class, "uses the outbox");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        var type = cause.getResolvableType() == null
                ? null
                : cause.getResolvableType().resolve();
        if (type == null || !NEEDED_BY.containsKey(type)) {
            return null;
        }
        return new FailureAnalysis(
                "This service " + NEEDED_BY.get(type) + ", so it needs the bean " + type.getSimpleName()
                        + ", which the starter makes only where it is enabled and there is one DataSource.",
                DATABASE + " If syncline.client.enabled=false is set, remove it.",
                cause);
    }
}
