package io.syncline.client.sync;

import io.syncline.client.StartRefusedException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The sync endpoint.
 *
 * @param workers handlers that run at the same time in this instance
 * @param queue accepted work that waits for a worker; beyond it calls are answered 503 and nothing is stored
 * @param lease from the last renewal to when another instance may take the work over, and run its handler again
 * @param progressInterval the shortest time between two progress reports of one work
 * @param maxStarts a handler whose process died so many times is not started again: the work is reported FAILED
 * @param refusedCallbacks after so many refusals (401, 403, 404) a callback is dropped; the platform's next call tells
 * @param keep from the end of the work to the deletion of its key
 * @param stopWithin how long a stopping service waits for its handlers before it leaves the work to another instance
 */
@ConfigurationProperties("syncline.client.sync")
record SyncProperties(
        @DefaultValue("4") int workers,
        @DefaultValue("100") int queue,
        @DefaultValue("15s") Duration lease,
        @DefaultValue("1s") Duration progressInterval,
        @DefaultValue("10") int maxStarts,
        @DefaultValue("5") int refusedCallbacks,
        @DefaultValue("35d") Duration keep,
        @DefaultValue("10s") Duration stopWithin) {

    private static final String PREFIX = "syncline.client.sync.";

    SyncProperties {
        requireAtLeast("workers", workers, 1);
        requireAtLeast("queue", queue, 0);
        requireAtLeast("max-starts", maxStarts, 1);
        requireAtLeast("refused-callbacks", refusedCallbacks, 1);
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw StartRefusedException.property(
                    PREFIX + "lease", lease, "at least 1s (a number alone is milliseconds)");
        }
        requireNotNegative("progress-interval", progressInterval);
        requireNotNegative("keep", keep);
        requireNotNegative("stop-within", stopWithin);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw StartRefusedException.property(PREFIX + name, value, "at least " + least);
        }
    }

    private static void requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw StartRefusedException.property(PREFIX + name, duration, "no negative duration");
        }
    }
}
