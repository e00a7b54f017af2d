package io.syncline.scheduler.trigger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxWaiters senders that may wait for the end of their runs on this node at once ({@code Prefer: wait}); more are
 *     answered 503; 1 to 10,000
 * @param waitPoll from one look for runs that other nodes have ended to the next, while anybody waits; 50 ms to 1 s
 */
@ConfigurationProperties("syncline.triggers")
record TriggerProperties(
        @DefaultValue("500") int maxWaiters,
        @DefaultValue("150ms") Duration waitPoll) {

    private static final int MOST_WAITERS = 10_000;

    TriggerProperties {
        if (maxWaiters < 1 || maxWaiters > MOST_WAITERS) {
            throw new IllegalArgumentException("syncline.triggers.max-waiters is 1 to 10,000: " + maxWaiters);
        }
        if (waitPoll.toMillis() < 50 || waitPoll.toMillis() > 1000) {
            throw new IllegalArgumentException("syncline.triggers.wait-poll is 50 ms to 1 s: " + waitPoll);
        }
    }
}
