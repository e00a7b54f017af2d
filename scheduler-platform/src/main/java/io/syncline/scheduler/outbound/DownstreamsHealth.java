package io.syncline.scheduler.outbound;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether this node can call every system that it has called: down while all breakers of one are open. */
final class DownstreamsHealth implements HealthIndicator {

    private final HttpDownstreams downstreams;

    DownstreamsHealth(HttpDownstreams downstreams) {
        this.downstreams = downstreams;
    }

    @Override
    public Health health() {
        var shut = downstreams.shutOff();
        return shut.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("systems", shut).build();
    }
}
