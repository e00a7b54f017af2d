package io.syncline.outbox;

import java.time.Duration;

/**
 * When a message is tried again, and when it is given up.
 *
 * @param backoff after the first failed delivery; it doubles with each further one, each ±20 %
 * @param maxBackoff the longest pause of our own, and the most that a receiver's {@code Retry-After} may ask for
 * @param maxDeliveries after so many failed deliveries the message is dead
 * @param maxAge older than this at a failed delivery, the message is dead; counted from its append
 */
public record RetryRules(Duration backoff, Duration maxBackoff, int maxDeliveries, Duration maxAge) {

    private static final RetryRules STANDARD =
            new RetryRules(Duration.ofMillis(500), Duration.ofMinutes(1), Integer.MAX_VALUE, Duration.ofDays(3));

    public RetryRules {
        if (backoff.isNegative() || backoff.isZero() || maxBackoff.compareTo(backoff) < 0) {
            throw new IllegalArgumentException("a back-off rises from above zero: " + backoff + " to " + maxBackoff);
        }
        if (maxDeliveries < 1) {
            throw new IllegalArgumentException("a message is delivered at least once: " + maxDeliveries);
        }
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("a message's age is above zero: " + maxAge);
        }
    }

    /** From half a second to a minute, for three days. */
    public static RetryRules standard() {
        return STANDARD;
    }
}
