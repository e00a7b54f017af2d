package io.syncline.scheduler.outbound;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxInFlight calls of this node in flight or reserved at once, over all systems
 * @param connectTimeout to open a connection, and again for its TLS handshake; before the call's own time-out starts
 * @param maxAnswerBytes an answer is cut off beyond this, after decompression
 * @param idleTimeout after which an unused connection is closed; below the keep-alive time of common servers
 * @param resolveAgainAfter how long the address of a host name is used before it is looked up and checked again
 * @param tokenTimeout of one request to a foreign token endpoint, from its start to the end of the answer
 * @param ioThreads 0: one per processor, at most 4
 */
@ConfigurationProperties("syncline.outbound")
record OutboundProperties(
        @DefaultValue("1000") int maxInFlight,
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("1048576") int maxAnswerBytes,
        @DefaultValue("15s") Duration idleTimeout,
        @DefaultValue("30s") Duration resolveAgainAfter,
        @DefaultValue("10s") Duration tokenTimeout,
        @DefaultValue("0") int ioThreads) {

    static OutboundProperties standard() {
        return new OutboundProperties(
                1000,
                Duration.ofSeconds(3),
                1_048_576,
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                0);
    }

    int ioThreadCount() {
        return ioThreads > 0
                ? ioThreads
                : Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    }
}
