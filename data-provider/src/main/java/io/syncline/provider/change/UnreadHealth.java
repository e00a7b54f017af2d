package io.syncline.provider.change;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** DOWN once half of the time is over after which a known reader loses changes. For people: no restart mends a reader. */
@Component("changeReadersHealthIndicator")
final class UnreadHealth implements HealthIndicator {

    private static final double TOO_MUCH = 0.5;

    private final Unread unread;

    UnreadHealth(Unread unread) {
        this.unread = unread;
    }

    @Override
    public Health health() {
        var lags = unread.lags();
        var health = lags.stream().anyMatch(lag -> lag.share() > TOO_MUCH) ? Health.down() : Health.up();
        lags.stream()
                .filter(lag -> !lag.age().isZero())
                .forEach(lag -> health.withDetail(
                        lag.reader() + " of " + lag.dataset(), lag.age().toString()));
        return health.build();
    }
}
