package io.syncline.scheduler.security;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether the key sets of others that this node reads could be read last time. */
@Component("issuersHealthIndicator")
final class IssuersHealth implements HealthIndicator {

    private final RemoteJwks keys;

    IssuersHealth(RemoteJwks keys) {
        this.keys = keys;
    }

    @Override
    public Health health() {
        var silent = keys.silent();
        return silent.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("addresses", silent).build();
    }
}
