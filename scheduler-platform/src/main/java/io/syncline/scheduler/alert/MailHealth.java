package io.syncline.scheduler.alert;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the mail servers that this node sent mail over let it in when that was tried last. One that was not tried again for
 * a while is forgotten: a message that waits is tried every minute, so nothing waits for that one any more.
 */
final class MailHealth implements HealthIndicator {

    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final LongSupplier nanos;
    private final Map<URI, Long> silentAt = new ConcurrentHashMap<>();

    MailHealth(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void letIn(URI server) {
        silentAt.remove(server);
    }

    void keptOut(URI server) {
        silentAt.put(server, nanos.getAsLong());
    }

    @Override
    public Health health() {
        var now = nanos.getAsLong();
        silentAt.values().removeIf(at -> now - at > REMEMBERED.toNanos());
        var silent = new TreeSet<>(silentAt.keySet());
        return silent.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("servers", silent).build();
    }
}
