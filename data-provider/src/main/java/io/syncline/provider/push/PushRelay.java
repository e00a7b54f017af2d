package io.syncline.provider.push;

import io.syncline.outbox.JdbcOutbox;
import io.syncline.outbox.OutboxRelay;
import io.syncline.outbox.RelaySettings;
import io.syncline.provider.store.DatabaseClock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** A relay of its own: endpoints that take their time hold up neither trigger messages nor anything else. */
@Component
class PushRelay implements SmartLifecycle {

    private final OutboxRelay relay;
    private final boolean enabled;

    PushRelay(
            JdbcOutbox outbox,
            JdbcSubscriptions subscriptions,
            JdbcOldSecrets oldSecrets,
            SecretSeal seal,
            Endpoints endpoints,
            DatabaseClock clock,
            PushMeters meters,
            PushProperties properties,
            @Value("${syncline.client.store.keep-delivered:1d}") Duration keepDelivered,
            @Value("${syncline.client.store.keep-dead:30d}") Duration keepDead) {
        var delivery = new PushDelivery(subscriptions, oldSecrets, seal, endpoints, clock, meters, properties);
        this.enabled = properties.enabled();
        this.relay = new OutboxRelay(
                outbox,
                List.of(delivery),
                new RelaySettings(
                        Duration.ofMillis(500),
                        // A look-up of the name comes on top of the time-out.
                        properties.timeout().multipliedBy(3).plusSeconds(15),
                        properties.concurrency(),
                        keepDelivered,
                        keepDead,
                        Duration.ofSeconds(10)));
    }

    @Override
    public void start() {
        if (enabled) {
            relay.start();
        }
    }

    @Override
    public void stop() {
        relay.close();
    }

    @Override
    public boolean isRunning() {
        return relay.isRunning();
    }
}
