package io.syncline.client.platform;

import io.syncline.client.ClientProperties;
import io.syncline.client.TokenClient;
import io.syncline.client.TriggerSender;
import io.syncline.client.store.StoreAutoConfiguration;
import io.syncline.outbox.Outbox;
import io.syncline.tracing.Spans;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** Tokens and trigger messages. Nothing here calls the platform before it is used. */
@AutoConfiguration(after = StoreAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "syncline.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ClientProperties.class)
public class PlatformAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    PlatformHttp synclinePlatformHttp(ClientProperties properties) {
        return new PlatformHttp(properties);
    }

    @Bean
    @ConditionalOnMissingBean
    TracedPosts synclineTracedPosts(PlatformHttp http, ObjectProvider<Spans> spans) {
        return new TracedPosts(http, spans.getIfAvailable(() -> Spans.PASSED_ON));
    }

    /** Lazy: only a service that sends or fetches something needs a client at the platform. */
    @Bean
    @Lazy
    @ConditionalOnMissingBean
    TokenClient synclineTokenClient(PlatformHttp http, ClientProperties properties) {
        return new ClientCredentials(
                http,
                properties.requiredPlatformUrl(),
                properties.requiredClientId(),
                properties.requiredClientSecret(),
                Clock.systemUTC());
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    @ConditionalOnBean(Outbox.class)
    TriggerSender synclineTriggerSender(Outbox outbox, ClientProperties properties) {
        // Asked for here, so that a service that cannot deliver does not start.
        properties.requiredClientId();
        properties.requiredClientSecret();
        return new OutboxTriggerSender(outbox);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(Outbox.class)
    TriggerDelivery synclineTriggerDelivery(
            TracedPosts posts, ObjectProvider<TokenClient> tokens, ClientProperties properties) {
        return new TriggerDelivery(posts, tokens, properties.requiredPlatformUrl(), Clock.systemUTC());
    }
}
