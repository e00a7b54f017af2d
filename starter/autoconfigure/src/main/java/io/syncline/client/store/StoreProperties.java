package io.syncline.client.store;

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

    RelaySettings relaySettings() {
        return new RelaySettings(poll, lease, concurrency, keepDelivered, keepDead, stopWithin);
    }
}
