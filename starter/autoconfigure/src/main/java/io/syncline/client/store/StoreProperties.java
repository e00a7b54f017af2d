package io.syncline.client.store;

import io.syncline.client.StartRefusedException;
import io.syncline.outbox.RelaySettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The starter's outbox.
 *
 * @param createTables whether the starter creates its tables if they are missing
 * @param poll the longest pause between two looks for due messages; at most 1 s
 * @param lease from the claim of a message to when another instance may deliver it; longer than read-timeout
 * @param concurrency deliveries at the same time
 * @param keepDelivered from the delivery to the deletion of a message
 * @param keepDead from the last delivery to the deletion of a dead letter
 * @param stopWithin how long a stopping service waits for the deliveries in flight
 */
@ConfigurationProperties("syncline.client.store")
record StoreProperties(
        @DefaultValue("embedded") CreateTables createTables,
        @DefaultValue("500ms") Duration poll,
        @DefaultValue("20s") Duration lease,
        @DefaultValue("8") int concurrency,
        @DefaultValue("1d") Duration keepDelivered,
        @DefaultValue("30d") Duration keepDead,
        @DefaultValue("10s") Duration stopWithin) {

    private static final String PREFIX = "syncline.client.store.";

    StoreProperties {
        if (poll.isNegative() || poll.isZero() || poll.compareTo(Duration.ofSeconds(1)) > 0) {
            throw StartRefusedException.property(PREFIX + "poll", poll, "above zero and at most 1s");
        }
        if (lease.compareTo(poll) <= 0) {
            throw StartRefusedException.property(
                    PREFIX + "lease", lease, "longer than poll (a number alone is milliseconds)");
        }
        if (concurrency < 1) {
            throw StartRefusedException.property(PREFIX + "concurrency", concurrency, "at least 1");
        }
        if (keepDelivered.isNegative() || keepDead.isNegative() || stopWithin.isNegative()) {
            throw new StartRefusedException(
                    "A duration of syncline.client.store is negative.",
                    "Correct keep-delivered, keep-dead and stop-within; 0s is the least.");
        }
    }

    /** The lease of a message must outlast its delivery, or two would deliver it at once. */
    void requireLeaseLongerThan(Duration readTimeout) {
        if (lease.compareTo(readTimeout) <= 0) {
            throw StartRefusedException.property(
                    PREFIX + "lease", lease, "longer than syncline.client.read-timeout, which is " + readTimeout);
        }
    }

    RelaySettings relaySettings() {
        return new RelaySettings(poll, lease, concurrency, keepDelivered, keepDead, stopWithin);
    }
}
