package io.syncline.scheduler.dispatch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param enabled whether this node calls downstreams at all; a node without takes triggers and callbacks only
 * @param poll the longest a due task run waits for a round that nobody announced; 50 ms to 1 s
 * @param renewal from one renewal of this node's leases to the next; a quarter of the lease of 12 s
 * @param sweep from one sweep of this node to the next, beside those of the cluster's clock
 * @param batch task runs claimed, and outcomes written, in one transaction at most; 1 to 500
 * @param linger how long a full round waits for more free slots, and a busy writer for more outcomes; 0 to 50 ms
 * @param drain how long a stop waits for calls under way
 */
@ConfigurationProperties("syncline.dispatch")
record DispatchProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("500ms") Duration poll,
        @DefaultValue("3s") Duration renewal,
        @DefaultValue("10s") Duration sweep,
        @DefaultValue("500") int batch,
        @DefaultValue("5ms") Duration linger,
        @DefaultValue("30s") Duration drain) {

    DispatchProperties {
        if (poll.toMillis() < 50 || poll.toMillis() > 1000) {
            throw new IllegalArgumentException("syncline.dispatch.poll is 50 ms to 1 s: " + poll);
        }
        if (renewal.isNegative() || renewal.isZero() || renewal.toMillis() > 4000) {
            throw new IllegalArgumentException("syncline.dispatch.renewal is at most 4 s: " + renewal);
        }
        if (batch < 1 || batch > 500) {
            throw new IllegalArgumentException("syncline.dispatch.batch is 1 to 500: " + batch);
        }
        if (linger.isNegative() || linger.toMillis() > 50) {
            throw new IllegalArgumentException("syncline.dispatch.linger is at most 50 ms: " + linger);
        }
    }
}
