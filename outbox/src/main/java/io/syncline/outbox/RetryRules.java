package io.syncline.outbox;

import java.time.Duration;
import java.util.List;

/**
 * When a message is tried again, and when it is given up.
 *
 * @param backoff after the first failed delivery; it doubles with each further one, each ±20 %
 * @param maxBackoff the longest pause of our own, and the most that a receiver's {@code Retry-After} may ask for
 * @param maxDeliveries after so many failed deliveries the message is dead
 * @param maxAge older than this at a failed delivery, the message is dead; counted from its append
 * @param schedule the pauses after the first, second, … failed delivery, each ±20 %; empty: the back-off doubles
 */
public record RetryRules(
        Duration backoff, Duration maxBackoff, int maxDeliveries, Duration maxAge, List<Duration> schedule) {

    private static final RetryRules STANDARD =
            new RetryRules(Duration.ofMillis(500), Duration.ofMinutes(1), Integer.MAX_VALUE, Duration.ofDays(3));

    private static final Duration ANY_AGE = Duration.ofDays(3650);

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
        if (schedule.stream().anyMatch(pause -> pause.isNegative() || pause.isZero())) {
            throw new IllegalArgumentException("the pauses of a schedule are above zero: " + schedule);
        }
        schedule = List.copyOf(schedule);
    }

    public RetryRules(Duration backoff, Duration maxBackoff, int maxDeliveries, Duration maxAge) {
        this(backoff, maxBackoff, maxDeliveries, maxAge, List.of());
    }

    /**
     * Exactly these pauses: after the failure that follows the last one the message is dead, whatever its age, which
     * includes the time that it waited behind others of its key.
     */
    public static RetryRules scheduled(List<Duration> schedule) {
        if (schedule.isEmpty()) {
            throw new IllegalArgumentException("a schedule has a pause");
        }
        var longest = schedule.stream().max(Duration::compareTo).orElseThrow();
        return new RetryRules(schedule.get(0), longest, schedule.size() + 1, ANY_AGE, schedule);
    }

    /** From half a second to a minute, for three days. */
    public static RetryRules standard() {
        return STANDARD;
    }
}
