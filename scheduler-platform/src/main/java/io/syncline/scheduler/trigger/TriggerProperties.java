package io.syncline.scheduler.trigger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxWaiters senders that may wait for the end of their runs on this node at once ({@code Prefer: wait}); more are
 *     answered 503; 1 to 10,000
 * @param waitPoll from one look for runs that other nodes have ended to the next, while anybody waits; 50 ms to 1 s
 * @param writers transactions that judge messages of REST and webhooks at once; 1 to 8
 * @param batch messages judged in one transaction at most; 1 to 500
 * @param linger how long a transaction waits for more messages when two or more may be expected by then; 0 to 50 ms
 * @param waiting messages that may wait to be judged; more are answered 429; 1 to 10,000
 * @param patience how long a sender waits to hear that its message is stored before it is told to come back; at most 2 s
 */
@ConfigurationProperties("syncline.triggers")
record TriggerProperties(
        @DefaultValue("500") int maxWaiters,
        @DefaultValue("150ms") Duration waitPoll,
        @DefaultValue("2") int writers,
        @DefaultValue("100") int batch,
        @DefaultValue("10ms") Duration linger,
        @DefaultValue("2000") int waiting,
        @DefaultValue("2s") Duration patience) {

    private static final int MOST_WAITERS = 10_000;
    private static final int MOST_WRITERS = 8;
    private static final int LARGEST_BATCH = 500;
    private static final int MOST_WAITING = 10_000;

    TriggerProperties {
        if (maxWaiters < 1 || maxWaiters > MOST_WAITERS) {
            throw new IllegalArgumentException("syncline.triggers.max-waiters is 1 to 10,000: " + maxWaiters);
        }
        if (waitPoll.toMillis() < 50 || waitPoll.toMillis() > 1000) {
            throw new IllegalArgumentException("syncline.triggers.wait-poll is 50 ms to 1 s: " + waitPoll);
        }
        if (writers < 1 || writers > MOST_WRITERS) {
            throw new IllegalArgumentException("syncline.triggers.writers is 1 to 8: " + writers);
        }
        if (batch < 1 || batch > LARGEST_BATCH) {
            throw new IllegalArgumentException("syncline.triggers.batch is 1 to 500: " + batch);
        }
        if (linger.isNegative() || linger.toMillis() > 50) {
            throw new IllegalArgumentException("syncline.triggers.linger is 0 to 50 ms: " + linger);
        }
        if (waiting < 1 || waiting > MOST_WAITING) {
            throw new IllegalArgumentException("syncline.triggers.waiting is 1 to 10,000: " + waiting);
        }
        if (patience.toMillis() < 1 || patience.toMillis() > 2000) {
            throw new IllegalArgumentException("syncline.triggers.patience is 1 ms to 2 s: " + patience);
        }
    }
}
