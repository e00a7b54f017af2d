package io.syncline.scheduler.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param longestWait of a request for a thread of this node; one that has waited longer is told to come back; 10 ms to 10 s */
@ConfigurationProperties("syncline.requests")
record RequestProperties(@DefaultValue("1s") Duration longestWait) {

    RequestProperties {
        if (longestWait.toMillis() < 10 || longestWait.toMillis() > 10_000) {
            throw new IllegalArgumentException("syncline.requests.longest-wait is 10 ms to 10 s: " + longestWait);
        }
    }
}
