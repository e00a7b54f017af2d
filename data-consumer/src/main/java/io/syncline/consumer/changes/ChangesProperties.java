package io.syncline.consumer.changes;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this instance follows the provider's changes.
 *
 * @param enabled whether it does so at all
 * @param pollWait how long the provider may wait for a change before it answers that there is none; well below {@code lease}
 * @param limit most changes of one answer, applied in one transaction; 1 to 200, which is the most that the provider gives
 * @param lease how long another instance waits for one that is not heard of before it follows the feed itself, in
 *     database time
 * @param claimEvery between two looks for a feed that nobody follows
 * @param firstPause after the first failure in a row; each further one doubles it
 * @param longestPause between two tries while the provider is away
 */
@ConfigurationProperties("syncline.consumer.changes")
record ChangesProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("PT2S") Duration pollWait,
        @DefaultValue("200") int limit,
        @DefaultValue("PT15S") Duration lease,
        @DefaultValue("PT1S") Duration claimEvery,
        @DefaultValue("PT0.5S") Duration firstPause,
        @DefaultValue("PT30S") Duration longestPause) {

    ChangesProperties {
        if (limit < 1 || limit > 200) {
            throw new IllegalArgumentException("syncline.consumer.changes.limit is 1 to 200: " + limit);
        }
        if (pollWait.isNegative() || pollWait.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "syncline.consumer.changes.poll-wait is at most half of the lease of " + lease + ": " + pollWait);
        }
    }

    /** The pause after so many failures in a row. */
    Duration pause(int failures) {
        var doubled = firstPause.multipliedBy(1L << Math.min(Math.max(failures, 1) - 1, 16));
        return doubled.compareTo(longestPause) > 0 ? longestPause : doubled;
    }
}
