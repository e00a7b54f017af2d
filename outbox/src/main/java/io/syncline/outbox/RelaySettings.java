package io.syncline.outbox;

import java.time.Duration;

/**
 * How a relay works.
 *
 * @param poll the longest pause between two looks for due messages; at most 1 s
 * @param lease from the claim to when another relay may deliver the message; longer than any delivery takes
 * @param concurrency deliveries at the same time
 * @param keepDelivered from the delivery to the deletion of the message
 * @param keepDead from the last delivery to the deletion of a dead letter
 * @param stopWithin how long a stopping relay waits for the deliveries in flight
 */
public record RelaySettings(
        Duration poll,
        Duration lease,
        int concurrency,
        Duration keepDelivered,
        Duration keepDead,
        Duration stopWithin) {

    public RelaySettings {
        if (poll.isNegative() || poll.isZero() || poll.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("a relay looks at least once a second: " + poll);
        }
        if (lease.compareTo(poll) <= 0) {
            throw new IllegalArgumentException("a lease is longer than the poll: " + lease);
        }
        if (concurrency < 1) {
            throw new IllegalArgumentException("a relay delivers at least one message at a time: " + concurrency);
        }
    }

    public static RelaySettings standard() {
        return new RelaySettings(
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                8,
                Duration.ofDays(1),
                Duration.ofDays(30),
                Duration.ofSeconds(10));
    }
}
